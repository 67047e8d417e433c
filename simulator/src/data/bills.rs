//! The bill of a month, with all nine items of UFR-BILL-030.

use super::{
    Customer, Month, Plan,
    commitments::{Contract, Installment, contract, installment},
    usage::{Usage, usage},
};
use jiff::civil::Date;
use serde::Serialize;

/// A line of the breakdown, in won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) amount: u64,
}

/// A discount in won, positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Discount {
    pub(crate) name: &'static str,
    pub(crate) amount: u64,
}

/// Whether a bill is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PaymentStatus {
    Paid,
    Unpaid,
    Overdue,
}

/// A month's bill. Charges less discounts are the total.
#[derive(Clone, Debug)]
pub(crate) struct Bill {
    pub(crate) month: Month,
    pub(crate) plan: &'static Plan,
    pub(crate) charges: Vec<Charge>,
    pub(crate) discounts: Vec<Discount>,
    pub(crate) usage: Usage,
    pub(crate) contract: Option<Contract>,
    /// The cost of leaving in that month, in won.
    pub(crate) termination_fee: u64,
    pub(crate) installment: Option<Installment>,
    pub(crate) due: Date,
    pub(crate) payment_status: PaymentStatus,
    pub(crate) paid_at: Option<Date>,
}

impl Bill {
    /// The charges other than the plan's monthly fee, including instalments and late fees.
    pub(crate) fn usage_fee(&self) -> u64 {
        self.charges.iter().map(|charge| charge.amount).sum::<u64>() - self.plan.fee
    }

    pub(crate) fn discount(&self) -> u64 {
        self.discounts.iter().map(|discount| discount.amount).sum()
    }

    pub(crate) fn total(&self) -> u64 {
        self.plan.fee + self.usage_fee() - self.discount()
    }
}

/// The maximum charge for over-usage of data in a month, in won.
const DATA_OVERAGE_CAP: u64 = 25_000;
const WON_PER_MB: u64 = 20;
const WON_PER_MINUTE: u64 = 108;
const WON_PER_MESSAGE: u64 = 22;

/// The bill of `month` on `plan`, seen on `today`.
pub(crate) fn bill(customer: &Customer, plan: &'static Plan, month: Month, today: Date) -> Bill {
    let now = Month::of(today);
    let used = usage(customer, month, now);
    let contract = contract(customer, month);
    let installment = installment(customer, month);
    let charges = charges(customer, plan, month, now, used, installment.as_ref());
    let discounts = discounts(customer, plan, contract.is_some());
    let due = month.day(customer.billing_day);
    let (payment_status, paid_at) = payment(customer, month, due, today);
    Bill {
        month,
        plan,
        charges,
        discounts,
        usage: used,
        termination_fee: contract
            .as_ref()
            .map_or(0, |contract| termination_fee(plan, contract)),
        contract,
        installment,
        due,
        payment_status,
        paid_at,
    }
}

fn charges(
    customer: &Customer,
    plan: &Plan,
    month: Month,
    now: Month,
    used: Usage,
    installment: Option<&Installment>,
) -> Vec<Charge> {
    let beyond = |used: u64, allowance: Option<u64>| {
        allowance.map_or(0, |allowance| used.saturating_sub(allowance))
    };
    let data = beyond(used.data_mb, plan.data_gb.map(|gb| gb * 1024));
    let roaming = customer.happens(customer.roaming, "roaming", month, now);
    let days_abroad = customer.chance("days abroad", month).between(2, 6);
    let late_before = customer.happens(customer.late, "late", month.back(1), now);
    let insured = customer
        .chance("insurance", Month::of(Date::ZERO))
        .one_in(4);
    [
        ("MONTHLY_FEE", "월정액", plan.fee),
        (
            "DATA_OVERAGE",
            "데이터 초과 사용료",
            (data * WON_PER_MB).min(DATA_OVERAGE_CAP),
        ),
        (
            "VOICE_OVERAGE",
            "음성 초과 통화료",
            beyond(used.voice_minutes, plan.voice_minutes) * WON_PER_MINUTE,
        ),
        (
            "SMS_OVERAGE",
            "문자 초과 사용료",
            beyond(used.sms, plan.sms) * WON_PER_MESSAGE,
        ),
        (
            "ROAMING",
            "해외 로밍",
            if roaming { days_abroad * 11_000 } else { 0 },
        ),
        (
            "ADD_ON",
            "휴대폰 분실·파손 보험",
            if insured { 4_400 } else { 0 },
        ),
        (
            "INSTALLMENT",
            "단말기 할부금",
            installment.map_or(0, |paid| paid.monthly),
        ),
        (
            "LATE_FEE",
            "연체 가산금",
            if late_before {
                to_ten_won(plan.fee * 2 / 100)
            } else {
                0
            },
        ),
    ]
    .into_iter()
    .filter(|(_, _, amount)| *amount > 0)
    .map(|(code, name, amount)| Charge { code, name, amount })
    .collect()
}

fn discounts(customer: &Customer, plan: &Plan, contracted: bool) -> Vec<Discount> {
    let mut chance = customer.chance("discounts", Month::of(Date::ZERO));
    let family = chance.one_in(3);
    let welfare = chance.one_in(12);
    // The discounts together never exceed the plan's fee.
    let mut left = plan.fee;
    [
        (
            "선택약정 할인 25%",
            if contracted {
                contract_discount(plan)
            } else {
                0
            },
        ),
        ("가족결합 할인", if family { 5_500 } else { 0 }),
        ("복지 할인", if welfare { 11_000 } else { 0 }),
        ("전자청구서 할인", 200),
    ]
    .into_iter()
    .map(|(name, amount)| {
        let amount = amount.min(left);
        left -= amount;
        Discount { name, amount }
    })
    .filter(|discount| discount.amount > 0)
    .collect()
}

fn contract_discount(plan: &Plan) -> u64 {
    to_ten_won(plan.fee / 4)
}

fn to_ten_won(won: u64) -> u64 {
    won / 10 * 10
}

/// A customer who leaves repays the discounts received so far, less the closer the contract's end is.
fn termination_fee(plan: &Plan, contract: &Contract) -> u64 {
    let months = |count: i32| u64::try_from(count).unwrap_or_default();
    let elapsed = months(contract.months - contract.months_left);
    let share = months(contract.months_left) * 100 / months(contract.months).max(1);
    to_ten_won(contract_discount(plan) * elapsed * share / 100)
}

fn payment(
    customer: &Customer,
    month: Month,
    due: Date,
    today: Date,
) -> (PaymentStatus, Option<Date>) {
    let now = Month::of(today);
    if today <= due {
        return (PaymentStatus::Unpaid, None);
    }
    if !customer.happens(customer.late, "late", month, now) {
        return (PaymentStatus::Paid, Some(due));
    }
    if month.before(now) <= 1 {
        return (PaymentStatus::Overdue, None);
    }
    (PaymentStatus::Paid, Some(month.back(-1).day(28)))
}
