//! Why a bill differs from the one before, line by line.
//!
//! The differences always add up to the difference of the totals, to the won.

use crate::model::{Bill, Won};
use std::collections::BTreeMap;

/// The difference of two bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillStory {
    /// What the later bill costs more (positive) or less (negative).
    pub delta: Won,
    /// The reasons, the weightiest first; their amounts sum to `delta`.
    pub reasons: Vec<Reason>,
}

/// One line of a bill that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// KOS's wording of the charge or discount.
    pub name: String,
    pub turn: Turn,
    /// What it adds to (positive) or takes from (negative) the total. A discount that ended adds.
    pub amount: Won,
}

/// What happened to a line of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It was not on the earlier bill.
    Started,
    /// It is not on the later bill.
    Ended,
    Grew,
    Shrank,
    /// No line accounts for it.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Charge,
    Discount,
}

/// The amounts of the lines of one bill; lines that say the same are one.
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

/// Tells why `later` differs from `earlier`.
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
