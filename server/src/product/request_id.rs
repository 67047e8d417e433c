//! The number a customer can quote.

use crate::{clock::Clock, ids::Ids};
use app::model::RequestId;

/// Crockford's base 32: no I, L, O or U to misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `CHG-20261121-7K3M9QXV2A`: the day in Seoul and 50 random bits.
pub fn request_id(clock: &Clock, ids: &Ids) -> RequestId {
    let day = clock.today().as_str().replace('-', "");
    let random: String = ids
        .bytes::<10>()
        .into_iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    RequestId(format!("CHG-{day}-{random}"))
}

#[cfg(test)]
mod tests {
    use super::request_id;
    use crate::{clock::Clock, ids::Ids};
    use std::collections::HashSet;

    #[test]
    fn is_short_dated_and_new_each_time() {
        let clock = Clock::manual(1_793_458_800_000);
        let ids = Ids::seeded(1, clock.clone());
        let made: HashSet<_> = (0..1_000).map(|_| request_id(&clock, &ids).0).collect();
        assert_eq!(made.len(), 1_000);
        for id in made {
            assert!(id.starts_with("CHG-20261101-") && id.len() == 23, "{id}");
        }
    }
}
