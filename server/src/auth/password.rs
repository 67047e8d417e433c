//! Password hashing: argon2id on few threads behind a bounded queue.
//!
//! argon2id at OWASP's parameters is bound by memory: one thread hashes as fast as two, and leaves a core
//! free for other work.

use super::{hash_threads::HashThreads, password_cost};
use crate::{config::AuthConfig, ids::Ids};
use app::model::Password;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hashing failed; never because the password was wrong.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    #[error("argon2 refused")]
    Argon2(#[from] argon2::password_hash::Error),
    #[error("the argon2 parameters are out of range")]
    Parameters(#[source] argon2::Error),
    #[error("a hashing thread ended")]
    Thread,
    #[error("a hashing thread could not be started")]
    Start(#[from] std::io::Error),
}

/// A place in the queue; a check needs one.
pub(super) struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

/// The result of a check.
pub(super) struct Checked {
    pub matches: bool,
    /// The same password under today's parameters, when the stored ones are weaker.
    pub rehashed: Option<String>,
}

#[derive(Clone)]
pub(super) struct Hasher {
    argon2: Argon2<'static>,
    /// Checked in place of an account that does not exist: the same parameters, matched by no password.
    dummy: PasswordHash,
    queue: Arc<Semaphore>,
    places: usize,
    threads: HashThreads,
    ids: Ids,
    checks: Arc<AtomicU64>,
    /// In KiB filled.
    work: Arc<AtomicU64>,
}

impl Hasher {
    /// # Errors
    /// [`HashError`] when the parameters are out of argon2's range.
    pub fn new(config: &AuthConfig, ids: Ids) -> Result<Self, HashError> {
        let params = Params::new(
            config.argon2_memory_kib,
            config.argon2_passes,
            config.argon2_lanes,
            None,
        )
        .map_err(HashError::Parameters)?;
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let workers = cores.saturating_sub(1).max(1);
        let dummy = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(Salt::new(&ids.bytes::<16>()).map_err(argon2::password_hash::Error::from)?),
            hash: Some(
                Output::new(&ids.bytes::<32>()).map_err(argon2::password_hash::Error::from)?,
            ),
        };
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            dummy,
            queue: Arc::new(Semaphore::new(config.hash_queue + workers)),
            places: config.hash_queue + workers,
            threads: HashThreads::start(workers)?,
            ids,
            checks: Arc::default(),
            work: Arc::default(),
        })
    }

    /// A place in the queue, or `None` when it is full.
    pub fn place(&self) -> Option<Place> {
        self.queue.clone().try_acquire_owned().ok().map(Place)
    }

    /// Places taken at this moment: checks that run or wait.
    pub fn waiting(&self) -> usize {
        self.places.saturating_sub(self.queue.available_permits())
    }

    /// Password checks since the start, dummy ones included.
    pub fn checks(&self) -> u64 {
        self.checks.load(Ordering::Relaxed)
    }

    /// KiB that checks have filled since the start.
    pub fn work(&self) -> u64 {
        self.work.load(Ordering::Relaxed)
    }

    /// Checks a password. Without a stored hash it does the same work and never matches; so does a wrong
    /// password under a stored hash that is cheaper than today's, or its time would tell that the id is
    /// known.
    ///
    /// # Errors
    /// [`HashError`] when the stored hash is malformed or argon2 fails.
    pub async fn check(
        &self,
        _place: &Place,
        password: &Password,
        stored: Option<&str>,
    ) -> Result<Checked, HashError> {
        let stored = match stored {
            Some(text) => PasswordHash::new(text).map_err(argon2::password_hash::Error::from)?,
            None => self.dummy.clone(),
        };
        let password = password.clone();
        let hasher = self.clone();
        self.on_worker(move || {
            hasher.checks.fetch_add(1, Ordering::Relaxed);
            let matches = hasher.verify_now(&password, &stored);
            if !matches {
                hasher.make_up(&password, &stored)?;
            }
            let rehashed = (matches && hasher.is_weaker(&stored))
                .then(|| hasher.hash_now(&password))
                .transpose()?;
            Ok(Checked { matches, rehashed })
        })
        .await
    }

    /// Whether the password is the stored one, waiting for a worker.
    ///
    /// # Errors
    /// [`HashError`] when the stored hash is malformed.
    pub async fn matches(&self, password: &Password, stored: &str) -> Result<bool, HashError> {
        let stored = PasswordHash::new(stored).map_err(argon2::password_hash::Error::from)?;
        let (hasher, password) = (self.clone(), password.clone());
        self.on_worker(move || Ok(hasher.verify_now(&password, &stored)))
            .await
    }

    /// Hashes a new password, waiting for a worker.
    ///
    /// # Errors
    /// [`HashError`] when argon2 fails.
    pub async fn hash(&self, password: &Password) -> Result<String, HashError> {
        let hasher = self.clone();
        let password = password.clone();
        self.on_worker(move || hasher.hash_now(&password)).await
    }

    async fn on_worker<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let done = self.threads.run(work).await;
        done.ok_or(HashError::Thread)?
    }

    fn verify_now(&self, password: &Password, stored: &PasswordHash) -> bool {
        self.worked(
            Params::try_from(stored)
                .as_ref()
                .map_or(0, password_cost::kib),
        );
        let password = password.expose().as_bytes();
        self.argon2.verify_password(password, stored).is_ok()
    }

    /// Does what today's parameters cost beyond those of the stored hash.
    fn make_up(&self, password: &Password, stored: &PasswordHash) -> Result<(), HashError> {
        let stored = Params::try_from(stored).ok();
        let Some(rest) = password_cost::beyond(stored.as_ref(), self.argon2.params()) else {
            return Ok(());
        };
        self.worked(password_cost::kib(&rest));
        let salt = self.ids.bytes::<16>();
        let mut unused = [0; Params::DEFAULT_OUTPUT_LEN];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, rest)
            .hash_password_into(password.expose().as_bytes(), &salt, &mut unused)
            .map_err(argon2::password_hash::Error::from)?;
        Ok(())
    }

    fn worked(&self, kib: u64) {
        self.work.fetch_add(kib, Ordering::Relaxed);
    }

    fn hash_now(&self, password: &Password) -> Result<String, HashError> {
        let salt = self.ids.bytes::<16>();
        let hash: PasswordHash = self
            .argon2
            .hash_password_with_salt(password.expose().as_bytes(), &salt)?;
        Ok(hash.to_string())
    }

    fn is_weaker(&self, stored: &PasswordHash) -> bool {
        let today = self.argon2.params();
        Params::try_from(stored).map_or(true, |stored| {
            stored.m_cost() < today.m_cost()
                || stored.t_cost() < today.t_cost()
                || stored.p_cost() < today.p_cost()
        })
    }
}
