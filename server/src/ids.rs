//! Randomness and ids, injected. No other module draws random numbers.

use crate::clock::Clock;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Builder;

/// A source of unguessable bytes; from the operating system, or from a seed in tests.
#[derive(Clone)]
pub struct Ids {
    rng: Arc<Mutex<StdRng>>,
    clock: Clock,
}

impl Ids {
    /// Seeded once from the operating system.
    pub fn random(clock: Clock) -> Self {
        Self {
            rng: Arc::new(Mutex::new(rand::make_rng())),
            clock,
        }
    }

    /// The same ids for the same seed; tests only.
    pub fn seeded(seed: u64, clock: Clock) -> Self {
        Self {
            rng: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))),
            clock,
        }
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        bytes
    }

    /// A time-ordered UUID (version 7), for rows and requests.
    pub fn uuid(&self) -> String {
        let ms = u64::try_from(self.clock.now_ms()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(ms, &self.bytes())
            .into_uuid()
            .to_string()
    }

    /// 256 random bits as 43 URL-safe characters, for tokens and nonces.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// A number in `0.0..1.0`, for jitter.
    pub fn fraction(&self) -> f64 {
        f64::from(u32::from_le_bytes(self.bytes())) / (f64::from(u32::MAX) + 1.0)
    }
}
