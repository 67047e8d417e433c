//! SCR-004.

mod charges;
mod headline;
mod terms;
mod trend;
mod usage;

use self::{
    charges::ChargesCard, headline::Headline, terms::TermsCard, trend::TrendCard, usage::UsageCard,
};
use crate::{
    api, bill_links,
    bill_story::{BillStory, told_story},
    components::{
        button::{ActionBar, ButtonLink, Look},
        icon::glyph,
        layout::{Crumb, Screen},
        load::load,
    },
    islands::{card_group::CardGroup, print_button::PrintButton},
    model::{Bill, BillingMonth, LineId, MonthTotal},
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
        let line = query
            .get("line")
            .filter(|line| !line.is_empty())
            .map(LineId);
        let asked = query.get("month").filter(|month| !month.is_empty());
        let month = asked
            .map(|month| month.parse::<BillingMonth>())
            .transpose()
            .map_err(|_| {
                Problem::validation(vec![FieldProblem::new("month", FieldCode::Malformed)])
            });
        let current = page.current_month;
        let title = (words.title)(month.as_ref().ok().copied().flatten().unwrap_or(current));
        let menu = bill_links::menu(line.as_ref(), None);
        let trail = Some(vec![Crumb::new(frame.bill, menu)]);
        let lang = page.lang;
        view! {
            <Screen page title name=words.name trail>
                {load(
                    words.failure,
                    async move { inquire(line, month?, current).await },
                    move |inquiry| view! { <Inquiry inquiry current lang words/> },
                )}
            </Screen>
        }
    })
}

/// A bill with what it is compared with.
struct Compared {
    bill: Bill,
    /// Why it differs from the month before; `None` when that bill could not be had, or is out of
    /// date.
    story: Option<BillStory>,
    /// Newest first; empty when it could not be had.
    trend: Vec<MonthTotal>,
}

/// Makes the inquiry; what it is compared with may fail without failing it.
async fn inquire(
    line: Option<LineId>,
    month: Option<BillingMonth>,
    current: BillingMonth,
) -> Result<Compared, Problem> {
    let earlier = month.unwrap_or(current).previous();
    let earlier = async {
        if current.selectable().contains(&earlier) {
            api::bill::glance(line.clone(), Some(earlier)).await.ok()
        } else {
            None
        }
    };
    let (bill, earlier, trend) = futures::join!(
        api::bill::inquire(line.clone(), month),
        earlier,
        api::bill::trend(line.clone()),
    );
    let bill = bill?;
    Ok(Compared {
        story: earlier.and_then(|earlier| told_story(&earlier, &bill)),
        trend: trend.unwrap_or_default(),
        bill,
    })
}

#[component]
fn Inquiry(
    inquiry: Compared,
    current: BillingMonth,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let Compared { bill, story, trend } = inquiry;
    let other_month = bill_links::menu(Some(&bill.line_id), Some(bill.month));
    view! {
        <Months bill=bill.clone() current words/>
        <div class="bill">
            <div class="bill-number">
                <Headline bill=bill.clone() story lang words/>
                <TrendCard trend month=bill.month line=bill.line_id.clone() words/>
            </div>
            <div class="bill-detail">
                <CardGroup>
                    <ChargesCard bill=bill.clone() words/>
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
