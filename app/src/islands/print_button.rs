//! The print button.

use crate::components::{
    button::Look,
    icon::{Icon, glyph},
};
use leptos::prelude::*;

/// Opens the browser's print dialogue; hidden until it can.
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
                // If the browser cannot print, nothing is left to do.
                _ = window().print();
            }
        >
            <Icon glyph=glyph::PRINTER/>
            {children()}
        </button>
    }
}
