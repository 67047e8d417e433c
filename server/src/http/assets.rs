//! The built site: embedded in a release, read from disk under `cargo leptos watch`.

#[cfg(feature = "embed")]
mod embedded;
#[cfg(not(feature = "embed"))]
mod on_disk;

#[cfg(feature = "embed")]
pub(super) use embedded::{leptos_options, names, router, watching};
#[cfg(not(feature = "embed"))]
pub(super) use on_disk::{leptos_options, names, router, watching};
