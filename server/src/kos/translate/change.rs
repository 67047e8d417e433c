//! Changes.

use super::{date, named, product_code, same_line};
use crate::kos::{
    ChangeLookup, Failure, KosChange, KosError, Refusal,
    envelope::bad,
    wire::{ChangeData, ChangeInfo, Text},
};
use app::model::{LineNumber, ProductCode, ProductName};

/// States in which a change has been taken but is not applied yet.
const UNDER_WAY: [&str; 6] = [
    "PENDING",
    "PROCESSING",
    "IN_PROGRESS",
    "REQUESTED",
    "ACCEPTED",
    "SCHEDULED",
];
/// States that deny the success they come with.
const DENIED: [&str; 4] = ["FAILED", "FAILURE", "REJECTED", "CANCELLED"];

/// The change of that line to that plan.
///
/// # Errors
/// [`KosError::BadAnswer`] when it is not clearly that change; [`Failure::NotFinished`].
pub(in crate::kos) fn change(
    data: ChangeData,
    line: &LineNumber,
    to: &ProductCode,
) -> Result<KosChange, KosError> {
    let info = data
        .change_info
        .ok_or_else(|| bad("changeInfo is missing"))?;
    same_line(&info.line_number, line)?;
    let change = applied(info)?;
    match &change.new_product {
        Some(new) if new.code != *to => Err(bad("the change is to another product")),
        _ => Ok(change),
    }
}

/// What KOS recorded under that request id.
///
/// # Errors
/// As [`change`], and whatever the call itself ended with.
pub(in crate::kos) fn lookup(
    answer: Result<ChangeData, KosError>,
    request_id: &str,
) -> Result<ChangeLookup, KosError> {
    match answer {
        Ok(data)
            if data
                .request_id
                .0
                .as_deref()
                .is_some_and(|id| id != request_id) =>
        {
            Err(bad("the change is another one"))
        }
        Ok(data) => {
            let info = data
                .change_info
                .ok_or_else(|| bad("changeInfo is missing"))?;
            applied(info).map(ChangeLookup::Applied)
        }
        Err(KosError::Refused(Refusal::ChangeNotFound)) => Ok(ChangeLookup::NotFound),
        // The question was refused, not the change.
        Err(error @ KosError::Refused(Refusal::Malformed)) => Err(error),
        Err(KosError::Refused(refusal)) => Ok(ChangeLookup::Refused(refusal.reject_reason())),
        Err(error) => Err(error),
    }
}

fn applied(info: ChangeInfo) -> Result<KosChange, KosError> {
    let is_one_of = |states: &[&str]| {
        let told = info.change_status.0.as_deref().unwrap_or_default();
        states.iter().any(|state| told.eq_ignore_ascii_case(state))
    };
    if is_one_of(&UNDER_WAY) {
        return Err(KosError::Failed(Failure::NotFinished));
    }
    if is_one_of(&DENIED) {
        return Err(bad("changeStatus denies the success"));
    }
    Ok(KosChange {
        new_product: product(&info.new_product_code, info.new_product_name),
        effective_date: date(&info.effective_date),
        kos_order_number: info.kos_order_number.0,
    })
}

fn product(code: &Text, name: Text) -> Option<ProductName> {
    let code = product_code(code, "changeInfo").ok()?;
    Some(named(code, name))
}
