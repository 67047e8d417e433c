//! A line as its customer's: numbers are given to somebody else after their customer has left.

use super::{KosError, Refusal};
use app::model::{Line, LineNumber, Principal};

/// A line, and the customer whose it is by our records.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HeldLine {
    pub number: LineNumber,
    /// The customer's id at KOS.
    pub customer_id: String,
}

impl HeldLine {
    pub fn of(who: &Principal, line: &Line) -> Self {
        Self {
            number: line.line_number.clone(),
            customer_id: who.user.customer_id.clone(),
        }
    }

    /// Refuses an answer about another customer's line. One that does not tell whose it is proves
    /// nothing: not every KOS tells, and then our record stands.
    ///
    /// # Errors
    /// [`Refusal::LineNotFound`], as for a line that KOS does not know.
    pub(super) fn check(&self, told: Option<&str>) -> Result<(), KosError> {
        match told {
            Some(customer_id) if customer_id != self.customer_id => {
                tracing::warn!("KOS names another customer for a line; answered as no such line");
                Err(KosError::Refused(Refusal::LineNotFound))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HeldLine;
    use crate::kos::{KosError, Refusal};

    #[test]
    fn another_customers_line_is_no_line_and_silence_proves_nothing() {
        let line = HeldLine {
            number: "01012345678".parse().unwrap(),
            customer_id: "CUST1".to_owned(),
        };
        assert!(line.check(Some("CUST1")).is_ok());
        assert!(line.check(None).is_ok());
        for other in ["CUST2", "cust1", "CUST", ""] {
            let told = line.check(Some(other));
            let refused = matches!(told, Err(KosError::Refused(Refusal::LineNotFound)));
            assert!(refused, "{other}");
        }
    }
}
