//! The chain that seals the history of a line. Pure.
//!
//! Every event carries the hash of the one before it and its own, so that whoever alters, removes
//! or inserts one has to alter every later one of the line too, and the receipts that customers
//! hold no longer agree.
//!
//! # Encoding, version 1
//!
//! `hash = SHA-256(field(version) ‖ field(prev) ‖ field(line) ‖ field(seq) ‖ field(event id) ‖
//! field(request id) ‖ field(state) ‖ field(payload) ‖ field(recorded at) ‖ field(note))`, where
//! `field(x)` is the length of `x` in bytes as eight bytes, big-endian, and then `x` in UTF-8:
//! no two different rows have the same encoding. `version` is [`VERSION`], `prev` and the result
//! are lower-case hex, numbers are decimal, an absent note is empty. The first event of a line has
//! [`genesis`] as its `prev`. Another encoding gets another [`VERSION`] and another genesis.

use app::model::Receipt;
use sha2::{Digest, Sha256};

/// Names the encoding; part of every hash.
const VERSION: &str = "phonebill.history.v1";
/// Hexadecimal digits of the hash that a receipt shows.
const SHOWN: usize = 12;

/// An event as it is sealed.
#[derive(Clone, Copy, Debug)]
pub struct SealedEvent<'a> {
    pub line_number: &'a str,
    /// 1, 2, 3 … of the line.
    pub line_seq: i64,
    pub event_id: &'a str,
    pub request_id: &'a str,
    pub state: &'a str,
    pub payload: &'a str,
    /// Epoch milliseconds.
    pub recorded_at_ms: i64,
    pub note: Option<&'a str>,
}

/// What the first event of a line is sealed to.
pub fn genesis(line_number: &str) -> String {
    let mut hasher = Sha256::new();
    field(&mut hasher, VERSION);
    field(&mut hasher, "genesis");
    field(&mut hasher, line_number);
    hex::encode(hasher.finalize())
}

/// The hash of an event that follows `prev`.
pub fn seal(event: &SealedEvent<'_>, prev: &str) -> String {
    let mut hasher = Sha256::new();
    for text in [
        VERSION,
        prev,
        event.line_number,
        &event.line_seq.to_string(),
        event.event_id,
        event.request_id,
        event.state,
        event.payload,
        &event.recorded_at_ms.to_string(),
        event.note.unwrap_or_default(),
    ] {
        field(&mut hasher, text);
    }
    hex::encode(hasher.finalize())
}

/// What the customer holds: the number of the event and the beginning of its hash.
pub fn receipt(line_seq: i64, hash: &str) -> Receipt {
    Receipt(format!("{line_seq}-{}", hash.get(..SHOWN).unwrap_or(hash)))
}

fn field(hasher: &mut Sha256, text: &str) {
    hasher.update((text.len() as u64).to_be_bytes());
    hasher.update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{SealedEvent, genesis, receipt, seal};
    use std::collections::HashSet;

    const EVENT: SealedEvent<'_> = SealedEvent {
        line_number: "01012345678",
        line_seq: 1,
        event_id: "event-1",
        request_id: "CHG-1",
        state: "COMPLETED",
        payload: "{}",
        recorded_at_ms: 1_795_000_000_000,
        note: None,
    };

    /// Known from an encoding written in Python (`hashlib`, `struct.pack(">Q", …)`): the encoding
    /// is a promise to everybody who checks a receipt, so it does not change by accident.
    #[test]
    fn the_encoding_is_the_documented_one() {
        let genesis = genesis("01012345678");
        assert_eq!(
            genesis,
            "88960f0e9c47daf8e33769140f8c0d55b79d2191ed083ecc2b1fa66e4c76c856"
        );
        let hash = seal(&EVENT, &genesis);
        assert_eq!(
            hash,
            "beb449e8a08c2b3a3ebf3729cc7b68741d9218e26f1441339268d092f501cfd3"
        );
        assert_eq!(receipt(1, &hash).0, "1-beb449e8a08c");
    }

    #[test]
    fn every_part_counts() {
        let prev = genesis("01012345678");
        let rows = [
            EVENT,
            SealedEvent {
                line_number: "01012345679",
                ..EVENT
            },
            SealedEvent {
                line_seq: 2,
                ..EVENT
            },
            SealedEvent {
                event_id: "event-2",
                ..EVENT
            },
            SealedEvent {
                request_id: "CHG-2",
                ..EVENT
            },
            SealedEvent {
                state: "REJECTED",
                ..EVENT
            },
            SealedEvent {
                payload: "{ }",
                ..EVENT
            },
            SealedEvent {
                recorded_at_ms: 1,
                ..EVENT
            },
            SealedEvent {
                note: Some("seen in KOS"),
                ..EVENT
            },
            // The same bytes, cut elsewhere.
            SealedEvent {
                event_id: "event-1C",
                request_id: "HG-1",
                ..EVENT
            },
        ];
        let mut hashes: HashSet<_> = rows.iter().map(|row| seal(row, &prev)).collect();
        hashes.insert(seal(&EVENT, &genesis("01012345679")));
        assert_eq!(hashes.len(), rows.len() + 1);
    }
}
