//! The password field of SCR-001, with a button that reveals it.

use crate::{page_request::language, text::login::Login};
use leptos::{html, prelude::*};

/// Wraps a plain password field; once awake it adds a button that shows the text.
#[island]
pub fn PasswordField(
    /// The field.
    children: Children,
) -> impl IntoView {
    let words = Login::of(language());
    let holder = NodeRef::<html::Div>::new();
    let awake = RwSignal::new(false);
    let shown = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    let toggle = move |_| {
        let field = holder
            .get_untracked()
            .and_then(|holder| holder.query_selector("input").ok().flatten());
        if let Some(field) = field {
            let show = !shown.get_untracked();
            // If the type cannot be set, the field stays as it was.
            if field
                .set_attribute("type", if show { "text" } else { "password" })
                .is_ok()
            {
                shown.set(show);
            }
        }
    };
    view! {
        <div class="password" node_ref=holder>
            {children()}
            <button
                type="button"
                class="reveal"
                hidden=move || !awake.get()
                aria-controls="password"
                aria-label=move || {
                    if shown.get() { words.hide_password } else { words.show_password }
                }
                on:click=toggle
            >
                {move || if shown.get() { words.hide } else { words.show }}
            </button>
        </div>
    }
}
