//! The state of a line that is not in use.

use super::badge::{Badge, Tone};
use crate::{
    model::LineStatus,
    text::{Lang, product_menu::ProductMenu, product_plan::ProductPlan},
};
use leptos::prelude::*;

/// A badge with the state of the line; nothing if the line is in use.
#[component]
pub fn LineState(lang: Lang, status: LineStatus) -> impl IntoView {
    (status != LineStatus::Active).then(|| {
        let state = (ProductPlan::of(lang).line_status)(status);
        let label = format!("{} {state}", ProductMenu::of(lang).line_status);
        view! { <Badge label tone=Tone::Warn/> }
    })
}
