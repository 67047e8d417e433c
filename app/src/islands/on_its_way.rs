//! A form that was sent is on its way until the page that answers it takes its place.

use leptos::{ev, prelude::*};

/// Whether the form of an island is on its way; the island sets it when the form is sent.
pub(super) fn on_its_way() -> RwSignal<bool> {
    let sent = RwSignal::new(false);
    Effect::new(move |_| {
        // A page that comes back from the history can be sent again.
        let back = window_event_listener_untyped("pageshow", move |_| sent.set(false));
        // So can one whose customer has stopped the browser on its way.
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
