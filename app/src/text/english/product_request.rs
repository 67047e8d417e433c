//! SCR-007 in English.

use super::counted;
use crate::{model::CheckType, text::product_request::ProductRequest};

pub const EN: ProductRequest = ProductRequest {
    title: "Request a plan change",
    failure: "The details of this change could not be loaded",
    change: "Review your change",
    from: "Current plan",
    to: "New plan",
    difference: "Compared with your plan",
    unknown_target: "This plan is not on the list of plans you can change to.",
    nothing_chosen: "Please choose a plan.",
    choose_first: "Compare the plans on the list with yours and choose one.",
    same_product: "You are already on this plan. Please choose another one.",
    to_choice: "Choose another plan",
    to_result: "See the change in progress",
    open_change: "We are still confirming the result of a change on this line.",
    not_ordered: "No plan change was requested. This request changed nothing.",
    none_seen: "No change made by this request can be seen yet. If you request it again here, it counts as the same request.",
    notices_title: "Important",
    penalty: |months_left| match months_left {
        Some(months) => {
            let left = counted(months, "month", "months");
            format!("Your contract has {left} left, so an early termination charge may apply")
        }
        None => "An early termination charge may apply if your contract has time left".to_owned(),
    },
    notices: &[
        "The carrier sets the date on which the new plan takes effect; the result shows it if the carrier gives one",
        "Extra services may be cancelled; sign up for them again if you need them",
        "Unused data does not carry over to the new plan",
    ],
    checks: "Pre-check",
    check_name: |check| match check {
        CheckType::ProductOnSale => "Plan is on sale",
        CheckType::OperatorMatch => "Plan is from your operator",
        CheckType::LineInUse => "Line is in use",
    },
    remedy: |check| match check {
        CheckType::ProductOnSale | CheckType::OperatorMatch => "Please choose another plan.",
        CheckType::LineInUse => "To use this line again, please contact customer service.",
    },
    waiting: "Not checked yet.",
    running: "Checking.",
    progress: |done| format!("{done} of 3 checked"),
    before_start: "We check three things before you request the change.",
    start: "Start the pre-check",
    passed: "The plan passed the pre-check",
    failed: "The plan did not pass the pre-check",
    unclear: "Some checks could not be made. Please check again.",
    proceeding: "The plan change is under way",
    retry: "Check again",
    reload: "Reload the page",
    not_before: |sentence, seconds| match seconds {
        1 => format!("{sentence} (in 1 second)"),
        seconds => format!("{sentence} (in {seconds} seconds)"),
    },
    request_id: |id| format!("Request ID {id}"),
    confirm: "Request this change",
    confirming: "Requesting the change…",
    not_yet: "You can request the change once all three checks have passed.",
    previous: "Back",
};
