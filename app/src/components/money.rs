//! Amounts.

use super::icon::{Icon, glyph};
use crate::{model::Won, page_request::language, text::won_unit};
use leptos::prelude::*;
use std::cmp::Ordering;

/// An amount: `72,500원`, the unit smaller than the digits.
#[component]
pub fn Money(won: Won) -> impl IntoView {
    view! {
        <span class="money">{won.digits()}<span class="unit">{won_unit(language())}</span></span>
    }
    .into_any()
}

/// An amount with its sign: `+3,300원`, `-3,300원`, `0원`.
#[component]
pub fn Signed(won: Won) -> impl IntoView {
    let plus = if won.0 > 0 { "+" } else { "" };
    view! {
        <span class="money">{plus}{won.digits()}<span class="unit">{won_unit(language())}</span></span>
    }
    .into_any()
}

/// The difference of an amount, by icon and words; the colour only repeats it.
#[component]
pub fn Delta(
    won: Won,
    /// What is said of it, such as [`Compared::said`](crate::text::frame::Compared::said).
    text: String,
) -> impl IntoView {
    let (class, glyph) = match won.0.cmp(&0) {
        Ordering::Greater => ("delta more", glyph::ARROW_UP),
        Ordering::Less => ("delta less", glyph::ARROW_DOWN),
        Ordering::Equal => ("delta same", glyph::EQUAL),
    };
    view! {
        <span class=class><Icon glyph/> {text}</span>
    }
    .into_any()
}
