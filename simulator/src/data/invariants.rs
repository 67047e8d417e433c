//! Invariants of every line and month.

use super::{
    LineNumber, LineStatus, Month, NO_BILL_LINE, NO_BILL_MONTHS_BACK, Operator, PLANS,
    PaymentStatus, Plan, SaleStatus, bill, bills::Bill, customer, demo_customer, plan,
};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 21);

fn line(number: &str) -> LineNumber {
    number.parse().unwrap()
}

/// Six bills of a line on its starting plan, newest first.
fn bills(number: &str) -> Vec<Bill> {
    let customer = customer(&line(number)).unwrap();
    let now = Month::of(TODAY);
    (0..6)
        .map(|back| bill(&customer, customer.plan, now.back(back), TODAY))
        .collect()
}

fn has(bill: &Bill, code: &str) -> bool {
    bill.charges.iter().any(|charge| charge.code == code)
}

/// Many lines, spread over the whole number range.
fn many() -> impl Iterator<Item = String> {
    (0..4_000u64).map(|n| format!("010{:08}", (n * 24_989 + 1_001) % 100_000_000))
}

#[test]
fn every_bill_adds_up_whatever_plan_the_line_is_on() {
    let now = Month::of(TODAY);
    for number in many().filter(|number| !number.ends_with("0000")) {
        let customer = customer(&line(&number)).unwrap();
        for back in 0..6 {
            let other = &PLANS[usize::try_from(back).unwrap() * 3 % PLANS.len()];
            for plan in [customer.plan, other] {
                let bill = bill(&customer, plan, now.back(back), TODAY);
                let charged: u64 = bill.charges.iter().map(|charge| charge.amount).sum();
                assert_eq!(bill.charges[0].code, "MONTHLY_FEE");
                assert_eq!(bill.charges[0].amount, plan.fee);
                assert!(
                    bill.discount() <= plan.fee,
                    "{number}: more discount than fee"
                );
                assert_eq!(charged - bill.discount(), bill.total());
                assert_eq!(plan.fee + bill.usage_fee() - bill.discount(), bill.total());
                assert!(bill.total() < 300_000, "{number}: {}", bill.total());
                assert!(bill.charges.iter().all(|charge| charge.amount > 0));
                if let Some(contract) = &bill.contract {
                    assert!((1..=contract.months).contains(&contract.months_left));
                    assert!(contract.start < contract.end);
                    assert!(contract.start <= bill.due);
                }
                if let Some(paid) = &bill.installment {
                    assert!((1..=paid.total).contains(&paid.paid));
                    assert_eq!(
                        paid.remaining,
                        paid.monthly * u64::try_from(paid.total - paid.paid).unwrap()
                    );
                }
                assert_eq!(
                    bill.paid_at.is_some(),
                    bill.payment_status == PaymentStatus::Paid
                );
            }
        }
    }
}

#[test]
fn the_data_shows_every_case_among_ordinary_lines() {
    let all: Vec<Bill> = many()
        .filter(|number| !number.ends_with("0000"))
        .take(400)
        .flat_map(|number| bills(&number))
        .collect();
    for code in [
        "DATA_OVERAGE",
        "VOICE_OVERAGE",
        "SMS_OVERAGE",
        "ROAMING",
        "ADD_ON",
        "INSTALLMENT",
        "LATE_FEE",
    ] {
        assert!(
            all.iter().any(|bill| has(bill, code)),
            "no line shows {code}"
        );
    }
    for status in [
        PaymentStatus::Paid,
        PaymentStatus::Unpaid,
        PaymentStatus::Overdue,
    ] {
        assert!(
            all.iter().any(|bill| bill.payment_status == status),
            "no bill is {status:?}"
        );
    }
    assert!(all.iter().any(|bill| bill.contract.is_none()));
    assert!(all.iter().any(|bill| bill.installment.is_none()));
    assert!(all.iter().any(|bill| bill.termination_fee > 0));
}

#[test]
fn a_past_bill_does_not_change_when_time_passes() {
    let later = date(2027, 1, 5);
    for number in many().filter(|number| !number.ends_with("0000")).take(500) {
        let customer = customer(&line(&number)).unwrap();
        let month = Month::of(TODAY).back(1);
        let then = bill(&customer, customer.plan, month, TODAY);
        let now = bill(&customer, customer.plan, month, later);
        assert_eq!(
            (then.charges, then.discounts),
            (now.charges, now.discounts),
            "{number}"
        );
        assert_eq!(then.usage, now.usage);
    }
}

#[test]
fn an_instalment_counts_up_by_one_a_month_until_it_is_paid() {
    let bills = bills("01023456789");
    for pair in bills.windows(2) {
        let (new, old) = (&pair[0].installment, &pair[1].installment);
        if let (Some(new), Some(old)) = (new, old) {
            assert_eq!(new.paid, old.paid + 1);
            assert_eq!(new.remaining + new.monthly, old.remaining);
        }
    }
}

#[test]
fn the_demo_lines_show_what_they_were_chosen_for() {
    let normal = bills("01012345678");
    assert!(
        normal
            .iter()
            .all(|bill| !has(bill, "LATE_FEE") && !has(bill, "ROAMING"))
    );
    assert!(normal.iter().any(|bill| has(bill, "DATA_OVERAGE")));
    assert!(normal[0].contract.is_some());
    assert!(has(&bills("01023456789")[1], "ROAMING"));
    assert!(bills("01023456789")[0].installment.is_some());
    let overdue = bills("01034567890");
    assert_eq!(overdue[1].payment_status, PaymentStatus::Overdue);
    assert!(has(&overdue[0], "LATE_FEE"));
    assert!(has(&bills("01045678901")[0], "DATA_OVERAGE"));

    let fact = |number| demo_customer(number).unwrap();
    assert_eq!(fact("01056789012").line_status, LineStatus::Suspended);
    assert_eq!(
        fact("01012345678").customer_id,
        fact("01023456789").customer_id
    );
    assert_eq!(
        fact("01012345678").customer_name,
        fact("01023456789").customer_name
    );
}

#[test]
fn the_demo_lines_can_change_to_cheaper_and_dearer_plans() {
    for number in ["01012345678", "01023456789", "01034567890", "01045678901"] {
        let now = demo_customer(number)
            .and_then(|fact| plan(fact.product_code))
            .unwrap();
        let choices: Vec<&Plan> = PLANS
            .iter()
            .filter(|p| p.operator == now.operator && p.status == SaleStatus::Active)
            .collect();
        let cheaper = choices.iter().filter(|choice| choice.fee < now.fee).count();
        let dearer = choices.iter().filter(|choice| choice.fee > now.fee).count();
        assert!(
            cheaper >= 2 && dearer >= 1,
            "{number}: {cheaper} cheaper, {dearer} dearer"
        );
    }
}

#[test]
fn last_digits_decide_whether_a_line_exists_and_is_in_use() {
    for number in many() {
        let found = customer(&line(&number)).map(|customer| customer.status);
        let expected = match &number[7..] {
            "0000" => None,
            "8888" => Some(LineStatus::Suspended),
            "9999" => Some(LineStatus::Terminated),
            _ => Some(LineStatus::Active),
        };
        assert_eq!(found, expected, "{number}");
    }
    assert_eq!(demo_customer("01012340000"), None);
    assert_eq!(demo_customer("010-1234-5678"), None);
    assert_eq!(demo_customer("01112345678"), None);
}

#[test]
fn one_line_has_a_hole_in_its_months() {
    let now = Month::of(TODAY);
    let customer = customer(&line(NO_BILL_LINE)).unwrap();
    let billed: Vec<i32> = (-1..8)
        .filter(|m| customer.is_billed(now.back(*m), now))
        .collect();
    assert_eq!(billed, [0, 1, 2, 4, 5]);
    assert_eq!(NO_BILL_MONTHS_BACK, 3);
}

#[test]
fn the_price_list_holds_what_the_contract_names() {
    let named = [
        ("5G-PREMIUM-001", 89_000, SaleStatus::Active),
        ("5G-STANDARD-001", 69_000, SaleStatus::Active),
        ("LTE-PREMIUM-001", 59_000, SaleStatus::Active),
        ("LTE-BASIC-001", 39_000, SaleStatus::Active),
        ("3G-OLD-001", 29_000, SaleStatus::Discontinued),
    ];
    for (code, fee, status) in named {
        let plan = plan(code).unwrap();
        assert_eq!((plan.fee, plan.status), (fee, status), "{code}");
    }
    assert!(PLANS.len() >= 12);
    for operator in [Operator::Hanbit, Operator::Pureun] {
        assert!(
            PLANS
                .iter()
                .filter(|plan| plan.operator == operator)
                .count()
                >= 6
        );
    }
    assert!(PLANS.iter().any(|plan| plan.status == SaleStatus::Inactive));
    assert!(PLANS.iter().any(|plan| plan.data_gb.is_none()));
}

#[test]
fn a_phone_number_is_masked_in_debug_output() {
    assert_eq!(format!("{:?}", line("01012345678")), "010-****-5678");
}
