//! What the screen loads: the plans, an open change and, without a script, the checks.

use super::visit::Visit;
use crate::{
    api,
    model::{ChangeDraft, ChangeOptions, CheckResult, CheckType, PreCheck, RequestId, Verdict},
    problem::{Problem, ProblemCode},
    text::{Lang, problem as problem_words},
};

/// Absent where the browser makes them.
pub(super) type Checks = Option<Result<PreCheck, Problem>>;

/// The plans, the change of the line that is being confirmed, and the checks if the server is to make
/// them.
pub(super) async fn facts(
    visit: Visit,
) -> Result<(ChangeOptions, Option<RequestId>, Checks), Problem> {
    let (options, open) = futures::join!(
        api::product::options(visit.line.clone()),
        api::product::open_change(visit.line),
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
    Ok((options, open, checks))
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
