//! Words that KOS writes in its answers.

/// An allowance without a limit.
pub const UNLIMITED: &str = "무제한";
/// After a number of minutes.
pub const MINUTES: &str = "분";
/// After a number of messages.
pub const MESSAGES: &str = "건";

/// A line that can be used.
pub const LINE_ACTIVE: [&str; 3] = ["사용중", "사용", "정상"];
/// A line that is halted for a time.
pub const LINE_SUSPENDED: [&str; 3] = ["정지", "일시정지", "이용정지"];
/// A line that was given up.
pub const LINE_TERMINATED: [&str; 2] = ["해지", "해지완료"];

/// A bill that is paid.
pub const BILL_PAID: [&str; 3] = ["납부", "납부완료", "완납"];
/// A bill that is not paid and not yet late.
pub const BILL_UNPAID: [&str; 2] = ["미납", "납부예정"];
/// A bill that is late.
pub const BILL_OVERDUE: [&str; 1] = ["연체"];
