//! The outline of a page that is loading.

use crate::text::{Lang, frame::Frame};
use leptos::prelude::*;

/// A heading, a number and two cards in outline.
#[component]
pub fn Skeleton(#[prop(optional)] lang: Lang) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{Frame::of(lang).waiting}</span>
            <div class="bone headline"></div>
            <div class="bone number"></div>
            <div class="bone block"></div>
            <div class="bone block"></div>
        </div>
    }
    .into_any()
}
