//! SCR-008: the result of a change, or that it is being confirmed.

use crate::{
    api, bill_links,
    components::{
        badge::Tone,
        button::{ActionBar, ButtonLink, Look},
        card::Card,
        change_steps::ChangeSteps,
        facts::{Absent, Fact, Facts},
        icon::{Glyph, Icon, glyph},
        layout::{Crumb, Screen},
        load::load,
        money::Money,
    },
    islands::{change_progress::ChangeProgress, print_button::PrintButton},
    links::of_line,
    model::{Change, ChangeFailure, ChangeStatus, KstInstant, RejectReason, RequestId, Won},
    page_request::{PageRequest, with_page},
    plan_filter::PlanFilter,
    problem::Problem,
    product_links,
    text::{
        Lang, date, frame::Frame, instant, product_menu, product_plan::ProductPlan,
        product_result::ProductResult as Words,
    },
};
use leptos::{
    either::{Either, EitherOf3},
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
            EitherOf3::A(view! {
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
        ChangeStatus::Failed => {
            let again = (!change.under_review).then(|| try_again(words, &change));
            let (tone, glyph, title, text) = if change.under_review {
                (Tone::Primary, glyph::CLOCK, words.late, words.late_text)
            } else {
                (Tone::Bad, glyph::CIRCLE_X, words.failed, words.failed_text)
            };
            // They end with the failure.
            let steps = (!change.under_review).then(|| view! { <ChangeSteps lang status/> });
            let remedies = change.failure.map(|failure| {
                let (title, remedies) = match change.under_review {
                    true => (words.late_reason, words.late_remedies),
                    false => (words.reason, (words.remedies)(failure.code)),
                };
                view! { <Remedies lang title failure remedies/> }
            });
            EitherOf3::B(view! {
                <Headline lang status tone glyph title text/>
                {remedies}
                {details}
                {steps}
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
                    <p>{words.no_longer_asking}</p>
                    <div class="actions">{again()}</div>
                }),
            };
            EitherOf3::C(view! {
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

/// The link after a failure: the same plan again, or another plan if a retry cannot help.
fn try_again(words: &'static Words, change: &Change) -> impl IntoView + use<> {
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
fn Remedies(
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

/// The facts of the change; those KOS did not report are shown as absent.
#[component]
fn Details(lang: Lang, change: Change, fee: Option<Won>) -> impl IntoView {
    let words = Words::of(lang);
    let completed = change.status == ChangeStatus::Completed;
    let before = match change.status {
        ChangeStatus::Completed => words.before,
        ChangeStatus::Failed | ChangeStatus::Pending => words.when_requested,
    };
    let after = if completed { words.after } else { words.wanted };
    let fee = fee.map(|won| {
        view! { <Fact name=ProductPlan::of(lang).fee><Money won/></Fact> }
    });
    // A change whose answer was lost is known by its effect, and has no date.
    let effective = change.effective_date.as_ref();
    let effective =
        effective.map_or_else(|| words.effective_unknown.to_owned(), |day| date(lang, day));
    let order = change.kos_order_number.clone();
    let order = order.map_or_else(
        || view! { <Absent lang/> }.into_any(),
        |number| number.into_any(),
    );
    let answered = completed.then(|| {
        view! {
            <Fact name=words.effective_date>{effective}</Fact>
            <Fact name=words.order_number>{order}</Fact>
        }
    });
    let processed = change.processed_at.map(|at: KstInstant| {
        view! { <Fact name=words.processed_at>{instant(lang, &at)}</Fact> }
    });
    let (receipt, hint) = match change.receipt {
        None => (None, None),
        Some(receipt) => (
            Some(view! { <Fact name=words.receipt><code>{receipt.0}</code></Fact> }),
            Some(view! { <p class="hint">{words.receipt_hint}</p> }),
        ),
    };
    view! {
        <Card title=words.details glyph=glyph::FILE_TEXT>
            <Facts>
                <Fact name=words.line>{change.line_number.dashed()}</Fact>
                <Fact name=before><span lang=lang.of_kos()>{change.from.name}</span></Fact>
                <Fact name=after><span lang=lang.of_kos()>{change.to.name}</span></Fact>
                {fee}
                {answered}
                <Fact name=words.request_number><code>{change.request_id.to_string()}</code></Fact>
                <Fact name=words.requested_at>{instant(lang, &change.requested_at)}</Fact>
                {processed}
                {receipt}
            </Facts>
            {hint}
        </Card>
    }
    .into_any()
}
