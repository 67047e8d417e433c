//! Sentences told to the MVNO AP server.

/// A bill was asked for and answered.
pub const BILL_ANSWERED: &str = "요금 조회가 완료되었습니다";
