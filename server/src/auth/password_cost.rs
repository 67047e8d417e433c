//! What a hash costs: argon2 is bound by memory, so its time follows the KiB it fills.

use argon2::Params;

/// KiB that a hash with these parameters fills, over all its passes.
pub(super) fn kib(params: &Params) -> u64 {
    u64::from(params.m_cost()) * u64::from(params.t_cost())
}

/// Parameters of a hash that costs what today's cost beyond the stored ones, in no more memory at once than
/// today's; `None` if the stored ones cost as much. Parameters that were lowered cannot be made up for:
/// old hashes go on costing more than unknown ids.
pub(super) fn beyond(stored: Option<&Params>, today: &Params) -> Option<Params> {
    let missing = kib(today).saturating_sub(stored.map_or(0, kib));
    let passes = missing.div_ceil(today.m_cost().into()).max(1);
    let memory = u32::try_from(missing / passes).ok()?;
    // Less than the 8 KiB a lane needs is no time at all.
    Params::new(memory, u32::try_from(passes).ok()?, today.p_cost(), None).ok()
}

#[cfg(test)]
mod tests {
    use super::{beyond, kib};
    use argon2::Params;

    fn params(memory: u32, passes: u32) -> Params {
        Params::new(memory, passes, 1, None).unwrap()
    }

    #[test]
    fn what_is_missing_is_made_up_for_in_no_more_memory() {
        for (stored, today, rest) in [
            ((19_456, 2), (19_456, 2), None),
            ((19_456, 2), (19_456, 3), Some((19_456, 1))),
            ((19_456, 2), (19_456, 5), Some((19_456, 3))),
            ((19_456, 2), (47_104, 1), Some((8_192, 1))),
            ((19_456, 2), (65_536, 3), Some((52_565, 3))),
            ((65_536, 3), (19_456, 2), None),
            ((19_456, 2), (19_460, 2), Some((8, 1))),
        ] {
            let today = params(today.0, today.1);
            let made_up = beyond(Some(&params(stored.0, stored.1)), &today);
            let made_up = made_up.map(|rest| (rest.m_cost(), rest.t_cost()));
            assert_eq!(made_up, rest, "{stored:?} {today:?}");
        }
        let unreadable = beyond(None, &params(19_456, 2)).unwrap();
        assert_eq!(kib(&unreadable), 38_912);
    }
}
