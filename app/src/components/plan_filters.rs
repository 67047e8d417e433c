//! Filters and order of the plan list, as links: each is an address of its own.

use crate::{
    model::{ChangeOption, LineId, ProductCode},
    plan_filter::{PlanFilter, PlanSort, bands, networks},
    product_links,
    text::{Lang, product_change::ProductChange as Words},
};
use leptos::prelude::*;

/// The choices there are, and how many plans they leave.
#[component]
pub fn PlanFilters(
    lang: Lang,
    line: LineId,
    filter: PlanFilter,
    plans: Vec<ChangeOption>,
    /// The plan that stays chosen.
    chosen: Option<ProductCode>,
) -> impl IntoView {
    let words = Words::of(lang);
    let chip = |label: String, wanted: PlanFilter| {
        let current = (wanted == filter).then_some("true");
        let href = product_links::change(&line, &wanted, chosen.as_ref());
        view! { <li><a class="chip" href=href aria-current=current>{label}</a></li> }
    };
    let network = |network: Option<String>| PlanFilter {
        network,
        ..filter.clone()
    };
    let band = |band| PlanFilter {
        band,
        ..filter.clone()
    };
    let sort = |sort| PlanFilter {
        sort,
        ..filter.clone()
    };
    let names = networks(&plans);
    let by_network = (names.len() > 1).then(|| {
        let all = chip(words.all.to_owned(), network(None));
        let each = names
            .into_iter()
            .map(|name| chip(name.clone(), network(Some(name))))
            .collect_view();
        view! { <ul class="chips">{all} {each}</ul> }
    });
    let ranges = bands(&plans);
    let by_band = (ranges.len() > 1).then(|| {
        let all = chip(words.any_price.to_owned(), band(None));
        let each = ranges
            .into_iter()
            .map(|range| chip((words.band)(range), band(Some(range))))
            .collect_view();
        view! { <ul class="chips">{all} {each}</ul> }
    });
    let order = PlanSort::ALL
        .map(|order| chip((words.sort_name)(order).to_owned(), sort(order)))
        .into_iter()
        .collect_view();
    let count = (words.count)(filter.apply(&plans).len());
    view! {
        <nav class="plan-filters" aria-label=words.filters>
            {by_network} {by_band}
            <div class="plan-order">
                <p role="status">{count}</p>
                <ul class="chips" aria-label=words.sort>{order}</ul>
            </div>
        </nav>
    }
    .into_any()
}
