//! SCR-005 in English.

use super::counted;
use crate::text::product_menu::ProductMenu;

pub const EN: ProductMenu = ProductMenu {
    title: "Change plan",
    failure: "The plan change menu could not be loaded",
    line_card: "Your line",
    customer_id: "Customer ID",
    line_status: "Line status",
    not_in_use: "This line is not in use, so its plan can’t be changed now. Please contact customer service.",
    available: |count| counted(count, "plan you can change to", "plans you can change to"),
    none_hint: "When a new plan goes on sale, you can choose it here.",
    notices_title: "Before you change",
    notices: &[
        "The carrier sets the date on which the new plan takes effect; the result shows it if the carrier gives one",
        "An early termination charge may apply under your contract",
        "You can’t switch back to the previous plan right away",
        "You may have to sign up for extra services again",
    ],
    start: "Choose a plan",
    cancel: "Cancel",
};
