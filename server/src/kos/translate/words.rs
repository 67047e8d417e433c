//! States that KOS sends as words.

use crate::kos::{korean_words, wire::Text};
use app::model::{LineStatus, PaymentStatus};

/// The state of a line; `None` for an unknown word.
pub(super) fn line_status(told: &Text) -> Option<LineStatus> {
    one_of(
        told,
        &[
            (LineStatus::Active, &["ACTIVE", "NORMAL", "IN_USE"]),
            (LineStatus::Active, &korean_words::LINE_ACTIVE),
            (
                LineStatus::Suspended,
                &["SUSPENDED", "SUSPEND", "PAUSED", "INACTIVE", "STOPPED"],
            ),
            (LineStatus::Suspended, &korean_words::LINE_SUSPENDED),
            (
                LineStatus::Terminated,
                &["TERMINATED", "CANCELLED", "CANCELED", "CLOSED"],
            ),
            (LineStatus::Terminated, &korean_words::LINE_TERMINATED),
        ],
    )
}

/// The state of a bill's payment; `None` for an unknown word.
pub(super) fn payment_status(told: &Text) -> Option<PaymentStatus> {
    one_of(
        told,
        &[
            (PaymentStatus::Paid, &["PAID"]),
            (PaymentStatus::Paid, &korean_words::BILL_PAID),
            (PaymentStatus::Unpaid, &["UNPAID"]),
            (PaymentStatus::Unpaid, &korean_words::BILL_UNPAID),
            (PaymentStatus::Overdue, &["OVERDUE"]),
            (PaymentStatus::Overdue, &korean_words::BILL_OVERDUE),
        ],
    )
}

fn one_of<T: Copy>(told: &Text, known: &[(T, &[&str])]) -> Option<T> {
    let word = told.0.as_deref()?.replace(' ', "");
    known
        .iter()
        .find(|(_, words)| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
        .map(|(meaning, _)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::{line_status, payment_status};
    use crate::kos::wire::Text;
    use app::model::{LineStatus as L, PaymentStatus as P};

    #[test]
    fn words_in_both_languages() {
        for (word, status) in [
            ("ACTIVE", Some(L::Active)),
            ("active", Some(L::Active)),
            ("사용중", Some(L::Active)),
            ("사용 중", Some(L::Active)),
            ("정지", Some(L::Suspended)),
            ("SUSPENDED", Some(L::Suspended)),
            ("해지", Some(L::Terminated)),
            ("INACTIVE", Some(L::Suspended)),
            ("PURPLE", None),
        ] {
            assert_eq!(line_status(&Text(Some(word.into()))), status, "{word}");
        }
        for (word, status) in [
            ("PAID", Some(P::Paid)),
            ("Overdue", Some(P::Overdue)),
            ("미납", Some(P::Unpaid)),
            ("CONFIRMED", None),
        ] {
            assert_eq!(payment_status(&Text(Some(word.into()))), status, "{word}");
        }
    }
}
