//! The checks as the server made them, and the form that asks for the change.

use crate::{
    components::{
        button::{ActionBar, ButtonLink, Look, SubmitButton},
        icon::glyph,
        problem::ProblemNote,
    },
    islands::{
        check_steps::{Outcome, Step},
        live_checks::CheckLine,
    },
    model::{CheckType, PreCheck},
    problem::Problem,
    text::{Lang, product_request::ProductRequest as Words},
};
use leptos::{either::Either, prelude::*};

/// What the form carries.
#[derive(Clone)]
pub(super) struct Fields {
    pub line: String,
    pub from: String,
    pub to: String,
    pub key: String,
}

#[component]
pub(super) fn Hidden(fields: Fields) -> impl IntoView {
    view! {
        <input type="hidden" name="lineId" value=fields.line/>
        <input type="hidden" name="currentProductCode" value=fields.from/>
        <input type="hidden" name="targetProductCode" value=fields.to/>
        <input type="hidden" name="idempotencyKey" value=fields.key/>
    }
    .into_any()
}

/// The checks as the server made them, and the form where all have passed.
#[component]
pub(super) fn MadeChecks(
    lang: Lang,
    fields: Fields,
    /// Where another plan is chosen.
    choose: String,
    /// This page, whose checks are made anew each time.
    again: String,
    result: Result<PreCheck, Problem>,
) -> impl IntoView {
    let words = Words::of(lang);
    let checks = match result {
        Ok(checks) => checks.checks,
        Err(problem) => {
            return Either::Left(view! {
                <div class="live-checks">
                    <ProblemNote problem/>
                    <ActionBar>
                        <ButtonLink href=choose label=words.previous/>
                    </ActionBar>
                </div>
            });
        }
    };
    let steps: Vec<Step> = checks.iter().cloned().map(Step::Done).collect();
    let outcome = Outcome::of(&steps);
    let lines = checks
        .into_iter()
        .map(|result| {
            let check = result.check;
            view! { <CheckLine check step=RwSignal::new(Step::Done(result))/> }
        })
        .collect_view();
    let next = if outcome == Outcome::Passed {
        Either::Left(view! {
            <Hidden fields/>
            <SubmitButton label=words.confirm look=Look::Primary/>
        })
    } else {
        Either::Right(view! {
            <ButtonLink href=again label=words.retry look=Look::Primary glyph=glyph::REFRESH_CW/>
        })
    };
    Either::Right(view! {
        // To the visit's own address, as the form that checks by itself.
        <form class="live-checks" method="post">
            <div class=outcome.class()>
                <p role="status">{outcome.sentence(words)}</p>
                <p class="check-count">{(words.progress)(CheckType::ALL.len())}</p>
            </div>
            <ul class="checks">{lines}</ul>
            <ActionBar>
                <ButtonLink href=choose label=words.previous/>
                {next}
            </ActionBar>
        </form>
    })
}
