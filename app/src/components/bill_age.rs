//! The age of a bill, shown beside every bill.

use super::icon::{Icon, glyph};
use crate::{
    model::{Freshness, Source},
    text::{self, Lang, bill_result::BillResult as Words},
};
use leptos::prelude::*;

/// For an old bill its time, for an outdated one also that KOS is away; nothing for a fresh one.
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
