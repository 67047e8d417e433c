//! The change history in English.

use crate::{model::ChangeStatus, text::product_history::ProductHistory};

pub const EN: ProductHistory = ProductHistory {
    title: "Plan change history",
    failure: "Your change history could not be loaded",
    status: |status| match status {
        ChangeStatus::Pending => "Being confirmed",
        ChangeStatus::Completed => "Completed",
        ChangeStatus::Failed => "Failed",
    },
    late: "Please check",
    requested_at: "Requested",
    effective_date: "Effective",
    details: "Details",
    empty: "You have not changed plans yet",
    empty_hint: "When you change plans, the request and its result are kept here.",
    start: "Change plan",
};
