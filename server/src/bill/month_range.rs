//! The months that may be asked for.

use app::{
    model::BillingMonth,
    problem::{FieldCode, FieldProblem},
};

/// The month meant: the current one unless named.
///
/// # Errors
/// A month still to come, or one before the [`BillingMonth::SELECTABLE`] newest.
pub fn resolve(
    asked: Option<BillingMonth>,
    current: BillingMonth,
) -> Result<BillingMonth, FieldProblem> {
    let Some(month) = asked else {
        return Ok(current);
    };
    if month > current {
        return Err(FieldProblem::new("month", FieldCode::MonthInFuture));
    }
    if !current.selectable().contains(&month) {
        return Err(FieldProblem::new("month", FieldCode::MonthTooOld));
    }
    Ok(month)
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use app::problem::FieldCode;

    #[test]
    fn the_current_month_and_five_earlier_are_open() {
        let current = "2026-03".parse().unwrap();
        let table = [
            (None, Ok("2026-03")),
            (Some("2026-03"), Ok("2026-03")),
            (Some("2025-12"), Ok("2025-12")),
            (Some("2025-10"), Ok("2025-10")),
            (Some("2025-09"), Err(FieldCode::MonthTooOld)),
            (Some("1000-01"), Err(FieldCode::MonthTooOld)),
            (Some("2026-04"), Err(FieldCode::MonthInFuture)),
            (Some("9999-12"), Err(FieldCode::MonthInFuture)),
        ];
        for (asked, expected) in table {
            let resolved = resolve(asked.map(|month| month.parse().unwrap()), current);
            let expected = expected.map(|month| month.parse().unwrap());
            assert_eq!(
                resolved.map_err(|field| field.code()),
                expected,
                "{asked:?}"
            );
        }
    }
}
