//! How old a bill is: wherever one is shown, this stands beside it.

use super::icon::{Icon, glyph};
use crate::{
    model::{Freshness, Source},
    text::{self, Lang, bill_result::BillResult as Words},
};
use leptos::prelude::*;

/// That KOS is away, where the bill is out of date, and of when it is; nothing of one just told.
#[component]
pub fn BillAge(freshness: Freshness, lang: Lang) -> impl IntoView {
    let words = Words::of(lang);
    let stale = freshness.source == Source::Stale;
    let as_of = (words.as_of)(freshness.source, &text::instant(lang, &freshness.as_of));
    let stale = stale.then(|| {
        view! {
            <p class="stale"><Icon glyph=glyph::TRIANGLE_ALERT/> {words.stale}</p>
        }
    });
    let as_of =
        as_of.map(|as_of| view! { <p class="as-of"><Icon glyph=glyph::CLOCK/> {as_of}</p> });
    view! { {stale} {as_of} }.into_any()
}
