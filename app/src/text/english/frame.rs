//! The frame in English.

use super::won;
use crate::text::frame::{Compared, Frame};

pub const EN: Frame = Frame {
    service: "Phone Bill",
    tagline: "Your phone bill at a glance",
    description: "See what this month costs and why, and move safely to the plan that suits you.",
    skip_to_content: "Skip to content",
    menu: "Service menu",
    trail: "You are here",
    back: "Back",
    home: "Home",
    logout: "Log out",
    bill: "View bill",
    bill_history: "Lookup history",
    product: "Change plan",
    product_history: "Change history",
    sessions: "Devices",
    help_title: "Need help?",
    help_phone: "1588-0000",
    help_hours: "Weekdays 09:00–18:00 (closed on weekends and public holidays)",
    to_main: "Home",
    to_login: "Log in",
    retry: "Try again",
    other_month: "View another month",
    see_plan: "Check your current plan",
    see_line: |number| format!("View line {number}"),
    request_id: "Request ID",
    waiting: "Loading",
    absent: "Not provided by the carrier",
    unknown: "No information",
    unlimited: "Unlimited",
    previous_month: Compared {
        more: |amount| format!("{} more than last month", won(amount)),
        less: |amount| format!("{} less than last month", won(amount)),
        same: "Same as last month",
    },
    current_plan: Compared {
        more: |amount| format!("{} more a month", won(amount)),
        less: |amount| format!("{} less a month", won(amount)),
        same: "Same fee",
    },
    all_lines: "All lines",
    history_pages: "Pages of the history",
    next_page: "Show earlier entries",
    first_page: "Back to the latest",
};
