//! The three checks of the story, from facts.

use crate::kos::CatalogueProduct;
use app::{
    model::{CheckResult, CheckType, LineStatus, PreCheck, Verdict},
    text::{self, Lang},
};

/// What KOS told about the line and about the plan it is to change to.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub line_status: LineStatus,
    pub line_operator: Option<&'a str>,
    /// `None`: the price list has no such plan.
    pub target: Option<&'a CatalogueProduct>,
}

/// What is known of two operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operators {
    Same,
    Different,
    /// KOS did not tell one of them.
    Unknown,
}

fn operators(line: Option<&str>, product: Option<&str>) -> Operators {
    match (line, product) {
        (Some(line), Some(product)) if line == product => Operators::Same,
        (Some(_), Some(_)) => Operators::Different,
        _ => Operators::Unknown,
    }
}

/// Whether a plan can be offered to a line: on sale, and not known to be another operator's.
pub fn can_be_offered(product: &CatalogueProduct, line_operator: Option<&str>) -> bool {
    product.on_sale
        && operators(line_operator, product.operator_code.as_deref()) != Operators::Different
}

/// One check.
///
/// The ruling on operators: a KOS that speaks only the base contract tells the operator of a line
/// but not of a plan. What is not known is no reason to refuse, so the check passes, in words that
/// claim nothing: KOS itself refuses another operator's plan (2005) before anything changes.
pub fn check(facts: &Facts<'_>, check: CheckType) -> CheckResult {
    let passes = |passes: bool| if passes { Verdict::Pass } else { Verdict::Fail };
    let result = match check {
        CheckType::ProductOnSale => passes(facts.target.is_some_and(|target| target.on_sale)),
        CheckType::LineInUse => passes(facts.line_status == LineStatus::Active),
        CheckType::OperatorMatch => {
            let product = facts
                .target
                .and_then(|target| target.operator_code.as_deref());
            match operators(facts.line_operator, product) {
                Operators::Same => Verdict::Pass,
                Operators::Different => Verdict::Fail,
                Operators::Unknown => {
                    return CheckResult {
                        check,
                        result: Verdict::Pass,
                        message: text::problem::OPERATOR_LEFT_TO_KOS.to_owned(),
                    };
                }
            }
        }
    };
    CheckResult {
        check,
        result,
        message: text::problem::check(Lang::default(), check, result).to_owned(),
    }
}

/// All three checks, in the order they are shown.
pub fn check_all(facts: &Facts<'_>) -> PreCheck {
    let checks: Vec<_> = CheckType::ALL
        .into_iter()
        .map(|one| check(facts, one))
        .collect();
    PreCheck {
        passed: checks.iter().all(|check| check.result == Verdict::Pass),
        checks,
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, can_be_offered, check_all};
    use crate::kos::CatalogueProduct;
    use app::{
        model::{Allowance, LineStatus, Product, Verdict, Won},
        text::problem::OPERATOR_LEFT_TO_KOS,
    };

    fn plan(on_sale: bool, operator: Option<&str>) -> CatalogueProduct {
        CatalogueProduct {
            product: Product {
                code: "5G-STANDARD-001".parse().unwrap(),
                name: "5G".into(),
                monthly_fee: Won(69_000),
                data_mb: Allowance::Unlimited,
                voice_minutes: Allowance::Unknown,
                sms_count: Allowance::Limited(100),
                network_type: "5G".into(),
                description: String::new(),
                benefits: Vec::new(),
            },
            on_sale,
            operator_code: operator.map(str::to_owned),
        }
    }

    #[test]
    fn each_check_fails_for_its_own_reason_only() {
        use LineStatus::{Active, Suspended, Terminated};
        use Verdict::{Fail, Pass};
        let (here, there, untold) = (
            plan(true, Some("OP1")),
            plan(true, Some("OP2")),
            plan(true, None),
        );
        let old = plan(false, Some("OP1"));
        for (target, line_operator, status, expected) in [
            (Some(&here), Some("OP1"), Active, [Pass, Pass, Pass]),
            (Some(&old), Some("OP1"), Active, [Fail, Pass, Pass]),
            (Some(&there), Some("OP1"), Active, [Pass, Fail, Pass]),
            (Some(&here), Some("OP1"), Suspended, [Pass, Pass, Fail]),
            (Some(&here), Some("OP1"), Terminated, [Pass, Pass, Fail]),
            (Some(&there), Some("OP1"), Suspended, [Pass, Fail, Fail]),
            (Some(&untold), Some("OP1"), Active, [Pass, Pass, Pass]),
            (Some(&here), None, Active, [Pass, Pass, Pass]),
            (None, Some("OP1"), Active, [Fail, Pass, Pass]),
        ] {
            let all = check_all(&Facts {
                line_status: status,
                line_operator,
                target,
            });
            let results: Vec<_> = all.checks.iter().map(|check| check.result).collect();
            assert_eq!(results, expected);
            assert_eq!(all.passed, expected == [Pass, Pass, Pass]);
            let known =
                line_operator.is_some() && target.is_some_and(|t| t.operator_code.is_some());
            assert_eq!(all.checks[1].message == OPERATOR_LEFT_TO_KOS, !known);
        }
    }

    #[test]
    fn only_what_could_pass_is_offered() {
        assert!(can_be_offered(&plan(true, Some("OP1")), Some("OP1")));
        assert!(can_be_offered(&plan(true, None), Some("OP1")));
        assert!(can_be_offered(&plan(true, Some("OP2")), None));
        assert!(!can_be_offered(&plan(true, Some("OP2")), Some("OP1")));
        assert!(!can_be_offered(&plan(false, Some("OP1")), Some("OP1")));
    }
}
