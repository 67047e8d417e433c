//! The loading state between two pages.
//!
//! Pages arrive whole from the server, so the only wait a customer sees follows a press. While it
//! lasts the document carries `data-waiting`, and the style sheet shows the skeleton. A form that
//! shows its own progress carries `data-says-so` and stays visible.

use super::on_its_way::GIVE_UP_AFTER;
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Shorter waits are not worth a visible change.
const PATIENCE: Duration = Duration::from_millis(400);

/// Watches links and forms; renders nothing.
#[island]
pub fn Waiting() -> impl IntoView {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        mark(false);
    };
    let start = move || {
        stop();
        let wait = move || {
            mark(true);
            timer.set_value(set_timeout_with_handle(|| mark(false), GIVE_UP_AFTER).ok());
        };
        // A page that cannot set a timer shows no skeleton.
        timer.set_value(set_timeout_with_handle(wait, PATIENCE).ok());
    };
    Effect::new(move |_| {
        _ = window_event_listener(ev::submit, move |event| {
            if !event.default_prevented() && !says_so_itself(&event) {
                start();
            }
        });
        _ = window_event_listener(ev::click, move |event| {
            if leads_to_a_page(&event) {
                start();
            }
        });
        // The key that makes the browser stay on the page.
        _ = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" {
                stop();
            }
        });
        // A page restored from the back-forward cache is no longer waiting.
        _ = window_event_listener_untyped("pageshow", move |_| stop());
    });
}

fn mark(waiting: bool) {
    if let Some(root) = document().document_element() {
        // The attribute is the state; if it cannot be set there is nothing to do.
        _ = root.toggle_attribute_with_force("data-waiting", waiting);
    }
}

/// Whether the sent form shows its own progress.
fn says_so_itself(event: &ev::SubmitEvent) -> bool {
    let form = event
        .target()
        .and_then(|form| form.dyn_into::<Element>().ok());
    form.is_some_and(|form| form.has_attribute("data-says-so"))
}

/// Whether the click navigates this tab to another page of ours.
fn leads_to_a_page(event: &ev::MouseEvent) -> bool {
    let plain = event.button() == 0
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
        && !event.default_prevented();
    let link = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest("a[href^='/']").ok().flatten());
    plain && link.is_some()
}
