//! The effect of a form post that the next page would not show.

use super::icon::{Icon, glyph};
use leptos::prelude::*;

/// One sentence above the content; it takes the focus, so that it is read first.
#[component]
pub fn DoneNote(text: &'static str) -> impl IntoView {
    view! {
        <p class="done-note tone-good" role="status" tabindex="-1" autofocus>
            <Icon glyph=glyph::CIRCLE_CHECK/>
            {text}
        </p>
    }
    .into_any()
}
