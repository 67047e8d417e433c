//! SCR-002 in English.

use crate::text::main::Main;

pub const EN: Main = Main {
    title: "Home",
    greeting: |name| format!("Hello, {name}"),
    lines: "Lines",
    this_month: "This month’s bill",
    details: "See details",
    no_bill_yet: "There is no bill for this month yet.",
    other_months: "See another month",
    overdue: |month| format!("The bill for {month} is overdue."),
    current_product: "Current plan",
    monthly_fee: "Monthly fee",
    services: "Services",
    bill_text: "See each month’s bill, your usage and what changed since last month.",
    product_text: "Compare fees first, then move to the plan that suits you.",
    more: "More",
    no_service: "You don’t have permission to use this service",
    no_service_text: "There is no service you can use right now. To start using one, please contact customer service.",
};
