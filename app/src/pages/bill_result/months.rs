//! The selectable months.

use crate::{
    bill_links,
    model::{Bill, BillingMonth},
    text::bill_result::BillResult as Words,
};
use leptos::prelude::*;

/// The selectable months as links.
#[component]
pub(super) fn Months(bill: Bill, current: BillingMonth, words: &'static Words) -> impl IntoView {
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
