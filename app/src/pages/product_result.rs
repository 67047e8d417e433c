//! SCR-008: how a change ended, or that it is being confirmed.

use crate::{
    api, bill_links,
    components::{
        badge::Tone,
        button::{ActionBar, ButtonLink, Look},
        card::Card,
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
    problem::{Problem, ProblemCode},
    product_links,
    text::{
        Lang, date, frame::Frame, instant, product_menu, product_plan::ProductPlan,
        product_result::ProductResult as Words,
    },
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn ProductResult() -> impl IntoView {
    with_page(screen)
}

fn screen(page: PageRequest) -> impl IntoView {
    let lang = page.lang;
    let words = Words::of(lang);
    let query = use_query_map().get_untracked();
    let request = query.get("request").map(RequestId);
    let trail = vec![Crumb::new(
        product_menu::ProductMenu::of(lang).title,
        product_links::menu(page.line_to_keep().as_ref()),
    )];
    let may_see_bills = page.may(crate::model::Permission::BillInquiry);
    let result = load(words.failure, facts(request), move |(change, fee)| {
        view! { <Outcome lang change fee may_see_bills/> }
    });
    view! { <Screen page title=words.title trail=Some(trail)>{result}</Screen> }
}

/// The change, and the fee of the new plan where it is in use and KOS tells soon.
async fn facts(request: Option<RequestId>) -> Result<(Change, Option<Won>), Problem> {
    let request = request.ok_or_else(|| Problem::of(ProblemCode::NotFound))?;
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
fn Outcome(lang: Lang, change: Change, fee: Option<Won>, may_see_bills: bool) -> impl IntoView {
    let words = Words::of(lang);
    let details = view! { <Details lang change=change.clone() fee/> };
    let line = change.line_id.clone();
    let to_main = of_line("/main", Some(&line));
    let main = |look| view! { <ButtonLink href=to_main label=words.to_main look/> };
    match change.status {
        ChangeStatus::Completed => {
            let bill = may_see_bills.then(|| {
                let href = bill_links::menu(Some(&line));
                view! { <ButtonLink href label=words.to_bill/> }
            });
            EitherOf3::A(view! {
                <Headline
                    tone=Tone::Good
                    glyph=glyph::CIRCLE_CHECK
                    title=words.completed
                    text=words.completed_text
                />
                {details}
                <ActionBar>
                    <PrintButton>{words.print}</PrintButton>
                    {bill} {main(Look::Primary)}
                </ActionBar>
            })
        }
        ChangeStatus::Failed => {
            let again = try_again(words, &change);
            let reason = change.failure.as_ref().map(|failure| failure.code);
            EitherOf3::B(view! {
                <Headline
                    tone=Tone::Bad
                    glyph=glyph::CIRCLE_X
                    title=words.failed
                    text=(words.failed_text)(reason)
                />
                {change.failure.map(|failure| view! { <Remedies lang failure/> })}
                {details}
                <ActionBar>
                    {main(Look::Secondary)}
                    {again}
                </ActionBar>
            })
        }
        ChangeStatus::Pending => {
            let here = product_links::result(&change.request_id, Some(&line));
            EitherOf3::C(view! {
                <Headline
                    tone=Tone::Primary
                    glyph=glyph::CLOCK
                    title=words.pending
                    text=words.pending_text
                />
                <section class="card">
                    <h2 class="card-title">{words.steps}</h2>
                    <ol class="steps">
                        <li><Icon glyph=glyph::CHECK/> {words.step_checked}</li>
                        <li><Icon glyph=glyph::CHECK/> {words.step_proceeding}</li>
                        <li aria-current="step"><Icon glyph=glyph::CLOCK/> {words.pending}</li>
                    </ol>
                    <ChangeProgress>
                        <ButtonLink href=here label=words.check_now glyph=glyph::REFRESH_CW/>
                    </ChangeProgress>
                    // Seldom: it goes on for as long as the page is open, and each time reads it
                    // from the start to whoever has it read.
                    <noscript>
                        <meta http-equiv="refresh" content="10"/>
                    </noscript>
                </section>
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

/// What happened, in one sentence that catches the eye.
#[component]
fn Headline(tone: Tone, glyph: Glyph, title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <section class=format!("result-headline {}", tone.class())>
            <Icon glyph/>
            <h2>{title}</h2>
            <p>{text}</p>
        </section>
    }
    .into_any()
}

/// The way on from a failure: the same plan again, or another one where that cannot help.
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
fn Remedies(lang: Lang, failure: ChangeFailure) -> impl IntoView {
    let words = Words::of(lang);
    let remedies = (words.remedies)(failure.code)
        .iter()
        .map(|remedy| view! { <li>{*remedy}</li> })
        .collect_view();
    view! {
        <section class="card">
            <h2 class="card-title">{words.reason}</h2>
            <p class="reason">{failure.message}</p>
            <h3>{words.what_to_do}</h3>
            <ol class="remedies">{remedies}</ol>
            <div class="actions">
                <ButtonLink
                    href=format!("tel:{}", Frame::of(lang).help_phone)
                    label=words.help
                    glyph=glyph::PHONE
                />
            </div>
        </section>
    }
    .into_any()
}

/// The facts of the change; what KOS did not answer is said to be absent.
#[component]
fn Details(lang: Lang, change: Change, fee: Option<Won>) -> impl IntoView {
    let words = Words::of(lang);
    let completed = change.status == ChangeStatus::Completed;
    let after = if completed { words.after } else { words.wanted };
    let fee = fee.map(|won| {
        view! { <Fact name=ProductPlan::of(lang).fee><Money won/></Fact> }
    });
    let told = move |text: Option<String>| {
        text.map_or_else(
            || view! { <Absent lang/> }.into_any(),
            |text| text.into_any(),
        )
    };
    let effective = change.effective_date.as_ref().map(|day| date(lang, day));
    let order = change.kos_order_number.clone();
    let answered = completed.then(|| {
        view! {
            <Fact name=words.effective_date>{told(effective)}</Fact>
            <Fact name=words.order_number>{told(order)}</Fact>
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
                <Fact name=words.before>{change.from.name}</Fact>
                <Fact name=after>{change.to.name}</Fact>
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
