//! Loads that are running, one per key and replica.

use super::aside::Fresh;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};
use tokio::sync::watch;

/// The result of a load.
pub(super) type Outcome<T, E> = Result<Fresh<T>, E>;

/// A load that is running.
pub(super) struct Flight<T, E> {
    pub(super) outcome: watch::Receiver<Option<Outcome<T, E>>>,
    /// The key was forgotten meanwhile: the loaded value may be old and is not kept.
    pub(super) forgotten: Arc<AtomicBool>,
}

/// The running loads of one kind of value.
pub(super) struct Flights<T, E>(Mutex<HashMap<String, Flight<T, E>>>);

impl<T, E> Default for Flights<T, E> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T, E> Flights<T, E> {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<String, Flight<T, E>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes a load from the map when it ends, also by a panic.
pub(super) struct Landing<T, E> {
    pub(super) flights: Arc<Flights<T, E>>,
    pub(super) key: String,
    pub(super) forgotten: Arc<AtomicBool>,
}

impl<T, E> Drop for Landing<T, E> {
    fn drop(&mut self) {
        let mut flights = self.flights.lock();
        // A forgotten load has left the map; the one there now is its successor.
        let ours = flights
            .get(&self.key)
            .is_some_and(|flight| Arc::ptr_eq(&flight.forgotten, &self.forgotten));
        if ours {
            flights.remove(&self.key);
        }
    }
}
