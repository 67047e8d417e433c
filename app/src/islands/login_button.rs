//! The button of SCR-001. It sends the form once: two presses would count as two of the five
//! attempts that lock an account.

use super::on_its_way::on_its_way;
use crate::{components::button::Look, page_request::language, text::login::Login};
use leptos::{ev, prelude::*};

/// Submits its form, and says so until the answer arrives.
#[island]
pub fn LoginButton() -> impl IntoView {
    let words = Login::of(language());
    let sent = on_its_way();
    // Enter in a field presses the button too.
    let press = move |event: ev::MouseEvent| {
        if sent.get_untracked() {
            event.prevent_default();
        } else {
            sent.set(true);
        }
    };
    view! {
        <button
            type="submit"
            class=Look::Primary.class()
            aria-disabled=move || sent.get().to_string()
            on:click=press
        >
            {move || if sent.get() { words.submitting } else { words.submit }}
        </button>
    }
}
