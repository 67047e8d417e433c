//! SCR-008: the result of a change, or that it is being confirmed.
//!
//! - this file: the screen and its outcomes
//! - `after_failure`: why it failed and what helps
//! - `details`: what was asked for, and what came of it

mod after_failure;
mod details;

use after_failure::{Remedies, try_again};
use details::Details;

use crate::{
    api, bill_links,
    components::{
        badge::Tone,
        button::{ActionBar, ButtonLink, Look},
        change_steps::ChangeSteps,
        icon::{Glyph, Icon, glyph},
        layout::{Crumb, Screen},
        load::load,
    },
    islands::{change_progress::ChangeProgress, print_button::PrintButton},
    links::of_line,
    model::{Change, ChangeStatus, RequestId, Won},
    page_request::{PageRequest, with_page},
    problem::Problem,
    product_links,
    text::{Lang, frame::Frame, product_menu, product_result::ProductResult as Words},
};
use leptos::{
    either::{Either, EitherOf4},
    prelude::*,
};
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

/// The page.
#[component]
pub fn ProductResult() -> impl IntoView {
    with_page(screen)
}

fn screen(page: PageRequest) -> impl IntoView {
    let lang = page.lang;
    let words = Words::of(lang);
    let query = use_query_map().get_untracked();
    let Some(request) = query.get("request").map(RequestId) else {
        let path = product_links::history(page.line_to_keep().as_ref(), None);
        return Either::Left(view! { <Redirect path/> });
    };
    let trail = vec![Crumb::new(
        product_menu::ProductMenu::of(lang).title,
        product_links::menu(page.line_to_keep().as_ref()),
    )];
    let may_see_bills = page.may(crate::model::Permission::BillInquiry);
    let since = page.moment.watched_since.clone();
    let result = load(words.failure, facts(request), move |(change, fee)| {
        let watched = change.requested_at >= since;
        view! { <Outcome lang change fee watched may_see_bills/> }
    });
    Either::Right(view! { <Screen page title=words.title trail=Some(trail)>{result}</Screen> })
}

/// The change, and the fee of the new plan if it is in use and KOS answers soon.
async fn facts(request: RequestId) -> Result<(Change, Option<Won>), Problem> {
    let change = api::product::status(request).await?;
    let fee = if change.status == ChangeStatus::Completed {
        let asked = api::product::fee(change.line_id.clone(), change.to.code.clone());
        asked.await.ok().flatten()
    } else {
        None
    };
    Ok((change, fee))
}

#[component]
fn Outcome(
    lang: Lang,
    change: Change,
    fee: Option<Won>,
    /// While it is pending, the page asks by itself how it has ended.
    watched: bool,
    may_see_bills: bool,
) -> impl IntoView {
    let words = Words::of(lang);
    let status = change.status;
    let details = view! { <Details lang change=change.clone() fee/> };
    let line = change.line_id.clone();
    let to_main = of_line("/main", Some(&line));
    let main = |look| view! { <ButtonLink href=to_main label=words.to_main look/> };
    match status {
        ChangeStatus::Completed => {
            let bill = may_see_bills.then(|| {
                let href = bill_links::menu(Some(&line));
                view! { <ButtonLink href label=words.to_bill/> }
            });
            EitherOf4::A(view! {
                <Headline
                    lang
                    status
                    tone=Tone::Good
                    glyph=glyph::CIRCLE_CHECK
                    title=words.completed
                    text=words.completed_text
                />
                {details}
                <ChangeSteps lang status/>
                <ActionBar>
                    <PrintButton>{words.print}</PrintButton>
                    {bill} {main(Look::Primary)}
                </ActionBar>
            })
        }
        // Without the steps, which end with the failure.
        ChangeStatus::Failed if change.under_review => {
            let remedies = change.failure.map(|failure| {
                let (title, remedies) = (words.late_reason, words.late_remedies);
                view! { <Remedies lang title failure remedies/> }
            });
            EitherOf4::B(view! {
                <Headline
                    lang
                    status
                    tone=Tone::Primary
                    glyph=glyph::CLOCK
                    title=words.late
                    text=words.late_text
                />
                {remedies}
                {details}
                <ActionBar>{main(Look::Secondary)}</ActionBar>
            })
        }
        ChangeStatus::Failed => {
            let again = try_again(words, &change);
            let remedies = change.failure.map(|failure| {
                let (title, remedies) = (words.reason, (words.remedies)(failure.code));
                view! { <Remedies lang title failure remedies/> }
            });
            EitherOf4::C(view! {
                <Headline
                    lang
                    status
                    tone=Tone::Bad
                    glyph=glyph::CIRCLE_X
                    title=words.failed
                    text=words.failed_text
                />
                {remedies}
                {details}
                <ChangeSteps lang status/>
                <ActionBar>
                    {main(Look::Secondary)}
                    {again}
                </ActionBar>
            })
        }
        ChangeStatus::Pending => {
            let here = product_links::result(&change.request_id, Some(&line));
            let again = || {
                view! { <ButtonLink href=here label=words.check_now glyph=glyph::REFRESH_CW/> }
            };
            let progress = match watched {
                true => Either::Left(view! {
                    <ChangeProgress>{again()}</ChangeProgress>
                    // Seldom, because it repeats while the page is open, and a screen reader starts
                    // over each time.
                    <noscript><meta http-equiv="refresh" content="10"/></noscript>
                }),
                false => Either::Right(view! {
                    <div class="change-progress">
                        <p>{words.no_longer_asking}</p>
                        <div class="actions">{again()}</div>
                    </div>
                }),
            };
            EitherOf4::D(view! {
                <Headline
                    lang
                    status
                    tone=Tone::Primary
                    glyph=glyph::CLOCK
                    title=words.pending
                    text=words.pending_text
                />
                <ChangeSteps lang status>{progress}</ChangeSteps>
                {details}
                <ActionBar>
                    <ButtonLink
                        href=product_links::history(Some(&line), None)
                        label=words.to_history
                    />
                    {main(Look::Primary)}
                </ActionBar>
            })
        }
    }
}

/// The result, in one prominent sentence and in the title of the document. A final result takes the
/// focus, so that it is read first: after the form, and after the page has reloaded itself.
#[component]
fn Headline(
    lang: Lang,
    status: ChangeStatus,
    tone: Tone,
    glyph: Glyph,
    title: &'static str,
    text: &'static str,
) -> impl IntoView {
    let over = status != ChangeStatus::Pending;
    view! {
        <Title text=format!("{title} · {}", Frame::of(lang).service)/>
        <section class=format!("result-headline {}", tone.class())>
            <Icon glyph/>
            <h2 tabindex=over.then_some("-1") autofocus=over>{title}</h2>
            <p>{text}</p>
        </section>
    }
    .into_any()
}
