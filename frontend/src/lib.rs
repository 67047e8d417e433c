//! The browser's entry.

// Linking the crate is what brings its islands into the bundle.
use app as _;

/// Called by the page's script once the WASM is loaded: wakes the islands, nothing else.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
