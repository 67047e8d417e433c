//! The answer of an idempotency key, replayed byte for byte.
//!
//! Keys belong to the account. The first answer wins, whoever of several writes it, and is kept as
//! JSON: reading it back and writing it again gives the same bytes.

use app::{
    model::{Change, ChangeDraft},
    problem::Problem,
};
use sha2::{Digest, Sha256};

/// What `POST /product/request` answered.
pub type Answer = Result<Change, Problem>;

/// What a key stands for: the same key with another body has another one.
pub fn fingerprint(draft: &ChangeDraft) -> String {
    // No part can contain the separator.
    let request = format!(
        "{}\n{}\n{}",
        draft.line_id, draft.current_product_code, draft.target_product_code
    );
    hex::encode(Sha256::digest(request))
}

/// The stored form.
pub fn encode(answer: &Answer) -> String {
    serde_json::json!(answer).to_string()
}

/// The answer as it was first given.
pub fn decode(text: &str) -> Result<Answer, serde_json::Error> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, fingerprint};
    use crate::product::record::{Outcome, tests::record};
    use app::{
        model::{ChangeDraft, CheckResult, CheckType, LineId, RejectReason, Verdict},
        problem::{Problem, ProblemCode},
    };

    #[test]
    fn an_answer_survives_storage_byte_for_byte() {
        let rejected = record().ended(Outcome::Rejected(RejectReason::Refused), 1);
        let checks = vec![CheckResult {
            check: CheckType::LineInUse,
            result: Verdict::Fail,
            message: "…".into(),
        }];
        let precheck = Problem::of(ProblemCode::PrecheckFailed)
            .with_checks(checks)
            .traced("trace-01");
        for answer in [record().answer(), rejected.answer(), Err(precheck)] {
            let stored = encode(&answer);
            let replayed = decode(&stored).unwrap();
            assert_eq!(replayed, answer);
            assert_eq!(encode(&replayed), stored);
            if let (Err(first), Err(again)) = (&answer, replayed) {
                let again = again.traced("trace-02");
                assert_eq!(
                    serde_json::to_string(first).unwrap(),
                    serde_json::to_string(&again).unwrap()
                );
            }
        }
    }

    #[test]
    fn every_part_of_the_request_counts() {
        let draft = |line: &str, from: &str, to: &str| {
            fingerprint(&ChangeDraft {
                line_id: LineId(line.into()),
                current_product_code: from.parse().unwrap(),
                target_product_code: to.parse().unwrap(),
            })
        };
        let one = draft("L1", "A", "B");
        assert_eq!(one, draft("L1", "A", "B"));
        for other in [
            draft("L2", "A", "B"),
            draft("L1", "C", "B"),
            draft("L1", "A", "C"),
        ] {
            assert_ne!(one, other);
        }
    }
}
