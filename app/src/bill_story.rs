//! Why a bill differs from the previous one, line by line.
//!
//! The differences always add up to the difference of the totals, to the won.

use crate::model::{Bill, Source, Won};
use std::collections::BTreeMap;

/// The difference between two bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillStory {
    /// How much more (positive) or less (negative) the later bill costs.
    pub delta: Won,
    /// The reasons, the largest first; their amounts sum to `delta`.
    pub reasons: Vec<Reason>,
}

impl BillStory {
    /// The largest `most` reasons; all others are one, so that the amounts still sum to `delta`.
    pub fn gist(mut self, most: usize) -> Vec<Reason> {
        if self.reasons.len() > most {
            let rest = self.reasons.split_off(most.saturating_sub(1));
            let amount: Won = rest.iter().map(|reason| reason.amount).sum();
            if amount.0 != 0 {
                self.reasons.push(Reason {
                    name: String::new(),
                    turn: Turn::Other,
                    amount,
                });
            }
        }
        self.reasons
    }
}

/// A line of a bill that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// KOS's wording of the charge or discount.
    pub name: String,
    pub turn: Turn,
    /// The amount it adds to (positive) or takes from (negative) the total. A discount that ended
    /// adds.
    pub amount: Won,
}

/// The change of a line of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It was not on the earlier bill.
    Started,
    /// It is not on the later bill.
    Ended,
    Grew,
    Shrank,
    /// A difference no line accounts for.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Charge,
    Discount,
}

/// The amounts of a bill's lines; equal lines are merged.
fn lines(bill: &Bill) -> BTreeMap<(Kind, &str, &str), Won> {
    let charges = bill.charges.iter().map(|line| {
        (
            (Kind::Charge, line.code.as_str(), line.name.as_str()),
            line.amount,
        )
    });
    let discounts = bill
        .discounts
        .iter()
        .map(|line| ((Kind::Discount, "", line.name.as_str()), line.amount));
    let mut sums = BTreeMap::new();
    for (key, amount) in charges.chain(discounts) {
        let sum = sums.entry(key).or_insert(Won(0));
        *sum = *sum + amount;
    }
    sums.retain(|_, amount| amount.0 != 0);
    sums
}

/// As [`bill_story`] for display, where only the age of `later` is shown: `None` if only `earlier`
/// is outdated.
pub fn story_if_comparable(earlier: &Bill, later: &Bill) -> Option<BillStory> {
    let stale = |bill: &Bill| bill.freshness.source == Source::Stale;
    (stale(later) || !stale(earlier)).then(|| bill_story(earlier, later))
}

/// Why `later` differs from `earlier`.
pub fn bill_story(earlier: &Bill, later: &Bill) -> BillStory {
    let (before, after) = (lines(earlier), lines(later));
    let mut keys: Vec<_> = before.keys().chain(after.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut reasons: Vec<Reason> = keys
        .into_iter()
        .filter_map(|key| {
            let (was, is) = (before.get(&key).copied(), after.get(&key).copied());
            let change = is.unwrap_or_default() - was.unwrap_or_default();
            let turn = match (was, is) {
                (None, _) => Turn::Started,
                (_, None) => Turn::Ended,
                _ if change.0 > 0 => Turn::Grew,
                _ => Turn::Shrank,
            };
            let (kind, _, name) = key;
            (change.0 != 0).then(|| Reason {
                name: name.to_owned(),
                turn,
                amount: if kind == Kind::Charge {
                    change
                } else {
                    -change
                },
            })
        })
        .collect();
    let delta = later.total - earlier.total;
    let rest = delta - reasons.iter().map(|reason| reason.amount).sum();
    if rest.0 != 0 {
        reasons.push(Reason {
            name: String::new(),
            turn: Turn::Other,
            amount: rest,
        });
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.amount.abs()));
    BillStory { delta, reasons }
}

#[cfg(test)]
mod tests {
    use super::{Reason, Turn, bill_story, story_if_comparable};
    use crate::model::{
        Bill, BillingMonth, ChargeLine, DiscountLine, Freshness, KstInstant, LineId, ProductName,
        Source, Usage, Won,
    };
    use proptest::prelude::*;

    #[test]
    fn the_gist_names_the_largest_and_still_sums_to_the_difference() {
        let before = bill(
            &[("a", 100), ("b", 200), ("c", 300), ("d", 400), ("e", 500)],
            &[],
        );
        let story = bill_story(&before, &bill(&[("f", 50)], &[]));
        assert_eq!(story.reasons.len(), 6);
        for most in 1..8 {
            let gist = story.clone().gist(most);
            assert_eq!(gist.len(), most.min(6), "{most}");
            let sum: Won = gist.iter().map(|reason| reason.amount).sum();
            assert_eq!(sum, story.delta, "{most}");
        }
        let gist = story.gist(2);
        assert_eq!((gist[0].name.as_str(), gist[0].amount), ("e", Won(-500)));
        assert_eq!(gist[1].turn, Turn::Other);
    }

    fn bill(charges: &[(&str, i64)], discounts: &[(&str, i64)]) -> Bill {
        let charges: Vec<ChargeLine> = charges
            .iter()
            .map(|(name, amount)| ChargeLine {
                code: name.to_uppercase(),
                name: (*name).to_owned(),
                amount: Won(*amount),
            })
            .collect();
        let discounts: Vec<DiscountLine> = discounts
            .iter()
            .map(|(name, amount)| DiscountLine {
                name: (*name).to_owned(),
                amount: Won(*amount),
            })
            .collect();
        let charged: Won = charges.iter().map(|line| line.amount).sum();
        let discounted: Won = discounts.iter().map(|line| line.amount).sum();
        Bill {
            request_id: "r".to_owned(),
            line_id: LineId("l".to_owned()),
            line_number: "01012345678".parse().unwrap(),
            month: BillingMonth::new(2026, 11).unwrap(),
            product: ProductName {
                code: "P".parse().unwrap(),
                name: "plan".to_owned(),
            },
            total: charged - discounted,
            charges,
            discounts,
            usage: Usage::default(),
            contract: None,
            termination_fee: None,
            installment: None,
            payment: None,
            freshness: Freshness {
                source: Source::Kos,
                as_of: KstInstant(String::new()),
            },
        }
    }

    fn reason(name: &str, turn: Turn, amount: i64) -> Reason {
        Reason {
            name: name.to_owned(),
            turn,
            amount: Won(amount),
        }
    }

    #[test]
    fn each_kind_of_difference_is_named_the_weightiest_first() {
        let earlier = bill(
            &[("base", 39_000), ("calls", 900), ("overage", 6_600)],
            &[("family", 5_000), ("promotion", 1_100)],
        );
        let later = bill(
            &[("base", 39_000), ("calls", 400), ("roaming", 22_000)],
            &[("family", 5_500)],
        );
        let story = bill_story(&earlier, &later);
        assert_eq!(
            story.reasons,
            [
                reason("roaming", Turn::Started, 22_000),
                reason("overage", Turn::Ended, -6_600),
                reason("promotion", Turn::Ended, 1_100),
                reason("calls", Turn::Shrank, -500),
                reason("family", Turn::Grew, -500),
            ]
        );
        assert_eq!(story.delta, Won(15_500));
    }

    #[test]
    fn equal_bills_have_no_reason_and_a_charge_of_nothing_is_none() {
        let earlier = bill(&[("base", 39_000), ("roaming", 0)], &[]);
        let story = bill_story(&earlier, &bill(&[("base", 39_000)], &[("family", 0)]));
        assert_eq!((story.delta, story.reasons), (Won(0), vec![]));
    }

    #[test]
    fn lines_of_one_name_are_one_reason() {
        let earlier = bill(&[("extra", 1_000)], &[]);
        let story = bill_story(&earlier, &bill(&[("extra", 1_000), ("extra", 2_000)], &[]));
        assert_eq!(story.reasons, [reason("extra", Turn::Grew, 2_000)]);
    }

    #[test]
    fn what_no_line_accounts_for_is_said_to_be_other() {
        let earlier = bill(&[("base", 39_000)], &[]);
        let mut later = earlier.clone();
        later.total = Won(39_001);
        assert_eq!(
            bill_story(&earlier, &later).reasons,
            [reason("", Turn::Other, 1)]
        );
    }

    #[test]
    fn no_fresh_bill_is_compared_with_one_that_is_out_of_date() {
        let fresh = bill(&[("base", 39_000)], &[]);
        let mut stale = fresh.clone();
        stale.freshness.source = Source::Stale;
        for (earlier, later, told) in [
            (&fresh, &fresh, true),
            (&fresh, &stale, true),
            (&stale, &stale, true),
            (&stale, &fresh, false),
        ] {
            assert_eq!(story_if_comparable(earlier, later).is_some(), told);
        }
    }

    fn amounts() -> impl Strategy<Value = Vec<(&'static str, i64)>> {
        let name = prop::sample::select(vec!["a", "b", "c", "d"]);
        prop::collection::vec((name, 0_i64..1_000_000), 0..6)
    }

    proptest! {
        #[test]
        fn reasons_sum_to_the_difference(
            before in (amounts(), amounts()),
            after in (amounts(), amounts()),
        ) {
            let earlier = bill(&before.0, &before.1);
            let later = bill(&after.0, &after.1);
            let story = bill_story(&earlier, &later);
            let sum: Won = story.reasons.iter().map(|reason| reason.amount).sum();
            prop_assert_eq!(sum, later.total - earlier.total);
            prop_assert_eq!(story.delta, sum);
            prop_assert!(story.reasons.iter().all(|reason| reason.amount.0 != 0));
        }
    }
}
