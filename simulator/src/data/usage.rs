//! The usage of a month: a habit of the customer, independent of their current plan.

use super::{Customer, Month};
use crate::chance::Chance;

/// Quantities used in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) data_mb: u64,
    pub(crate) voice_minutes: u64,
    pub(crate) sms: u64,
}

/// The usage of a line in `month`.
///
/// The habit follows the plan the line started on: over-usage means more than that plan includes.
pub(crate) fn usage(customer: &Customer, month: Month, now: Month) -> Usage {
    let plan = customer.plan;
    let over = customer.happens(customer.over_usage, "over-usage", month, now);
    let mut chance = customer.chance("usage", month);
    let share = |allowance: u64, over: bool, chance: &mut Chance| {
        let percent = if over {
            chance.between(104, 135)
        } else {
            chance.between(28, 93)
        };
        allowance * percent / 100
    };
    let data_mb = match plan.data_gb {
        Some(gb) => share(gb * 1024, over, &mut chance),
        None => chance.between(20 * 1024, 150 * 1024),
    };
    let voice_minutes = match plan.voice_minutes {
        Some(minutes) => share(minutes, over && chance.one_in(2), &mut chance),
        None => chance.between(60, 540),
    };
    let sms = match plan.sms {
        Some(messages) => share(messages, over && chance.one_in(3), &mut chance),
        None => chance.between(5, 120),
    };
    Usage {
        data_mb,
        voice_minutes,
        sms,
    }
}
