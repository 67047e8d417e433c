//! Things to know before acting.

use super::icon::{Icon, glyph};
use leptos::prelude::*;

/// A titled list of notices.
#[component]
pub fn Notices(
    #[prop(into)] title: String,
    items: &'static [&'static str],
    /// The notice about the customer's own case, before the general ones.
    #[prop(optional_no_strip)]
    own: Option<String>,
) -> impl IntoView {
    view! {
        <section class="notices">
            <h2><Icon glyph=glyph::INFO/> {title}</h2>
            <ul>
                {own.map(|item| view! { <li>{item}</li> })}
                {items.iter().map(|item| view! { <li>{*item}</li> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}
