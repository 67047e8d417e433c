//! SCR-006: the action bar names the plan that is chosen and what it costs more or less, and the
//! choice is kept where the customer filters, reloads or comes back.

use crate::text::{Lang, product_change::ProductChange};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, UrlSearchParams};

/// The action bar of the form it stands in.
#[island]
pub fn PlanPicker(
    /// The ways out beside the button.
    children: Children,
) -> impl IntoView {
    let words = ProductChange::of(Lang::default());
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
                // A browser that refuses still sends the choice with the form.
                _ = keep(&word("value"));
            }
        };
        look();
        let handles = [
            window_event_listener(ev::change, move |_| look()),
            // The browser may restore a choice when it comes back to the page.
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

/// The radio button that is chosen now; the server wrote the words of its plan on it.
fn chosen() -> Option<Element> {
    document()
        .query_selector("input[name=to]:checked")
        .ok()
        .flatten()
}

/// Writes the plan into the address of the page and of every filter, as the server does.
fn keep(plan: &str) -> Result<(), JsValue> {
    let search = window().location().search()?;
    let here = with_plan(&search, plan)?;
    window()
        .history()?
        .replace_state_with_url(&JsValue::NULL, "", Some(&here))?;
    let filters = document().query_selector_all(".plan-filters a")?;
    for index in 0..filters.length() {
        let filter = filters.get(index).map(JsCast::dyn_into::<Element>);
        if let Some(Ok(filter)) = filter {
            let address = filter.get_attribute("href").unwrap_or_default();
            let (_, query) = address.split_once('?').unwrap_or_default();
            filter.set_attribute("href", &with_plan(query, plan)?)?;
        }
    }
    Ok(())
}

/// The query again, with the plan chosen; as a link it leads to the same page.
fn with_plan(query: &str, plan: &str) -> Result<String, JsValue> {
    let parameters = UrlSearchParams::new_with_str(query)?;
    parameters.set("to", plan);
    Ok(format!("?{}", String::from(parameters.to_string())))
}
