//! Cards: one subject each.

use super::icon::{Glyph, Icon, glyph};
use leptos::prelude::*;

/// A card with a heading.
#[component]
pub fn Card(
    #[prop(into)] title: String,
    #[prop(optional)] glyph: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            <h2 class="card-title">{glyph.map(|glyph| view! { <Icon glyph/> })} {title}</h2>
            {children()}
        </section>
    }
    .into_any()
}

/// A card that opens and closes without a script (`<details>`), with its gist in the heading.
#[component]
pub fn Fold(
    #[prop(into)] title: String,
    /// The text shown while it is closed.
    #[prop(optional, into)]
    gist: ViewFn,
    #[prop(optional)] open: bool,
    #[prop(optional)] glyph: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="card fold" open=open>
            <summary>
                <h2 class="card-title">{glyph.map(|glyph| view! { <Icon glyph/> })} {title}</h2>
                <span class="gist">{gist.run()}</span>
                <Icon glyph=glyph::CHEVRON_DOWN/>
            </summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
    .into_any()
}
