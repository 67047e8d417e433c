//! SCR-006 in English. Nothing here orders a change: the button leads to the request.

use super::counted;
use crate::{model::Won, plan_filter::PlanSort, text::product_change::ProductChange};

pub const EN: ProductChange = ProductChange {
    title: "Choose a plan",
    failure: "The plan change screen could not be opened",
    filters: "Filter plans",
    all: "All",
    any_price: "Any price",
    band: |band| match band {
        ..=0 => "Under 10,000 won".to_owned(),
        band => {
            let lowest = band.saturating_mul(10_000);
            let highest = lowest.saturating_add(9_999);
            format!("{}–{} won", Won(lowest).digits(), Won(highest).digits())
        }
    },
    sort: "Sort",
    sort_name: |sort| match sort {
        PlanSort::Cheapest => "Lowest fee",
        PlanSort::Dearest => "Highest fee",
        PlanSort::MostData => "Most data",
    },
    count: |count| counted(count, "plan", "plans"),
    plans: "Plans you can change to",
    compared: "Compared with your plan",
    compare: "What would change",
    now: "Now",
    chosen: "After",
    losses: "What you would lose",
    gains: "Benefits you would gain",
    only_the_fee: "Only the fee is different.",
    no_difference: "Nothing is different from your plan.",
    more: "(increased)",
    less: "(reduced)",
    nothing_chosen: "Please choose a plan.",
    submit: "Continue with this plan",
    submit_named: |name| format!("Continue with {name}"),
    cancel: "Cancel",
    none_hint: "When the carrier offers a new plan, you can choose it here.",
    none_match: "No plan matches.",
    none_match_hint: "Use fewer filters to see more plans.",
    clear: "Clear filters",
};
