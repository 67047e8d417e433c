//! What the screen loads: the plans, an open change, the last bills and, without a script, the
//! checks.

use super::visit::Visit;
use crate::{
    api,
    model::{
        ChangeDraft, ChangeOptions, CheckResult, CheckType, PreCheck, RecentBills, RequestId,
        Verdict,
    },
    problem::{Problem, ProblemCode},
    text::{Lang, problem as problem_words},
};

/// Absent where the browser makes them.
pub(super) type Checks = Option<Result<PreCheck, Problem>>;

/// What the screen is about.
pub(super) struct Facts {
    pub options: ChangeOptions,
    /// A change of the line that is being confirmed; no other one can start until it ends.
    pub open: Option<RequestId>,
    pub checks: Checks,
    /// Empty for who may not see bills.
    pub recent: RecentBills,
}

/// Loads what the screen is about.
pub(super) async fn facts(visit: Visit) -> Result<Facts, Problem> {
    let (options, open, recent) = futures::join!(
        api::product::options(visit.line.clone()),
        api::product::open_change(visit.line.clone()),
        recent(&visit),
    );
    let (options, open) = (options.map_err(as_failed_check)?, open.ok().flatten());
    let current = &options.current_product.code;
    if visit.from.as_ref().is_some_and(|from| from != current) {
        return Err(Problem::of(ProblemCode::CurrentProductChanged));
    }
    let checks = if visit.checked && open.is_none() {
        let draft = ChangeDraft {
            line_id: options.line.line_id.clone(),
            current_product_code: current.clone(),
            target_product_code: visit.to,
        };
        Some(api::product::check(draft).await)
    } else {
        None
    };
    Ok(Facts {
        options,
        open,
        checks,
        recent,
    })
}

/// What the last bills say; that they are missing is no reason not to change.
async fn recent(visit: &Visit) -> RecentBills {
    if !visit.may_see_bills {
        return RecentBills::default();
    }
    let told = api::bill::recent(visit.line.clone()).await;
    told.unwrap_or_default()
}

/// KOS may return nothing else about a line that is not in use. Elsewhere that line cannot be looked
/// up; here its check fails.
fn as_failed_check(problem: Problem) -> Problem {
    if problem.code() != ProblemCode::LineInactive {
        return problem;
    }
    let (check, result) = (CheckType::LineInUse, Verdict::Fail);
    let message = problem_words::check(Lang::default(), check, result).to_owned();
    Problem::of(ProblemCode::PrecheckFailed)
        .with_checks(vec![CheckResult {
            check,
            result,
            message,
        }])
        .traced(&problem.trace_id)
}
