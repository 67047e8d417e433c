//! The envelope of a cached value, so that nothing but the right value is ever served.
//!
//! JSON that names its key and its owner, which detects mix-ups of our own. Encryption
//! ([`super::SealedCache`]) protects against damage and against others who can write to the cache.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Raised when the stored form changes; other versions are misses.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Wrapping<'a, T> {
    version: u32,
    key: &'a str,
    owner: &'a str,
    as_of_ms: i64,
    fresh_until_ms: i64,
    value: &'a T,
}

#[derive(Deserialize)]
struct Wrapped<T> {
    version: u32,
    key: String,
    owner: String,
    as_of_ms: i64,
    fresh_until_ms: i64,
    value: T,
}

/// A value taken out of its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened<T> {
    pub value: T,
    /// When the source returned it, epoch milliseconds.
    pub as_of_ms: i64,
    /// Served without asking again until then, epoch milliseconds.
    pub fresh_until_ms: i64,
}

impl<T> Opened<T> {
    /// The same, shared.
    pub fn shared(self) -> Opened<Arc<T>> {
        Opened {
            value: Arc::new(self.value),
            as_of_ms: self.as_of_ms,
            fresh_until_ms: self.fresh_until_ms,
        }
    }
}

/// The bytes to keep; `None` when the value has no JSON form.
pub fn wrap<T: Serialize>(key: &str, owner: &str, opened: &Opened<T>) -> Option<Vec<u8>> {
    serde_json::to_vec(&Wrapping {
        version: VERSION,
        key,
        owner,
        as_of_ms: opened.as_of_ms,
        fresh_until_ms: opened.fresh_until_ms,
        value: &opened.value,
    })
    .ok()
}

/// The value, if the bytes are whole, of this version, and stored under this key for this owner.
pub fn unwrap<T: DeserializeOwned>(key: &str, owner: &str, bytes: &[u8]) -> Option<Opened<T>> {
    let wrapped: Wrapped<T> = serde_json::from_slice(bytes).ok()?;
    let ours = wrapped.version == VERSION && wrapped.key == key && wrapped.owner == owner;
    ours.then_some(Opened {
        value: wrapped.value,
        as_of_ms: wrapped.as_of_ms,
        fresh_until_ms: wrapped.fresh_until_ms,
    })
}

#[cfg(test)]
mod tests {
    use super::{Opened, Wrapping, unwrap, wrap};

    fn bill() -> Opened<String> {
        Opened {
            value: "bill".to_owned(),
            as_of_ms: 10,
            fresh_until_ms: 20,
        }
    }

    #[test]
    fn opens_under_its_own_key_owner_and_type_only() {
        let bytes = wrap("key", "owner", &bill()).unwrap();
        assert_eq!(unwrap("key", "owner", &bytes), Some(bill()));
        assert_eq!(unwrap::<String>("other", "owner", &bytes), None);
        assert_eq!(unwrap::<String>("key", "other", &bytes), None);
        assert_eq!(unwrap::<u32>("key", "owner", &bytes), None);
    }

    #[test]
    fn a_cut_value_is_a_miss() {
        let bytes = wrap("key", "owner", &bill()).unwrap();
        for at in 0..bytes.len() {
            assert_eq!(unwrap::<String>("key", "owner", &bytes[..at]), None, "{at}");
        }
    }

    #[test]
    fn a_newer_version_is_a_miss() {
        let json = serde_json::to_vec(&Wrapping {
            version: 2,
            key: "key",
            owner: "owner",
            as_of_ms: 10,
            fresh_until_ms: 20,
            value: &"bill",
        })
        .unwrap();
        assert_eq!(unwrap::<String>("key", "owner", &json), None);
    }
}
