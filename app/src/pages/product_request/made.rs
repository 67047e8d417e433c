//! A visit whose change has been made already: the way back leads to it again.

use crate::{
    api,
    components::load::load_part,
    model::LineId,
    problem::{Problem, ProblemCode},
    product_links,
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::Redirect;

/// Leads to the result of the change that the key began. Where it began none, or nobody knows, shows
/// the visit, which is told whether it is certain that there is none.
pub(super) fn unless_made<V: IntoView + 'static>(
    key: String,
    line: Option<LineId>,
    visit: impl FnOnce(bool) -> V + Send + 'static,
) -> impl IntoView {
    let made = async { Ok(api::product::made_with(key).await) };
    load_part(made, move |made: Result<_, Problem>| match made {
        Ok(Some(id)) => {
            let path = product_links::result(&id, line.as_ref());
            Either::Left(view! { <Redirect path/> })
        }
        made => Either::Right(visit(made.is_ok())),
    })
}

/// Whether a form that was refused with that code has ordered nothing, and the line is on the plan it
/// was on. `none_made`: its key began no change.
pub(super) fn nothing_ordered(code: ProblemCode, none_made: bool) -> bool {
    match code {
        ProblemCode::ValidationFailed
        | ProblemCode::LineNotFound
        | ProblemCode::LineInactive
        | ProblemCode::PrecheckFailed => true,
        // Before a change is begun, or after.
        ProblemCode::KosBadAnswer
        | ProblemCode::KosUnavailable
        | ProblemCode::KosTimeout
        | ProblemCode::Unavailable => none_made,
        _ => false,
    }
}
