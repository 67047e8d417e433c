//! The list of signed-in devices in English.

use crate::text::sessions::Sessions;

pub const EN: Sessions = Sessions {
    title: "Devices",
    failure: "Your devices could not be loaded",
    intro: "These devices are logged in now. If you don’t recognise one, log it out right away and tell customer service.",
    current: "This device",
    signed_in: "Logged in",
    last_seen: "Last used",
    end: "Log out",
    end_of: |device, begun| format!("Log out {device} (logged in {begun})"),
    end_others: "Log out all other devices",
    end_current: "Log out on this device",
    ended: "The device you selected is logged out.",
    others_ended: "All other devices are logged out.",
    unknown_device: "Unknown device",
    empty: "No device is logged in",
    empty_text: "Log in again and this device will appear here.",
};
