//! SCR-008 in English.

use crate::{model::RejectReason, text::product_result::ProductResult};

pub const EN: ProductResult = ProductResult {
    title: "Result",
    failure: "The result could not be loaded",
    completed: "Your plan change is complete",
    completed_text: "The change to the plan you chose went through.",
    failed: "The plan change failed",
    failed_text: "This request changed nothing. See below what you can do.",
    late: "It seems to have gone through later",
    late_text: "After we told you that it failed, the carrier seems to have made the change. See below what you can do.",
    late_reason: "A different result",
    late_remedies: &[
        "Please give the reference number to customer service.",
        "Please check your current plan again.",
    ],
    pending: "We are confirming the result",
    pending_text: "We have received your request and are checking whether it went through. There is no need to request it again.",
    details: "Details of the change",
    line: "Line",
    before: "Previous plan",
    after: "New plan",
    wanted: "Requested plan",
    when_requested: "Plan when you requested",
    effective_date: "Effective date",
    effective_unknown: "Confirmed as changed. The carrier gave no date.",
    request_number: "Reference number",
    order_number: "Carrier order number",
    requested_at: "Requested",
    processed_at: "Processed",
    receipt: "Receipt number",
    receipt_hint: "The number of this result in the sealed record of the line’s changes, and the first characters of its seal. If anyone alters or deletes the record, this number no longer matches, so please keep it.",
    steps: "Progress",
    step_checked: "The plan passed the pre-check",
    step_proceeding: "The plan change is under way",
    reason: "Why it failed",
    what_to_do: "What you can do",
    remedies: |reason| match reason {
        RejectReason::LineNotFound => &[
            "Check whether the line has moved to another operator or its number has changed.",
            "If the number is right, give the reference number to customer service.",
        ],
        RejectReason::LineNotActive => &[
            "If the line is suspended, have the suspension lifted.",
            "Once the line is in use again, you can request the same plan.",
        ],
        RejectReason::ProductNotFound
        | RejectReason::ProductNotOnSale
        | RejectReason::OperatorMismatch => &[
            "The plan is no longer sold or is not available on this line.",
            "Please choose another plan that is on sale.",
        ],
        RejectReason::CurrentProductChanged => &[
            "Please check your current plan again.",
            "You can then choose again and request the change.",
        ],
        RejectReason::NotApplied => &[
            "As far as we could confirm, the carrier has not applied this request. Please look at your current plan before requesting again.",
            "If it keeps failing, give the reference number to customer service.",
        ],
        RejectReason::Refused => &[
            "Check whether you have a contract or an unpaid bill.",
            "If the reason is unclear, give the reference number to customer service.",
        ],
    },
    help: "Call customer service",
    to_main: "Home",
    to_bill: "View bill",
    to_history: "Change history",
    retry: "Try again",
    choose_again: "Choose another plan",
    print: "Print",
    check_now: "Check now",
    checking: "This page updates itself when the result is in.",
    still_checking: "This is taking longer than usual. You can close this page; the result will be in your change history.",
    no_answer: "The connection was lost. We are checking again.",
    not_told: "The result could not be checked just now. We will check again shortly.",
    no_longer_asking: "This page has stopped checking. You can check now, or find the result in your change history.",
    known: "The result is in. Updating the page.",
};
