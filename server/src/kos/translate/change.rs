//! Changes.

use super::{date, named, product_code, same_line};
use crate::kos::{
    ChangeLookup, Failure, KosChange, KosError, Refusal,
    envelope::bad,
    wire::{ChangeData, ChangeInfo, Text},
};
use app::model::{LineNumber, ProductCode, ProductName, RejectReason};

/// States in which a change has been taken but is not applied yet.
const UNDER_WAY: [&str; 6] = [
    "PENDING",
    "PROCESSING",
    "IN_PROGRESS",
    "REQUESTED",
    "ACCEPTED",
    "SCHEDULED",
];
/// States of a change that was not applied.
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
            // In a record it is the outcome; in the answer to the change itself it would contradict the
            // success around it.
            if is_one_of(&DENIED, &info) {
                return Ok(ChangeLookup::Refused(RejectReason::Refused));
            }
            applied(info).map(ChangeLookup::Applied)
        }
        Err(KosError::Refused(Refusal::ChangeNotFound)) => Ok(ChangeLookup::NotFound),
        // The question was refused, not the change.
        Err(error @ KosError::Refused(Refusal::Malformed)) => Err(error),
        Err(KosError::Refused(refusal)) => Ok(ChangeLookup::Refused(refusal.reject_reason())),
        Err(error) => Err(error),
    }
}

fn is_one_of(states: &[&str], info: &ChangeInfo) -> bool {
    let told = info.change_status.0.as_deref().unwrap_or_default();
    states.iter().any(|state| told.eq_ignore_ascii_case(state))
}

fn applied(info: ChangeInfo) -> Result<KosChange, KosError> {
    if is_one_of(&UNDER_WAY, &info) {
        return Err(KosError::Failed(Failure::NotFinished));
    }
    if is_one_of(&DENIED, &info) {
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

#[cfg(test)]
mod tests {
    use super::{DENIED, lookup};
    use crate::kos::{
        ChangeLookup, KosError,
        wire::{ChangeData, ChangeInfo, Text},
    };
    use app::model::RejectReason;

    fn recorded(state: &str) -> Result<ChangeLookup, KosError> {
        let text = |text: &str| Text(Some(text.to_owned()));
        let data = ChangeData {
            request_id: text("req-0001"),
            change_info: Some(ChangeInfo {
                change_status: text(state),
                ..ChangeInfo::default()
            }),
        };
        lookup(Ok(data), "req-0001")
    }

    #[test]
    fn a_record_of_a_failure_is_a_refusal_and_ends_the_change() {
        for state in DENIED.into_iter().chain(["failed"]) {
            let refused = ChangeLookup::Refused(RejectReason::Refused);
            assert_eq!(recorded(state).unwrap(), refused, "{state}");
        }
        assert!(matches!(
            recorded("COMPLETED"),
            Ok(ChangeLookup::Applied(_))
        ));
        assert!(matches!(recorded("PROCESSING"), Err(KosError::Failed(_))));
    }
}
