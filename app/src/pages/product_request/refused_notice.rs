//! The notice about the last post, if it was refused.

use super::made::certain;
use crate::{
    components::problem::ProblemBanner,
    model::LineId,
    page_request::Refused,
    product_links,
    text::{Lang, product_request::ProductRequest as Words},
};
use leptos::prelude::*;

/// The problem of the last post, its reasons, and the link to a change that is running.
#[component]
pub(super) fn RefusedNotice(
    lang: Lang,
    refused: Refused,
    line: Option<LineId>,
    /// The key of the visit has started no change.
    none_made: bool,
) -> impl IntoView {
    let words = Words::of(lang);
    let certain = certain(words, refused.problem.code(), none_made);
    let certain = certain.map(|sentence| view! { <p>{sentence}</p> });
    let reasons = refused.problem.reasons();
    let reasons = reasons.into_iter().map(|text| view! { <li>{text}</li> });
    let reasons = reasons.collect_view();
    let running =
        refused.problem.request_id.as_ref().map(
            |id| view! { <a href=product_links::result(id, line.as_ref())>{words.to_result}</a> },
        );
    view! {
        <ProblemBanner problem=refused.problem>
            <ul>{reasons}</ul>
            {certain}
            {running}
        </ProblemBanner>
    }
    .into_any()
}
