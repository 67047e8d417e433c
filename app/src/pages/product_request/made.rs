//! A visit whose change has already been requested, for example after the back button.

use crate::{
    api,
    components::load::load_part,
    model::LineId,
    problem::{Problem, ProblemCode},
    product_links,
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::Redirect;

/// Redirects to the result of the change that the key has started. If there is none or the lookup
/// fails, shows the visit; its argument is whether there is certainly none.
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

/// Whether a post refused with that code has certainly ordered nothing and left the plan as it was.
/// `none_made`: its key has started no change.
pub(super) fn nothing_ordered(code: ProblemCode, none_made: bool) -> bool {
    match code {
        ProblemCode::ValidationFailed
        | ProblemCode::LineNotFound
        | ProblemCode::LineInactive
        | ProblemCode::PrecheckFailed => true,
        // These occur before a change starts and after it was sent.
        ProblemCode::KosBadAnswer
        | ProblemCode::KosUnavailable
        | ProblemCode::KosTimeout
        | ProblemCode::Unavailable => none_made,
        _ => false,
    }
}
