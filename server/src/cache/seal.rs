//! Encryption of cached values that leave the process.
//!
//! AES-256-GCM-SIV: without the key nobody can read or make a value, and a value moved to another
//! cache key, or altered in any bit, does not open. The nonce is random; should one ever repeat,
//! GCM-SIV reveals only whether two values are equal.

use crate::ids::Ids;
use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    error::Unspecified,
    hkdf::{HKDF_SHA256, Salt},
};

/// Raised when the sealed form changes; values of other versions are misses.
const VERSION: u8 = 1;
/// Separates this use of the secret from every other.
const PURPOSE: &[u8] = b"phonebill cache v1";

/// Seals and opens values.
pub struct Sealer {
    key: LessSafeKey,
    /// Keys of replicas with another secret while it is being rotated.
    others: Vec<LessSafeKey>,
    ids: Ids,
}

impl Sealer {
    /// With a key of its own, derived from `secret`.
    ///
    /// # Errors
    /// Never for a secret of any length; the library's signature wants it.
    pub fn new(secret: &[u8], ids: Ids) -> Result<Self, Unspecified> {
        Ok(Self {
            key: key_of(secret)?,
            others: Vec::new(),
            ids,
        })
    }

    /// Also opens what was sealed with that secret.
    ///
    /// # Errors
    /// As [`Sealer::new`].
    pub fn opening(mut self, secret: &[u8]) -> Result<Self, Unspecified> {
        self.others.push(key_of(secret)?);
        Ok(self)
    }

    /// The bytes to keep under `key`: version, nonce, ciphertext and tag.
    pub fn seal(&self, key: &str, value: &[u8]) -> Option<Vec<u8>> {
        let nonce = self.ids.bytes::<NONCE_LEN>();
        let mut body = value.to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(bound_to(key)),
                &mut body,
            )
            .ok()?;
        Some([[VERSION].as_slice(), &nonce, &body].concat())
    }

    /// The value sealed under `key`; `None` for anything else.
    pub fn open(&self, key: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (&version, rest) = sealed.split_first()?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN)?;
        if version != VERSION {
            return None;
        }
        let bound = bound_to(key);
        let open = |secret: &LessSafeKey| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut body = body.to_vec();
            let opened = secret.open_in_place(nonce, Aad::from(&bound), &mut body);
            let length = opened.ok()?.len();
            body.truncate(length);
            Some(body)
        };
        open(&self.key).or_else(|| self.others.iter().find_map(open))
    }
}

fn key_of(secret: &[u8]) -> Result<LessSafeKey, Unspecified> {
    let secret = Salt::new(HKDF_SHA256, PURPOSE).extract(secret);
    let okm = secret.expand(&[PURPOSE], &AES_256_GCM_SIV)?;
    Ok(LessSafeKey::new(UnboundKey::from(okm)))
}

fn bound_to(key: &str) -> Vec<u8> {
    [&[VERSION], key.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::Sealer;
    use crate::{clock::Clock, ids::Ids};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(secret.as_bytes(), Ids::seeded(7, Clock::manual(0))).unwrap()
    }

    /// Rotation: every replica verifies both, some sign with the one and some with the other.
    #[test]
    fn replicas_open_each_others_values_while_the_secret_is_replaced() {
        let replacing = |own: &str, other: &str| sealer(own).opening(other.as_bytes()).unwrap();
        let (old, new) = (replacing("old", "new"), replacing("new", "old"));
        for (from, to) in [(&old, &new), (&new, &old)] {
            let sealed = from.seal("bill:1", b"one").unwrap();
            assert_eq!(to.open("bill:1", &sealed).as_deref(), Some(&b"one"[..]));
            assert_eq!(sealer("third").open("bill:1", &sealed), None);
        }
    }

    #[test]
    fn opens_under_its_own_key_and_secret_only() {
        let ours = sealer("ours");
        let sealed = ours.seal("bill:1", b"one").unwrap();
        assert_eq!(ours.open("bill:1", &sealed).as_deref(), Some(&b"one"[..]));
        assert_eq!(ours.open("bill:2", &sealed), None);
        assert_eq!(sealer("theirs").open("bill:1", &sealed), None);
        // Not readable either, and not the same twice.
        assert!(!sealed.windows(3).any(|window| window == b"one"));
        assert_ne!(ours.seal("bill:1", b"one").unwrap(), sealed);
    }

    #[test]
    fn an_empty_value_is_a_value() {
        let sealed = sealer("ours").seal("key", b"").unwrap();
        assert_eq!(
            sealer("ours").open("key", &sealed).as_deref(),
            Some(&[][..])
        );
        assert_eq!(sealer("ours").open("key", b""), None);
    }

    static OURS: LazyLock<Sealer> = LazyLock::new(|| sealer("ours"));

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100_000) })]

        #[test]
        fn nothing_altered_is_opened(
            // Short, because a hundred thousand are made: every part of a seal is longer than a value.
            value in proptest::collection::vec(any::<u8>(), 0..12),
            alteration in 0..5u8, at in any::<prop::sample::Index>(), bit in 0..8u8,
            other in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let sealer = &*OURS;
            let whole = sealer.seal("key", &value).unwrap();
            let mut altered = whole.clone();
            match alteration {
                0 => altered[at.index(whole.len())] ^= 1 << bit,
                1 => altered.truncate(at.index(whole.len())),
                2 => altered.extend_from_slice(&[bit]),
                // Version 0 or another one, the rest untouched.
                3 => altered[0] = if bit == 1 { 0 } else { bit },
                _ => altered = other,
            }
            prop_assume!(altered != whole);
            prop_assert_eq!(sealer.open("key", &altered), None);
        }
    }
}
