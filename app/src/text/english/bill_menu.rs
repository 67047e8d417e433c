//! SCR-003 in English.

use crate::text::bill_menu::BillMenuWords;

pub const EN: BillMenuWords = BillMenuWords {
    title: "View bill",
    failure: "The bill menu could not be loaded",
    line: "Line",
    month: "Month",
    month_hint: "You can view the last 6 months. The current month is selected.",
    current: "Current month",
    submit: "View bill",
    cancel: "Cancel",
    notices_title: "What you will see",
    notices: &[
        "Charges and discounts of the month",
        "Calls, data and texts used",
        "Your contract and the estimated cost of leaving",
        "Device installments and payment details",
    ],
};
