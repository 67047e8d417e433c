//! What the machine is told about KOS, and the times that follow from it. Pure.

use crate::config::{Capability, KosConfig};
use std::time::Duration;

/// A call committed longer ago than this is not sent: the process may have been suspended.
pub(super) const SEND_WITHIN: Duration = Duration::from_secs(2);

/// From KOS's word about the line to the send, whatever happens between; a process may also have been
/// suspended before the call is committed.
const DECIDE_WITHIN: Duration = Duration::from_secs(5);

/// A request waits this much longer than a change can take for another one with its key.
const FOLLOW_SLACK: Duration = Duration::from_secs(1);

/// What the machine is told about KOS.
#[derive(Clone, Copy, Debug)]
pub struct ChangeRules {
    /// K1: KOS can be asked for a change by its request id.
    pub asks_by_request_id: bool,
    /// An inquiry in all.
    pub inquiry_timeout: Duration,
    /// A change in all, on the wire.
    pub change_timeout: Duration,
    /// After a call has ended, KOS can apply what was sent for this long (K2, or an assumption).
    pub change_horizon: Duration,
}

impl ChangeRules {
    pub fn of(config: &KosConfig) -> Self {
        Self {
            asks_by_request_id: config.offers(Capability::InquiryByRequestId),
            inquiry_timeout: config.inquiry_timeout,
            change_timeout: config.change_timeout,
            change_horizon: config.change_horizon,
        }
    }

    /// A change is another replica's to take over after this: well after whatever its owner asks of
    /// KOS has ended, the call or the question about it.
    pub(super) fn lease(&self) -> Duration {
        self.change_timeout.max(self.inquiry_timeout) * 3
    }

    /// A change is sent no later than this after KOS was asked for the plan that it is from.
    pub(super) fn send_within_look(&self) -> Duration {
        self.inquiry_timeout + DECIDE_WITHIN
    }

    /// After this, counted from the commit of the call, nothing sent for it can be applied any more.
    pub(super) fn too_late_after(&self) -> Duration {
        SEND_WITHIN + self.change_timeout + self.change_horizon
    }

    /// How long a request waits for the answer of another one with its key.
    pub(super) fn follow_for(&self) -> Duration {
        self.change_timeout + FOLLOW_SLACK
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeRules;
    use std::time::Duration;

    #[test]
    fn a_change_is_not_taken_over_while_its_owner_may_still_ask() {
        let seconds = Duration::from_secs;
        for (inquiry, change, lease) in [(3, 5, 15), (60, 5, 180)] {
            let rules = ChangeRules {
                asks_by_request_id: false,
                inquiry_timeout: seconds(inquiry),
                change_timeout: seconds(change),
                change_horizon: seconds(30),
            };
            assert_eq!(rules.lease(), seconds(lease));
        }
    }
}
