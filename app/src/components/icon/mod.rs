//! Icons as inline SVG. They are decoration: the words beside them carry the meaning.

pub mod glyph;

pub use glyph::Glyph;

use leptos::prelude::*;

/// An outline of 24 by 24; the style sheet sets its size and stroke.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" inner_html=glyph.0></svg>
    }
    .into_any()
}
