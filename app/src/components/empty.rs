//! The empty state: the reason and the next step.

use super::icon::{Glyph, Icon, glyph};
use leptos::prelude::*;

/// An empty state; `children` offer what to do next.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(default = glyph::SEARCH)] glyph: Glyph,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="empty">
            <Icon glyph/>
            <h2>{title}</h2>
            <p>{text}</p>
            <div class="actions">{children()}</div>
        </section>
    }
    .into_any()
}
