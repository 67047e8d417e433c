//! Problems as customers see them; their sentences are already in the language of the page.

use super::{
    button::ButtonLink,
    icon::{Icon, glyph},
    ways_on::{home, ways_on},
};
use crate::{
    page_request::PageRequest,
    problem::Problem,
    text::{Lang, frame::Frame},
};
use leptos::prelude::*;

/// Replaces a page's content: what happened, what to do next, and the request id.
#[component]
pub fn ProblemPanel(
    problem: Problem,
    /// The screen's sentence for its failure; without it the problem's sentence is the heading.
    #[prop(optional, into)]
    title: Option<String>,
) -> impl IntoView {
    let page = use_context::<PageRequest>();
    let words = Frame::of(page.as_ref().map(|page| page.lang).unwrap_or_default());
    let signed_in = page.as_ref().is_some_and(|page| page.user.is_some());
    let detail = problem.detail().to_owned();
    // The banner of the refused form above already shows this problem and its request id.
    let refused = page.as_ref().and_then(|page| page.refused.as_ref());
    let said =
        title.is_some() && refused.is_some_and(|refused| refused.problem.code() == problem.code());
    let (heading, detail) = match title {
        Some(title) => (title, (!said).then_some(detail)),
        None => (detail, None),
    };
    let ways = ways_on(problem.code()).into_iter().map(|way| {
        view! { <ButtonLink href=way.href label=way.label look=way.look glyph=way.glyph/> }
    });
    let ways = ways.collect_view();
    let reasons = problem.reasons().into_iter().filter(|_| !said);
    let reasons = reasons.map(|text| view! { <p>{text}</p> });
    let reasons = reasons.collect_view();
    let home =
        signed_in.then(|| view! { <ButtonLink href=home(problem.code()) label=words.to_main/> });
    view! {
        <section class="problem-panel" role="alert">
            <Icon glyph=glyph::CIRCLE_ALERT/>
            <h2>{heading}</h2>
            {detail.map(|detail| view! { <p>{detail}</p> })}
            {reasons}
            <div class="actions">{ways} {home}</div>
            {(!said).then(|| id_of(problem, page))}
        </section>
    }
    .into_any()
}

/// A banner above a form whose post failed; it takes the focus, so that it is read first.
#[component]
pub fn ProblemBanner(problem: Problem, children: Children) -> impl IntoView {
    let page = use_context::<PageRequest>();
    let detail = problem.detail().to_owned();
    view! {
        <div class="problem-banner tone-bad" role="alert" tabindex="-1" autofocus>
            <Icon glyph=glyph::CIRCLE_ALERT/>
            <div>
                <p>{detail}</p>
                {children()}
                {id_of(problem, page)}
            </div>
        </div>
    }
    .into_any()
}

/// A part of a page that could not be loaded; the rest of the page stays.
#[component]
pub fn ProblemNote(problem: Problem) -> impl IntoView {
    let page = use_context::<PageRequest>();
    let detail = problem.detail().to_owned();
    let ways = ways_on(problem.code()).into_iter();
    let ways = ways
        .map(|way| view! { <a href=way.href>{way.label}</a> })
        .collect_view();
    view! {
        <div class="problem-note">
            <p><Icon glyph=glyph::CIRCLE_ALERT/> {detail}</p>
            {ways}
            {id_of(problem, page)}
        </div>
    }
    .into_any()
}

/// The id of the request that failed, or else of the one for this page.
fn id_of(problem: Problem, page: Option<PageRequest>) -> impl IntoView {
    let lang = page.as_ref().map(|page| page.lang).unwrap_or_default();
    let id = if problem.trace_id.is_empty() {
        page.map(|page| page.request_id).unwrap_or_default()
    } else {
        problem.trace_id
    };
    view! { <RequestId lang id/> }
}

/// The number to quote to customer support.
#[component]
pub fn RequestId(lang: Lang, id: String) -> impl IntoView {
    view! {
        <p class="request-id">{Frame::of(lang).request_id} " " <code>{id}</code></p>
    }
    .into_any()
}
