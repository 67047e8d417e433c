//! Korean words that KOS writes into its answers. Customers never see them: what they read is in the
//! catalogue (`app::text`).

/// An allowance without a limit.
pub(super) const UNLIMITED: &str = "무제한";
/// After a number of minutes.
pub(super) const MINUTES: &str = "분";
/// After a number of messages.
pub(super) const MESSAGES: &str = "건";

/// A line that can be used.
pub(super) const LINE_ACTIVE: [&str; 3] = ["사용중", "사용", "정상"];
/// A line that is halted for a time.
pub(super) const LINE_SUSPENDED: [&str; 3] = ["정지", "일시정지", "이용정지"];
/// A line that was given up.
pub(super) const LINE_TERMINATED: [&str; 2] = ["해지", "해지완료"];

/// A bill that is paid.
pub(super) const BILL_PAID: [&str; 3] = ["납부", "납부완료", "완납"];
/// A bill that is not paid and not yet late.
pub(super) const BILL_UNPAID: [&str; 2] = ["미납", "납부예정"];
/// A bill that is late.
pub(super) const BILL_OVERDUE: [&str; 1] = ["연체"];
