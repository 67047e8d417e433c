//! Contracts and handset instalments: cycles of months, determined by the line number.

use super::{Customer, Month};
use jiff::civil::Date;

/// A handset and how it is paid off.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Handset {
    pub(crate) name: &'static str,
    /// Won per month.
    pub(crate) monthly: u64,
    pub(crate) months: i32,
}

pub(super) static HANDSETS: [Handset; 5] = [
    Handset {
        name: "갤럭시 S26",
        monthly: 38_500,
        months: 30,
    },
    Handset {
        name: "아이폰 18",
        monthly: 45_800,
        months: 36,
    },
    Handset {
        name: "갤럭시 A57",
        monthly: 18_900,
        months: 24,
    },
    Handset {
        name: "아이폰 SE",
        monthly: 24_700,
        months: 24,
    },
    Handset {
        name: "갤럭시 Z 플립8",
        monthly: 41_200,
        months: 36,
    },
];

/// The contract in force in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contract {
    pub(crate) name: String,
    pub(crate) start: Date,
    pub(crate) end: Date,
    pub(crate) months: i32,
    pub(crate) months_left: i32,
}

/// The progress of the handset's payments in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Installment {
    pub(crate) device: &'static str,
    pub(crate) monthly: u64,
    pub(crate) remaining: u64,
    pub(crate) paid: i32,
    pub(crate) total: i32,
}

/// The contract in force in `month`. A contract is renewed when it ends.
pub(crate) fn contract(customer: &Customer, month: Month) -> Option<Contract> {
    let months = customer.contract_months;
    if months == 0 {
        return None;
    }
    let elapsed = position(customer, "contract", month, months);
    let start = month.back(elapsed).day(1);
    let end = month
        .back(elapsed - months)
        .day(1)
        .yesterday()
        .unwrap_or(start);
    let name = format!("선택약정 {months}개월");
    Some(Contract {
        name,
        start,
        end,
        months,
        months_left: months - elapsed,
    })
}

/// The handset's payment in `month`. A year after the last payment there is a new handset.
pub(crate) fn installment(customer: &Customer, month: Month) -> Option<Installment> {
    let handset = customer.handset?;
    let total = handset.months;
    let paid = position(customer, "handset", month, total + 12) + 1;
    let left = u64::try_from(total - paid).ok()?;
    let remaining = handset.monthly * left;
    Some(Installment {
        device: handset.name,
        monthly: handset.monthly,
        remaining,
        paid,
        total,
    })
}

/// The position of `month` in a cycle of `length` months.
fn position(customer: &Customer, about: &str, month: Month, length: i32) -> i32 {
    let phase = customer
        .chance(about, Month::of(Date::ZERO))
        .between(0, 119);
    (month.number() + i32::try_from(phase).unwrap_or_default()).rem_euclid(length)
}
