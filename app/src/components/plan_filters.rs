//! Filters and order of the plan list, as submit buttons of the list's form: the picked plan is
//! sent along, with and without a script, and each choice has an address of its own.

use crate::{
    model::ChangeOption,
    plan_filter::{PlanFilter, PlanSort, bands, networks},
    text::{Lang, product_change::ProductChange as Words},
};
use leptos::prelude::*;

/// The active filter as hidden fields. A pressed button comes after them and overrides them: of two
/// parameters of one name the last one counts.
#[component]
pub fn FilterFields(filter: PlanFilter) -> impl IntoView {
    let fields = filter.parameters().into_iter();
    fields
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// The choices, and the number of plans they leave.
#[component]
pub fn PlanFilters(lang: Lang, filter: PlanFilter, plans: Vec<ChangeOption>) -> impl IntoView {
    let words = Words::of(lang);
    let networks = networks(&plans).into_iter();
    let networks = networks.map(|network| (network.clone(), network)).collect();
    let bands = bands(&plans).into_iter();
    let bands = bands
        .map(|band| (band.to_string(), (words.band)(band)))
        .collect();
    let orders = PlanSort::ALL.into_iter().enumerate().map(|(place, order)| {
        let current = filter.sort == order;
        let label = (words.sort_name)(order);
        view! { <Chip label name="sort" place value=order.as_str() current/> }
    });
    let orders = orders.collect_view();
    let count = (words.count)(filter.apply(&plans).len());
    view! {
        <div class="plan-filters" role="group" aria-label=words.filters>
            <Choices name="network" all=words.all choices=networks chosen=filter.network/>
            <Choices
                name="band"
                all=words.any_price
                choices=bands
                chosen=filter.band.map(|band| band.to_string())
            />
            <div class="plan-order">
                <p role="status">{count}</p>
                <ul class="chips" aria-label=words.sort>{orders}</ul>
            </div>
        </div>
    }
    .into_any()
}

/// All plans or those of one kind; renders nothing if there is only one kind.
#[component]
fn Choices(
    name: &'static str,
    all: &'static str,
    /// Values with their labels.
    choices: Vec<(String, String)>,
    chosen: Option<String>,
) -> impl IntoView {
    (choices.len() > 1).then(|| {
        let current = chosen.is_none();
        let each = choices.into_iter().zip(1..).map(|((value, label), place)| {
            let current = chosen.as_ref() == Some(&value);
            view! { <Chip label name place value current/> }
        });
        let each = each.collect_view();
        view! {
            <ul class="chips">
                <Chip label=all name place=0 value="" current/>
                {each}
            </ul>
        }
        .into_any()
    })
}

/// One choice; it reloads the list, whether or not a plan is picked. The fragment of its target is its
/// own id, so that it keeps the focus.
#[component]
fn Chip(
    #[prop(into)] label: String,
    name: &'static str,
    /// Among the choices of that name.
    place: usize,
    #[prop(into)] value: String,
    current: bool,
) -> impl IntoView {
    let id = format!("{name}-{place}");
    // To an address that differs from the page's own only in the fragment the browser just scrolls.
    let target = match current {
        true => "/product/change".to_owned(),
        false => format!("/product/change#{id}"),
    };
    view! {
        <li>
            <button
                type="submit"
                class="chip"
                id=id
                formaction=target
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
