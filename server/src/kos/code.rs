//! KOS's result codes and what they mean here.

use app::model::RejectReason;

/// A refusal about the customer's own data. It is an answer, not a failure: a success for the
/// breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("no such line")]
    LineNotFound,
    #[error("the line is not in use")]
    LineNotActive,
    #[error("no bill for that month")]
    NoBill,
    #[error("no such product")]
    ProductNotFound,
    #[error("the product is no longer on sale")]
    ProductNotOnSale,
    #[error("the product is another operator's")]
    OperatorMismatch,
    #[error("the line is on another product")]
    CurrentProductChanged,
    #[error("the facts of the product are missing")]
    ProductFactsMissing,
    #[error("no such change")]
    ChangeNotFound,
    /// 9001 to 9006: this side sent something wrong. Nothing was done.
    #[error("KOS calls the request malformed")]
    Malformed,
    /// 2099, and unknown codes of the refusing families.
    #[error("refused without a reason of its own")]
    Other,
}

impl Refusal {
    /// The reason shown to the customer when a change was refused.
    pub fn reject_reason(self) -> RejectReason {
        match self {
            Self::LineNotFound => RejectReason::LineNotFound,
            Self::LineNotActive => RejectReason::LineNotActive,
            Self::ProductNotFound => RejectReason::ProductNotFound,
            Self::ProductNotOnSale => RejectReason::ProductNotOnSale,
            Self::OperatorMismatch => RejectReason::OperatorMismatch,
            Self::CurrentProductChanged => RejectReason::CurrentProductChanged,
            Self::NoBill
            | Self::ProductFactsMissing
            | Self::ChangeNotFound
            | Self::Malformed
            | Self::Other => RejectReason::Refused,
        }
    }
}

/// The meaning of a result code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// 0000.
    Done,
    /// 2007: a duplicate; the first answer follows.
    Repeated,
    Refused(Refusal),
    /// 8888, 9998, 9999.
    Failed,
    /// Outside the contract.
    Unknown,
}

/// Reads a result code.
pub(super) fn verdict(code: &str) -> Verdict {
    use Refusal as R;
    Verdict::Refused(match code {
        "0000" => return Verdict::Done,
        "2007" => return Verdict::Repeated,
        "8888" | "9998" | "9999" => return Verdict::Failed,
        "1001" | "2001" | "3001" => R::LineNotFound,
        "1002" | "2002" | "3002" => R::LineNotActive,
        "1003" => R::NoBill,
        "2003" => R::ProductNotFound,
        "2004" => R::ProductNotOnSale,
        "2005" => R::OperatorMismatch,
        "2006" => R::CurrentProductChanged,
        "2404" => R::ChangeNotFound,
        "3003" => R::ProductFactsMissing,
        "9001" | "9002" | "9003" | "9004" | "9005" | "9006" => R::Malformed,
        _ if is_refusing_family(code) => R::Other,
        _ => return Verdict::Unknown,
    })
}

/// Four digits that start with 1, 2 or 3.
fn is_refusing_family(code: &str) -> bool {
    code.len() == 4
        && code.starts_with(['1', '2', '3'])
        && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Refusal as R, Verdict as V, verdict};

    #[test]
    fn every_code_of_the_contract_has_its_meaning() {
        let table = [
            ("0000", V::Done),
            ("2007", V::Repeated),
            ("1001", V::Refused(R::LineNotFound)),
            ("2001", V::Refused(R::LineNotFound)),
            ("3001", V::Refused(R::LineNotFound)),
            ("1002", V::Refused(R::LineNotActive)),
            ("2002", V::Refused(R::LineNotActive)),
            ("3002", V::Refused(R::LineNotActive)),
            ("1003", V::Refused(R::NoBill)),
            ("2003", V::Refused(R::ProductNotFound)),
            ("2004", V::Refused(R::ProductNotOnSale)),
            ("2005", V::Refused(R::OperatorMismatch)),
            ("2006", V::Refused(R::CurrentProductChanged)),
            ("2099", V::Refused(R::Other)),
            ("2404", V::Refused(R::ChangeNotFound)),
            ("3003", V::Refused(R::ProductFactsMissing)),
            ("9001", V::Refused(R::Malformed)),
            ("9006", V::Refused(R::Malformed)),
            ("2777", V::Refused(R::Other)),
            ("8888", V::Failed),
            ("9998", V::Failed),
            ("9999", V::Failed),
            ("9007", V::Unknown),
            ("4001", V::Unknown),
            ("", V::Unknown),
            ("0", V::Unknown),
            ("OK", V::Unknown),
            ("1", V::Unknown),
            ("10011", V::Unknown),
            ("1x01", V::Unknown),
        ];
        for (code, meaning) in table {
            assert_eq!(verdict(code), meaning, "{code}");
        }
    }
}
