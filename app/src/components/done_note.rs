//! What a form did, where the page that follows would not show it.

use super::icon::{Icon, glyph};
use leptos::prelude::*;

/// One sentence at the head of the content; it takes the focus, so that it is read first.
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
