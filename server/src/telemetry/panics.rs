//! Panics in the log.

use std::{panic, thread};

/// Logs the place and the thread of every panic from now on. What the panic says may hold personal data,
/// and Rust's own hook would print it, outside the log; it goes nowhere.
pub(super) fn log_them() {
    panic::set_hook(Box::new(|panic| {
        tracing::error!(
            place = panic.location().map(tracing::field::display),
            thread = thread::current().name(),
            "a panic"
        );
    }));
}
