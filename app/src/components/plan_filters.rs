//! Filters and order of the plan list, as buttons of the form that holds the list: the plan that is
//! picked goes with them, with and without a script, and each choice is an address of its own.

use crate::{
    model::ChangeOption,
    plan_filter::{PlanFilter, PlanSort, bands, networks},
    text::{Lang, product_change::ProductChange as Words},
};
use leptos::prelude::*;

/// What the form sends of the filter that is on. A button that is pressed comes after it and
/// overrules it: of two parameters of one name the last one counts.
#[component]
pub fn FilterFields(filter: PlanFilter) -> impl IntoView {
    let fields = filter.parameters().into_iter();
    fields
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// The choices there are, and how many plans they leave.
#[component]
pub fn PlanFilters(lang: Lang, filter: PlanFilter, plans: Vec<ChangeOption>) -> impl IntoView {
    let words = Words::of(lang);
    let names = networks(&plans);
    let by_network = (names.len() > 1).then(|| {
        let each = names.into_iter().map(|network| {
            let current = filter.network.as_ref() == Some(&network);
            view! { <Chip label=network.clone() name="network" value=network current/> }
        });
        let each = each.collect_view();
        let current = filter.network.is_none();
        view! {
            <ul class="chips">
                <Chip label=words.all name="network" value="" current/>
                {each}
            </ul>
        }
    });
    let ranges = bands(&plans);
    let by_band = (ranges.len() > 1).then(|| {
        let each = ranges.into_iter().map(|range| {
            let current = filter.band == Some(range);
            view! { <Chip label=(words.band)(range) name="band" value=range.to_string() current/> }
        });
        let each = each.collect_view();
        let current = filter.band.is_none();
        view! {
            <ul class="chips">
                <Chip label=words.any_price name="band" value="" current/>
                {each}
            </ul>
        }
    });
    let orders = PlanSort::ALL.map(|order| {
        let current = filter.sort == order;
        view! { <Chip label=(words.sort_name)(order) name="sort" value=order.as_str() current/> }
    });
    let orders = orders.into_iter().collect_view();
    let count = (words.count)(filter.apply(&plans).len());
    view! {
        <div class="plan-filters" role="group" aria-label=words.filters>
            {by_network} {by_band}
            <div class="plan-order">
                <p role="status">{count}</p>
                <ul class="chips" aria-label=words.sort>{orders}</ul>
            </div>
        </div>
    }
    .into_any()
}

/// One choice: the list again, whether or not a plan is picked.
#[component]
fn Chip(
    #[prop(into)] label: String,
    name: &'static str,
    #[prop(into)] value: String,
    current: bool,
) -> impl IntoView {
    view! {
        <li>
            <button
                type="submit"
                class="chip"
                formaction="/product/change"
                formnovalidate
                name=name
                value=value
                aria-current=current.then_some("true")
            >
                {label}
            </button>
        </li>
    }
    .into_any()
}
