//! SCR-004.

mod charges;
mod headline;
mod terms;
mod trend;
mod usage;

use self::{
    charges::ChargesCard,
    headline::{Before, Headline},
    terms::TermsCard,
    trend::TrendCard,
    usage::UsageCard,
};
use crate::{
    api, bill_links,
    components::{
        button::{ActionBar, ButtonLink, Look},
        icon::glyph,
        layout::{Crumb, Screen},
        load::load,
    },
    islands::{card_group::CardGroup, print_button::PrintButton},
    links::line_asked_for,
    model::{Bill, BillingMonth, Comparison, LineId},
    page_request::with_page,
    problem::{FieldCode, FieldProblem, Problem},
    text::{Lang, bill_result::BillResult as Words, frame::Frame},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The bill of the line and month in the address.
#[component]
pub fn BillResult() -> impl IntoView {
    with_page(|page| {
        let words = Words::of(page.lang);
        let frame = Frame::of(page.lang);
        let query = use_query_map().get_untracked();
        let line = line_asked_for();
        let asked = query.get("month").filter(|month| !month.is_empty());
        let month = asked
            .map(|month| month.parse::<BillingMonth>())
            .transpose()
            .map_err(|_| {
                Problem::validation(vec![FieldProblem::new("month", FieldCode::Malformed)])
            });
        let current = page.current_month;
        let title = (words.title)(month.as_ref().ok().copied().flatten().unwrap_or(current));
        let menu = bill_links::menu(page.line_to_keep().as_ref());
        let trail = Some(vec![Crumb::new(frame.bill, menu)]);
        let lang = page.lang;
        view! {
            <Screen page title name=words.name trail>
                {load(
                    words.failure,
                    async move { inquire(line, month?).await },
                    move |(bill, comparison)| view! { <Inquiry bill comparison current lang words/> },
                )}
            </Screen>
        }
    })
}

/// Makes the inquiry; what it is compared with may fail without failing it.
async fn inquire(
    line: Option<LineId>,
    month: Option<BillingMonth>,
) -> Result<(Bill, Comparison), Problem> {
    let compared = api::bill::compare(line.clone(), month);
    let compared = async { Ok(compared.await.unwrap_or_default()) };
    futures::try_join!(api::bill::inquire(line, month), compared)
}

#[component]
fn Inquiry(
    bill: Bill,
    comparison: Comparison,
    current: BillingMonth,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let Comparison { earlier, trend } = comparison;
    let before = Before::of(&bill, earlier, &trend);
    let other_month = bill_links::menu(Some(&bill.line_id));
    view! {
        <Months bill=bill.clone() current words/>
        <div class="bill">
            <div class="bill-number">
                <Headline bill=bill.clone() before lang words/>
                <TrendCard trend month=bill.month line=bill.line_id.clone() lang words/>
            </div>
            <div class="bill-detail">
                <CardGroup>
                    <ChargesCard bill=bill.clone() lang words/>
                    <UsageCard usage=bill.usage.clone() lang words/>
                    <TermsCard bill lang words/>
                </CardGroup>
            </div>
        </div>
        <ActionBar>
            <PrintButton>{words.print}</PrintButton>
            <ButtonLink
                href=other_month
                label=words.other_month
                look=Look::Primary
                glyph=glyph::CALENDAR_DAYS
            />
        </ActionBar>
    }
    .into_any()
}

/// The selectable months as links.
#[component]
fn Months(bill: Bill, current: BillingMonth, words: &'static Words) -> impl IntoView {
    let links = current
        .selectable()
        .into_iter()
        .map(|month| {
            let here = (month == bill.month).then_some("page");
            let href = bill_links::result(&bill.line_id, month);
            view! {
                <li>
                    <a class="chip" href=href aria-current=here>
                        {(words.trend.short_month)(month)}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="months-nav" aria-label=words.months>
            <ul class="chips">{links}</ul>
        </nav>
    }
    .into_any()
}
