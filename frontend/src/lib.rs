//! The browser's entry.

// Linking the crate brings its islands into the bundle.
use app as _;

/// Called by the page's script once the WASM is loaded; it only hydrates the islands.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
