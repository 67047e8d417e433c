//! Names and their values.

use crate::text::{Lang, frame::Frame};
use leptos::prelude::*;

/// A list of facts; hold [`Fact`]s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

/// One fact: the name on the left, the value on the right.
#[component]
pub fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}

/// Marks a fact that KOS did not report; it is never assumed.
#[component]
pub fn Absent(lang: Lang) -> impl IntoView {
    view! { <span class="absent">{Frame::of(lang).absent}</span> }.into_any()
}
