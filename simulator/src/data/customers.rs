//! The holders of lines, and their habits.

use super::{
    LineNumber, LineStatus, Month, Operator, PLANS, Plan, SaleStatus,
    commitments::{HANDSETS, Handset},
    plans::plan,
};
use crate::chance::Chance;

/// The line that has no bill for one of the six months (result code 1003).
pub const NO_BILL_LINE: &str = "01010031003";

/// The month of that missing bill, counted back from the current one.
pub const NO_BILL_MONTHS_BACK: i32 = 3;

/// The months in which something happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pattern {
    /// One month out of n, fixed by line and month.
    OneIn(u64),
    /// These many months back from the current one, so that a demo line keeps showing it.
    Back(&'static [i32]),
}

/// A line, its holder, and everything that the bills depend on.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) line: LineNumber,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) operator: Operator,
    pub(crate) status: LineStatus,
    /// The plan before any change.
    pub(crate) plan: &'static Plan,
    /// 12, 24, or 0 for no contract.
    pub(crate) contract_months: i32,
    pub(crate) handset: Option<&'static Handset>,
    /// Day of the month, 1 to 31.
    pub(crate) billing_day: u8,
    pub(crate) payment_method: &'static str,
    pub(crate) over_usage: Pattern,
    pub(crate) roaming: Pattern,
    /// Months whose bill was not paid in time.
    pub(crate) late: Pattern,
}

impl Customer {
    /// The random stream of one aspect of one month.
    pub(crate) fn chance(&self, about: &str, month: Month) -> Chance {
        Chance::of(self.line.seed(), about, i64::from(month.number()))
    }

    pub(crate) fn happens(&self, pattern: Pattern, about: &str, at: Month, now: Month) -> bool {
        match pattern {
            Pattern::OneIn(n) => self.chance(about, at).one_in(n),
            Pattern::Back(months) => months.contains(&at.before(now)),
        }
    }

    /// Whether KOS has a bill for `month` if the current month is `now`.
    pub(crate) fn is_billed(&self, month: Month, now: Month) -> bool {
        let back = month.before(now);
        let missing = self.line.as_str() == NO_BILL_LINE && back == NO_BILL_MONTHS_BACK;
        (0..Month::BILLED).contains(&back) && !missing
    }
}

/// The public facts of a line, for demo accounts of the same name and customer id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoCustomer {
    pub customer_name: String,
    pub customer_id: String,
    pub line_status: LineStatus,
    /// The plan the line starts on.
    pub product_code: &'static str,
}

/// The public facts of a line; `None` if it is malformed or does not exist.
///
/// `01012345678` and `01023456789` have the same holder.
pub fn demo_customer(line_number: &str) -> Option<DemoCustomer> {
    let customer = customer(&line_number.parse().ok()?)?;
    Some(DemoCustomer {
        customer_name: customer.name,
        customer_id: customer.id,
        line_status: customer.status,
        product_code: customer.plan.code,
    })
}

const FAMILY_NAMES: [&str; 16] = [
    "김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황",
];
const GIVEN_NAMES: [&str; 24] = [
    "민준", "서연", "도윤", "지우", "서준", "하은", "예준", "수아", "지호", "지민", "현우", "유진",
    "준서", "채원", "건우", "은지", "성민", "미경", "영호", "정숙", "태영", "혜진", "동현", "소영",
];
const PAYMENT_METHODS: [&str; 3] = ["신용카드 자동납부", "계좌 자동이체", "지로"];
const BILLING_DAYS: [u8; 5] = [10, 15, 20, 25, 31];

/// The holder of a line; `None` if there is no such line.
pub(crate) fn customer(line: &LineNumber) -> Option<Customer> {
    let generated = generate(line)?;
    Some(match line.as_str() {
        // The normal customer: six quiet months except one with over-usage.
        "01012345678" => Customer {
            contract_months: 24,
            over_usage: Pattern::Back(&[3]),
            payment_method: PAYMENT_METHODS[0],
            ..as_demo(generated, "김하늘", "5G-STANDARD-001")
        },
        // The same holder's second line: another operator, abroad last month, paying off a handset.
        "01023456789" => {
            let first = generate(&"01012345678".parse().ok()?)?;
            Customer {
                id: first.id,
                contract_months: 24,
                handset: HANDSETS.first(),
                roaming: Pattern::Back(&[1, 4]),
                ..as_demo(generated, "김하늘", "5G-PURE-001")
            }
        }
        // Overdue: last month is not paid, and the one before was paid late.
        "01034567890" => Customer {
            late: Pattern::Back(&[1, 2]),
            payment_method: PAYMENT_METHODS[2],
            ..as_demo(generated, "이서준", "LTE-PREMIUM-001")
        },
        // Over-usage this month and before: a larger plan would be cheaper.
        "01045678901" => Customer {
            over_usage: Pattern::Back(&[0, 1, 3]),
            ..as_demo(generated, "박지우", "LTE-BASIC-001")
        },
        "01056789012" => Customer {
            status: LineStatus::Suspended,
            ..as_demo(generated, "최유진", "5G-SLIM-001")
        },
        "01067890123" => as_demo(generated, "정민재", "LTE-PURE-11-001"),
        _ => generated,
    })
}

/// A demo line shows exactly what it is meant to show.
fn as_demo(generated: Customer, name: &str, code: &str) -> Customer {
    let plan = plan(code).unwrap_or(generated.plan);
    Customer {
        name: name.to_owned(),
        operator: plan.operator,
        plan,
        handset: None,
        over_usage: Pattern::Back(&[]),
        roaming: Pattern::Back(&[]),
        late: Pattern::Back(&[]),
        ..generated
    }
}

fn generate(line: &LineNumber) -> Option<Customer> {
    let status = line.status()?;
    let mut who = Chance::of(line.seed(), "holder", 0);
    let family = who.pick(&FAMILY_NAMES)?;
    let given = who.pick(&GIVEN_NAMES)?;
    let id = format!("CUST{:08}", who.between(10_000_000, 99_999_999));
    // A line may be on a plan that is no longer sold, but not on one that is not sold yet.
    let held: Vec<&Plan> = PLANS
        .iter()
        .filter(|p| p.status != SaleStatus::Inactive)
        .collect();
    let plan: &'static Plan = who.pick(&held)?;
    let contract_months = *who.pick(&[0, 12, 24, 24])?;
    let handset = if who.one_in(2) {
        who.pick(&HANDSETS)
    } else {
        None
    };
    Some(Customer {
        line: line.clone(),
        name: format!("{family}{given}"),
        id,
        operator: plan.operator,
        status,
        plan,
        contract_months,
        handset,
        billing_day: *who.pick(&BILLING_DAYS)?,
        payment_method: who.pick(&PAYMENT_METHODS)?,
        over_usage: Pattern::OneIn(5),
        roaming: Pattern::OneIn(9),
        late: Pattern::OneIn(14),
    })
}
