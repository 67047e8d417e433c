//! The page: reads the address and makes the inquiry.

use super::inquiry::Inquiry;
use crate::{
    api, bill_links,
    components::{
        layout::{Crumb, Screen},
        line_switch::LineSwitch,
        load::load,
    },
    links::line_asked_for,
    model::{Bill, BillingMonth, Comparison, LineId},
    page_request::with_page,
    problem::Problem,
    text::{bill_result::BillResult as Words, frame::Frame, product_plan::ProductPlan},
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
            .map_err(|_| Problem::malformed("month"));
        let current = page.moment.current_month;
        let named = month.as_ref().ok().copied().flatten();
        let title = (words.title)(named.unwrap_or(current));
        let menu = bill_links::menu(page.line_to_keep().as_ref());
        let trail = Some(vec![Crumb::new(frame.bill, menu)]);
        let lang = page.lang;
        let (lines, shown) = page.lines(line.as_ref());
        view! {
            <Screen page title name=words.name trail>
                <LineSwitch
                    lines
                    current=shown
                    label=ProductPlan::of(lang).choose_line
                    path="/bill/result"
                    month=named
                />
                {load(
                    words.failure,
                    async move { inquire(line, month?).await },
                    move |(bill, comparison)| view! { <Inquiry bill comparison current lang words/> },
                )}
            </Screen>
        }
    })
}

/// Makes the inquiry; a comparison that fails does not fail it.
async fn inquire(
    line: Option<LineId>,
    month: Option<BillingMonth>,
) -> Result<(Bill, Comparison), Problem> {
    let compared = api::bill::compare(line.clone(), month);
    let compared = async { Ok(compared.await.unwrap_or_default()) };
    futures::try_join!(api::bill::inquire(line, month), compared)
}
