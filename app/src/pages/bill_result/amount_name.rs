//! The name of a charge or discount.

use crate::text::{Lang, amount_names::in_english};
use leptos::prelude::*;

/// In the language of the page where the name is ours, else as KOS wrote it.
#[component]
pub(super) fn AmountName(lang: Lang, name: String) -> impl IntoView {
    let english = (lang == Lang::En).then(|| in_english(&name)).flatten();
    let tag = lang.of_kos().filter(|_| english.is_none());
    view! { <span lang=tag>{english.map_or(name, str::to_owned)}</span> }.into_any()
}
