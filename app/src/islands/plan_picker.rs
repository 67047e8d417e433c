//! SCR-006: the action bar names the chosen plan and its difference in cost, and the choice
//! survives a reload, coming back and a change of language.

use crate::{page_request::language, text::product_change::ProductChange};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;
use web_sys::{Element, UrlSearchParams};

/// The action bar of its form.
#[island]
pub fn PlanPicker(
    /// The links beside the button.
    children: Children,
) -> impl IntoView {
    let words = ProductChange::of(language());
    let told = RwSignal::new(String::new());
    let label = RwSignal::new(words.submit.to_owned());
    Effect::new(move |_| {
        let look = move || {
            if let Some(radio) = chosen() {
                let word = |name| radio.get_attribute(name).unwrap_or_default();
                told.set(format!(
                    "{} · {}",
                    word("data-name"),
                    word("data-difference")
                ));
                label.set(word("data-submit"));
                // If the browser refuses, the form still sends the choice.
                _ = keep(&word("value"));
            }
        };
        look();
        let handles = [
            window_event_listener(ev::change, move |_| look()),
            // The browser may restore a choice on coming back to the page.
            window_event_listener_untyped("pageshow", move |_| look()),
        ];
        on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    });
    let nudge = move |_| {
        if chosen().is_none() {
            told.set(words.nothing_chosen.to_owned());
        }
    };
    view! {
        <div class="action-bar picker">
            <p class="picked" role="status">{move || told.get()}</p>
            {children()}
            <button type="submit" class="button primary" on:click=nudge>
                {move || label.get()}
            </button>
        </div>
    }
}

/// The chosen radio button; the server wrote the words of its plan onto it.
fn chosen() -> Option<Element> {
    document()
        .query_selector("input[name=to]:checked")
        .ok()
        .flatten()
}

/// Writes the plan into the page's address, where a reload or coming back finds it, also from the
/// other language.
fn keep(plan: &str) -> Result<(), JsValue> {
    let parameters = UrlSearchParams::new_with_str(&window().location().search()?)?;
    parameters.set("to", plan);
    let here = format!("?{}", String::from(parameters.to_string()));
    window()
        .history()?
        .replace_state_with_url(&JsValue::NULL, "", Some(&here))?;
    let path = window().location().pathname()?;
    match document().query_selector(".language input[name=next]")? {
        Some(next) => next.set_attribute("value", &format!("{path}{here}")),
        None => Ok(()),
    }
}
