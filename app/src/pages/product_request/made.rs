//! A visit whose key has already been used, for example after the back button.

use crate::{
    api,
    components::load::load_part,
    model::{KeyUse, LineId},
    problem::{Problem, ProblemCode},
    product_links,
    text::product_request::ProductRequest as Words,
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::Redirect;

/// Redirects to the result of the change that the key has started, or to the visit with a `new_key`
/// if the key was refused, since it would be refused again the same way; `None` where a redirect
/// would lose a message. Otherwise shows the visit; its argument is whether the key has certainly
/// started no change.
pub(super) fn unless_used<V: IntoView + 'static>(
    key: String,
    line: Option<LineId>,
    new_key: Option<String>,
    visit: impl FnOnce(bool) -> V + Send + 'static,
) -> impl IntoView {
    let used = async { Ok(api::product::use_of_key(key).await) };
    load_part(used, move |used: Result<_, Problem>| {
        let path = match &used {
            Ok(KeyUse::Change(id)) => Some(product_links::result(id, line.as_ref())),
            Ok(KeyUse::Refused) => new_key,
            _ => None,
        };
        match path {
            Some(path) => Either::Left(view! { <Redirect path/> }),
            None => Either::Right(visit(used.is_ok())),
        }
    })
}

/// What is certain after a post refused with that code, if anything. `none_made`: its key has started
/// no change so far; another post of it may still be at its checks.
pub(super) fn certain(
    words: &'static Words,
    code: ProblemCode,
    none_made: bool,
) -> Option<&'static str> {
    match code {
        // The key's answer, now and later.
        ProblemCode::ValidationFailed | ProblemCode::PrecheckFailed => Some(words.not_ordered),
        // These occur before a change starts, and some of them after it was sent.
        ProblemCode::KosBadAnswer
        | ProblemCode::KosUnavailable
        | ProblemCode::KosTimeout
        | ProblemCode::Unavailable => none_made.then_some(words.none_seen),
        _ => None,
    }
}
