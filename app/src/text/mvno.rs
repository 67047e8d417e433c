//! Sentences sent to the MVNO AP server.

/// A bill inquiry was answered.
pub const BILL_ANSWERED: &str = "요금 조회가 완료되었습니다";
/// A plan was changed.
pub const CHANGE_COMPLETED: &str = "상품 변경이 완료되었습니다";
