//! Whose tries are counted: an id's, or those of a browser that has logged in with it.
//!
//! Whoever knows an id can lock it with five wrong passwords. A **device cookie** (OWASP) keeps its owner
//! out of that: it proves that this browser has logged in with this id before, and such a browser's tries
//! are counted apart ([ADR 26](../../../docs/adr/0026-a-known-browser-keeps-its-own-tries.md)). It admits
//! nobody: the password is asked for as ever, five times at most.

use crate::config::AuthConfig;
use app::model::LoginId;
use aws_lc_rs::{constant_time, hmac};
use secrecy::ExposeSecret;
use std::fmt;

/// Between the hash of the id, the name of the browser and its proof.
const DOT: char = '.';

/// Names for the known browsers of an id. More browsers share them: otherwise whoever once knew the
/// password could collect cookies, each of which buys five guesses at the next one.
const NAMES: u8 = 8;

/// Turns login ids into the keys of `auth_attempt`, of rate limits and of logs, and signs device cookies.
/// Without the secret nobody can tell whose row it is.
#[derive(Clone)]
pub struct IdHasher {
    ids: hmac::Context,
    devices: hmac::Context,
}

/// The key of a count of tries: the id's hash, and the browser if it is a known one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptKey {
    id_hash: String,
    device: Option<String>,
}

impl IdHasher {
    pub fn new(config: &AuthConfig) -> Self {
        let secret = config.naming_secret().expose_secret().as_bytes();
        // A short secret is refused when `Auth` is made.
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let keyed_for = |purpose: &[u8]| {
            let mut keyed = hmac::Context::with_key(&key);
            keyed.update(purpose);
            keyed
        };
        Self {
            ids: keyed_for(b"phonebill login id\0"),
            devices: keyed_for(b"phonebill device cookie\0"),
        }
    }

    /// 64 hexadecimal characters.
    pub fn hash(&self, user_id: &LoginId) -> String {
        signed(&self.ids, user_id.as_str())
    }

    /// What a login counts against. A cookie that was not issued for that id counts as none.
    pub fn key(&self, user_id: &LoginId, device_cookie: Option<&str>) -> AttemptKey {
        let id_hash = self.hash(user_id);
        let device = device_cookie.and_then(|cookie| self.device(&id_hash, cookie));
        AttemptKey { id_hash, device }
    }

    /// The cookie of the browser that logged in: the one it has, or one with a name drawn by `random`.
    pub(super) fn device_cookie(&self, key: &AttemptKey, random: u8) -> String {
        let named = key.device.clone();
        let device = named.unwrap_or_else(|| self.name(&key.id_hash, random % NAMES));
        let proof = self.proof(&key.id_hash, &device);
        format!("{device}{DOT}{proof}")
    }

    /// 32 hexadecimal characters, apart from any other name of any id.
    fn name(&self, id_hash: &str, number: u8) -> String {
        let mut name = signed(&self.devices, &format!("{id_hash}{DOT}{DOT}{number}"));
        name.truncate(32);
        name
    }

    fn device(&self, id_hash: &str, cookie: &str) -> Option<String> {
        let (device, proof) = cookie.split_once(DOT)?;
        let expected = self.proof(id_hash, device);
        constant_time::verify_slices_are_equal(expected.as_bytes(), proof.as_bytes()).ok()?;
        Some(device.to_owned())
    }

    fn proof(&self, id_hash: &str, device: &str) -> String {
        signed(&self.devices, &format!("{id_hash}{DOT}{device}"))
    }
}

impl AttemptKey {
    pub fn id_hash(&self) -> &str {
        &self.id_hash
    }

    /// Whether the browser has logged in with this id before.
    pub fn is_known_browser(&self) -> bool {
        self.device.is_some()
    }
}

impl fmt::Display for AttemptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id_hash)?;
        match &self.device {
            Some(device) => write!(f, "{DOT}{device}"),
            None => Ok(()),
        }
    }
}

fn signed(keyed: &hmac::Context, text: &str) -> String {
    let mut keyed = keyed.clone();
    keyed.update(text.as_bytes());
    hex::encode(keyed.sign())
}

#[cfg(test)]
mod tests {
    use super::IdHasher;
    use crate::config::Layers;
    use app::model::LoginId;

    fn hasher(secret: &str) -> IdHasher {
        let secret = ("PHONEBILL__AUTH__ID_SECRET".to_owned(), secret.to_owned());
        let layers = Layers::default().environment(&[secret].into());
        IdHasher::new(&layers.finish().unwrap().auth)
    }

    fn id(user_id: &str) -> LoginId {
        user_id.parse().unwrap()
    }

    #[test]
    fn a_cookie_is_good_for_its_id_and_its_secret_only() {
        let hasher = hasher("a secret of the tests, 32 bytes or more");
        let stranger = hasher.key(&id("minsu"), None);
        assert_eq!(stranger.to_string(), hasher.hash(&id("minsu")));
        let cookie = hasher.device_cookie(&stranger, 7);

        let known = hasher.key(&id("minsu"), Some(&cookie));
        assert!(known.is_known_browser());
        let (name, _) = cookie.split_once('.').unwrap();
        assert_eq!(known.to_string(), format!("{stranger}.{name}"));
        assert_eq!(known.id_hash(), stranger.id_hash());
        // The browser keeps its name at its next login.
        assert_eq!(hasher.device_cookie(&known, 6), cookie);

        let other = self::hasher("another secret of tests, 32 bytes or more");
        assert!(!other.key(&id("minsu"), Some(&cookie)).is_known_browser());
        assert!(!hasher.key(&id("jiyoung"), Some(&cookie)).is_known_browser());
    }

    #[test]
    fn what_was_not_issued_is_no_cookie() {
        let hasher = hasher("a secret of the tests, 32 bytes or more");
        let stranger = hasher.key(&id("minsu"), None);
        let cookie = hasher.device_cookie(&stranger, 7);
        let (device, proof) = cookie.split_once('.').unwrap();
        for forged in [
            String::new(),
            ".".to_owned(),
            device.to_owned(),
            format!("{device}."),
            format!(".{proof}"),
            format!("{}.{proof}", "08".repeat(16)),
            format!("{device}.{}", proof.to_uppercase()),
            format!("{device}.{proof}0"),
            format!("{device}.{proof}.{proof}"),
            format!("{device}.{}", stranger.id_hash()),
        ] {
            assert_eq!(
                hasher.key(&id("minsu"), Some(&forged)),
                stranger,
                "{forged}"
            );
        }
    }
}
