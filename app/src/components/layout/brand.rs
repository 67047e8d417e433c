//! The logo of the service.

use crate::text::{Lang, frame::Frame};
use leptos::prelude::*;

/// Signal bars that are also the months of a bill, and the service's name.
#[component]
pub fn Brand(#[prop(optional)] lang: Lang) -> impl IntoView {
    view! {
        <span class="brand">
            <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <rect class="plate" width="32" height="32" rx="9"/>
                <rect class="bar" x="7.5" y="17" width="4.5" height="8" rx="1.6"/>
                <rect class="bar" x="13.75" y="12" width="4.5" height="13" rx="1.6"/>
                <rect class="bar now" x="20" y="7" width="4.5" height="18" rx="1.6"/>
            </svg>
            <span>{Frame::of(lang).service}</span>
        </span>
    }
    .into_any()
}
