//! Why a change failed, what helps, and the way on.

use crate::{
    components::{
        button::{ButtonLink, Look},
        icon::glyph,
    },
    model::{Change, ChangeFailure, RejectReason},
    plan_filter::PlanFilter,
    product_links,
    text::{Lang, frame::Frame, product_result::ProductResult as Words},
};
use leptos::prelude::*;

/// The link after a failure: the same plan again, or another plan if a retry cannot help.
pub(super) fn try_again(words: &'static Words, change: &Change) -> impl IntoView + use<> {
    let choose = || product_links::change(&change.line_id, &PlanFilter::default(), None);
    let same = || {
        let (from, to) = (&change.from.code, &change.to.code);
        product_links::request(Some(&change.line_id), Some(from), to, None, false)
    };
    let (href, label) = match change.failure.as_ref().map(|failure| failure.code) {
        Some(
            RejectReason::ProductNotFound
            | RejectReason::ProductNotOnSale
            | RejectReason::OperatorMismatch
            | RejectReason::CurrentProductChanged,
        ) => (choose(), words.choose_again),
        _ => (same(), words.retry),
    };
    view! { <ButtonLink href label look=Look::Primary/> }
}

#[component]
pub(super) fn Remedies(
    lang: Lang,
    title: &'static str,
    failure: ChangeFailure,
    remedies: &'static [&'static str],
) -> impl IntoView {
    let words = Words::of(lang);
    let remedies = remedies
        .iter()
        .map(|remedy| view! { <li>{*remedy}</li> })
        .collect_view();
    view! {
        <section class="card">
            <h2 class="card-title">{title}</h2>
            <p class="reason">{failure.message}</p>
            <h3>{words.what_to_do}</h3>
            <ol class="remedies">{remedies}</ol>
            <div class="actions">
                <ButtonLink
                    href=Frame::of(lang).help_link()
                    label=words.help
                    glyph=glyph::PHONE
                />
            </div>
        </section>
    }
    .into_any()
}
