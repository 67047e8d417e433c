//! What is said of a plan, in English.

use crate::{model::LineStatus, text::product_plan::ProductPlan};

pub const EN: ProductPlan = ProductPlan {
    line: "Line",
    choose_line: "Choose a line",
    current: "Your current plan",
    monthly: "Monthly",
    fee: "Monthly fee",
    data: "Data",
    voice: "Calls",
    sms: "Texts",
    network: "Network",
    benefits: "Benefits",
    fees_alone: "Monthly fees compared, without discounts and overage charges.",
    uses_more: |month, used, allowance| {
        format!("Data used in {month}: {used} · included in the new plan: {allowance}")
    },
    line_status: |status| match status {
        LineStatus::Active => "In use",
        LineStatus::Suspended => "Suspended",
        LineStatus::Terminated => "Terminated",
    },
    none_available: "There is no plan you can change to right now.",
};
