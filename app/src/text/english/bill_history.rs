//! The inquiry history in English.

use crate::{
    model::{InquiryStatus, Source},
    text::bill_history::BillHistory,
};

pub const EN: BillHistory = BillHistory {
    title: "Lookup history",
    failure: "Your lookup history could not be loaded",
    intro: "Each time you looked up a bill, most recent first.",
    line: "Line",
    requested_at: "Requested",
    processed_at: "Answered",
    result: "Result",
    delivered_at: "Sent to your operator",
    not_delivered: "Waiting to be sent",
    status: |status| match status {
        InquiryStatus::Completed => "Done",
        InquiryStatus::Failed => "Failed",
    },
    source: |source| match source {
        Source::Kos => "Straight from the carrier",
        Source::Cache => "From a saved answer",
        Source::Stale => "From the last answer we received",
    },
    again: "View this bill",
    retry: "Look it up again",
    empty: "No lookups yet",
    empty_text: "When you look up a bill, the time and the month are kept here.",
    unknown_line: "A line you no longer have",
};
