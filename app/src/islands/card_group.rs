//! Cards that open and close together.
//!
//! Each card is a `<details>` that works without a script; once awake the group adds the two
//! buttons and Esc.

use crate::{page_request::language, text::card_group::CardGroup as Words};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Wraps `<details>` cards.
#[island]
pub fn CardGroup(children: Children) -> impl IntoView {
    let words = Words::of(language());
    let group = NodeRef::<html::Div>::new();
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    let set_all = move |open: bool| {
        let Some(group) = group.get_untracked() else {
            return;
        };
        let Ok(cards) = group.query_selector_all("details") else {
            return;
        };
        for index in 0..cards.length() {
            let Some(card) = cards
                .get(index)
                .and_then(|card| card.dyn_into::<Element>().ok())
            else {
                continue;
            };
            // The attribute is the state; if it cannot be set there is nothing to do.
            _ = card.toggle_attribute_with_force("open", open);
        }
    };
    view! {
        <div
            class="card-group"
            node_ref=group
            on:keydown=move |event: ev::KeyboardEvent| {
                if event.key() == "Escape" {
                    set_all(false);
                }
            }
        >
            <div class="card-group-tools" hidden=move || !awake.get()>
                <button type="button" class="button quiet" on:click=move |_| set_all(true)>
                    {words.open_all}
                </button>
                <button type="button" class="button quiet" on:click=move |_| set_all(false)>
                    {words.close_all}
                </button>
            </div>
            {children()}
        </div>
    }
}
