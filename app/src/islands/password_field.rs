//! The password field of SCR-001, which can be read while typing.

use crate::text::{Lang, login::Login};
use leptos::prelude::*;

/// A plain password field; awake, it gets a button that shows what was typed.
#[island]
pub fn PasswordField(
    lang: Lang,
    /// Whether the last attempt was refused because of it.
    invalid: bool,
) -> impl IntoView {
    let words = Login::of(lang);
    let awake = RwSignal::new(false);
    let shown = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    view! {
        <div class="password">
            <input
                id="password"
                name="password"
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete="current-password"
                autocapitalize="off"
                spellcheck="false"
                required
                aria-invalid=invalid.then_some("true")
                aria-describedby=invalid.then_some("password-problem")
            />
            <button
                type="button"
                class="reveal"
                hidden=move || !awake.get()
                aria-controls="password"
                aria-label=move || {
                    if shown.get() { words.hide_password } else { words.show_password }
                }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || if shown.get() { words.hide } else { words.show }}
            </button>
        </div>
    }
}
