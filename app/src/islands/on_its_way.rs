//! The state of a form between being sent and being replaced by the answering page.

use crate::api::call::GIVE_UP_AFTER_MS;
use leptos::{ev, prelude::*};
use std::time::Duration;

/// Nothing tells that a customer has stopped the loading by the browser's own button.
pub(super) const GIVE_UP_AFTER: Duration = Duration::from_millis(GIVE_UP_AFTER_MS as u64);

/// Whether an island's form has been sent; the island sets it.
pub(super) fn on_its_way() -> RwSignal<bool> {
    let sent = RwSignal::new(false);
    Effect::new(move |_| {
        if sent.get() {
            set_timeout(move || sent.set(false), GIVE_UP_AFTER);
        }
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
