//! The names of cached answers. They show up in the cache's own logs and monitors, so they are keyed
//! hashes: without the key, all numbers there are would be tried within minutes.

use super::HeldLine;
use app::model::BillingMonth;
use aws_lc_rs::hmac;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// Bytes of a hash that a name carries.
const TAG_BYTES: usize = 16;
/// Tags that are remembered.
const MOST_TAGS: usize = 10_000;

/// Names the cached answers of a deployment. Replicas that share a secret agree on them; another
/// secret costs misses only.
#[derive(Clone)]
pub struct CacheKeys {
    keyed: hmac::Context,
    /// Of lines asked for lately: a hash costs more than to look it up.
    tags: Arc<Cache<HeldLine, Arc<str>>>,
}

impl CacheKeys {
    pub fn new(secret: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let mut keyed = hmac::Context::with_key(&key);
        keyed.update(b"phonebill cached line\0");
        Self {
            keyed,
            tags: Arc::new(Cache::new(MOST_TAGS)),
        }
    }

    pub(super) fn line(&self, line: &HeldLine, generation: i64) -> String {
        format!("line:{}:{generation}", self.tag(line))
    }

    /// `generation`: of the line, for a bill that shows the current plan.
    pub(super) fn bill(
        &self,
        line: &HeldLine,
        month: BillingMonth,
        generation: Option<i64>,
    ) -> String {
        let (line, month) = (self.tag(line), month.compact());
        match generation {
            Some(generation) => format!("bill:{line}:{month}:{generation}"),
            None => format!("bill:{line}:{month}"),
        }
    }

    /// Of the line and its customer: what was kept for one customer is not found for the next.
    fn tag(&self, line: &HeldLine) -> Arc<str> {
        if let Some(tag) = self.tags.get(line) {
            return tag;
        }
        let mut keyed = self.keyed.clone();
        keyed.update(owner(line).as_bytes());
        let tag: Arc<str> = hex::encode(&keyed.sign().as_ref()[..TAG_BYTES]).into();
        self.tags.insert(line.clone(), tag.clone());
        tag
    }
}

/// Stored inside an entry as its owner. A number has no blanks, so no two lines share one.
pub(super) fn owner(line: &HeldLine) -> String {
    format!("{} {}", line.number.as_str(), line.customer_id)
}

#[cfg(test)]
mod tests {
    use super::{CacheKeys, HeldLine, owner};
    use sha2::{Digest, Sha256};
    use std::collections::HashSet;

    fn held(number: &str, customer_id: &str) -> HeldLine {
        HeldLine {
            number: number.parse().unwrap(),
            customer_id: customer_id.to_owned(),
        }
    }

    fn names(secret: &str, line: &HeldLine) -> Vec<String> {
        let keys = CacheKeys::new(secret.as_bytes());
        let months = ["2026-11", "2026-10"].map(|month| month.parse().unwrap());
        vec![
            keys.line(line, 7),
            keys.line(line, 8),
            keys.bill(line, months[0], Some(7)),
            keys.bill(line, months[0], Some(8)),
            keys.bill(line, months[0], None),
            keys.bill(line, months[1], None),
        ]
    }

    #[test]
    fn each_deployment_line_customer_and_value_has_a_name_of_its_own() {
        let mut seen = HashSet::new();
        for secret in ["one", "another"] {
            for (number, customer) in [
                ("01012345678", "A"),
                ("01012345678", "B"),
                ("01012345679", "A"),
            ] {
                let line = held(number, customer);
                let named = names(secret, &line);
                assert_eq!(named, names(secret, &line), "replicas agree");
                seen.extend(named);
            }
        }
        assert_eq!(seen.len(), 2 * 3 * 6);
        let owners = [held("01012345678", "A"), held("01012345678", "B")];
        assert_ne!(owner(&owners[0]), owner(&owners[1]));
    }

    #[test]
    fn no_name_has_a_number_or_a_hash_that_anybody_can_make() {
        let line = held("01012345678", "CUST12345678");
        for text in [line.number.as_str(), &owner(&line), &line.customer_id] {
            let plain = hex::encode(&Sha256::digest(text)[..4]);
            for name in names("secret", &line) {
                assert!(!name.contains(&plain) && !name.contains(text), "{name}");
            }
        }
    }
}
