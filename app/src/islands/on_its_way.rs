//! The state of a form between being sent and being replaced by the answering page.

use crate::api::call::GIVE_UP_AFTER_MS;
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// Nothing tells that a customer has stopped the loading by the browser's own button.
pub(super) const GIVE_UP_AFTER: Duration = Duration::from_millis(GIVE_UP_AFTER_MS as u64);

/// Whether an island's form has been sent; the island sets it.
pub(super) fn on_its_way() -> RwSignal<bool> {
    let sent = RwSignal::new(false);
    // The timer of an earlier send must not end a later one.
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        let give_up = move || sent.set(false);
        let timer = sent
            .get()
            .then(|| set_timeout_with_handle(give_up, GIVE_UP_AFTER));
        timer.and_then(Result::ok)
    });
    Effect::new(move |_| {
        // A page restored from the history can be sent again.
        let back = window_event_listener_untyped("pageshow", move |_| sent.set(false));
        // So can a page whose loading the customer stopped.
        let stopped = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" {
                sent.set(false);
            }
        });
        on_cleanup(move || {
            back.remove();
            stopped.remove();
        });
    });
    sent
}
