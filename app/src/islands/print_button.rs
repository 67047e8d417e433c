//! Printing the page.

use crate::components::{
    button::Look,
    icon::{Icon, glyph},
};
use leptos::prelude::*;

/// Opens the browser's print dialogue; not there until it can.
#[island]
pub fn PrintButton(
    /// The label.
    children: Children,
) -> impl IntoView {
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    view! {
        <button
            type="button"
            class=Look::Secondary.class()
            hidden=move || !awake.get()
            on:click=move |_| {
                // A browser that cannot print has nothing to say about it.
                _ = window().print();
            }
        >
            <Icon glyph=glyph::PRINTER/>
            {children()}
        </button>
    }
}
