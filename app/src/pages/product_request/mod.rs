//! SCR-007: what changes, the three checks, and the form that asks for the change.
//!
//! A visit has one idempotency key, kept in the address: reloading or coming back sends the same key
//! again, and a new visit from SCR-006 gets a new one.
//!
//! - `visit`: reads the address and renders the screen
//! - `made`: redirects to the change that the key has started, or to a new key
//! - `facts`: loads the plans, an open change, the last bills and, without a script, the checks
//! - `refused_notice`: the problem of the last post
//! - `request`, `from_to`, `confirm`: the two plans, the checks, the form

mod confirm;
mod facts;
mod from_to;
mod made;
mod refused_notice;
mod request;
mod visit;

use crate::page_request::with_page;
use leptos::prelude::*;

/// The page.
#[component]
pub fn ProductRequest() -> impl IntoView {
    with_page(visit::screen)
}
