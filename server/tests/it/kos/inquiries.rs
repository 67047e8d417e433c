//! Bills, lines and the price list, from an extended and from a base KOS.

use super::{Rig, limits, line, thresholds};
use app::model::{Allowance, BillingMonth, KstDate, LineStatus, PaymentStatus, Won};
use server::{
    kos::{KosBill, KosError, Refusal},
    resilience::{BreakerState, Snapshot},
};
use simulator::{Capabilities, NO_BILL_LINE, Operation};

fn month(text: &str) -> BillingMonth {
    text.parse().unwrap()
}

fn adds_up(bill: &KosBill) -> bool {
    let charged: Won = bill.charges.iter().map(|charge| charge.amount).sum();
    let discounted: Won = bill.discounts.iter().map(|discount| discount.amount).sum();
    charged - discounted == bill.total && !bill.charges.is_empty()
}

#[tokio::test]
async fn an_extended_bill_has_all_nine_items() {
    let rig = Rig::start().await;
    let asked = line("01023456789");
    let bill = rig.kos.bill("req-0001", &asked, month("2026-10")).await;
    let bill = bill.unwrap();

    assert_eq!(bill.month, month("2026-10"));
    assert_eq!(bill.product.code.as_str(), "5G-PURE-001");
    assert!(adds_up(&bill));
    assert!(bill.charges.iter().any(|charge| charge.code == "ROAMING"));
    assert!(!bill.discounts.is_empty());
    let data = bill.usage.data.unwrap();
    assert_eq!(data.allowance_mb, Allowance::Limited(80 * 1024));
    let voice = bill.usage.voice.unwrap();
    assert_eq!(voice.allowance_minutes, Allowance::Unlimited);
    assert!(bill.usage.sms.is_some());
    assert_eq!(bill.contract.unwrap().months, 24);
    assert!(bill.termination_fee.is_some());
    assert!(bill.installment.unwrap().total_count > 0);
    let payment = bill.payment.unwrap();
    assert!(payment.billing_day.is_some() && payment.method.is_some());
    assert_eq!(payment.status, Some(PaymentStatus::Paid));

    let request = rig.simulator.journal().requests().remove(0);
    assert_eq!(request.service_name.as_deref(), Some("MVNO-PHONEBILL"));
    assert_eq!(request.request_id.as_deref(), Some("req-0001"));
    assert!(request.body.contains(r#""billingMonth":"202610""#));
}

#[tokio::test]
async fn a_base_kos_suffices_and_nothing_is_invented() {
    let base = Rig::with(Capabilities::BASE, limits(), thresholds()).await;
    let extended = Rig::start().await;
    let asked = line("01023456789");
    let bill = base.kos.bill("req-0001", &asked, month("2026-10")).await;
    let bill = bill.unwrap();
    let full = extended
        .kos
        .bill("req-0001", &asked, month("2026-10"))
        .await;

    assert_eq!(bill.total, full.unwrap().total);
    assert!(adds_up(&bill));
    let codes: Vec<_> = bill.charges.iter().map(|c| c.code.as_str()).collect();
    assert_eq!(codes, ["MONTHLY_FEE", "USAGE_FEE"]);
    assert_eq!(bill.discounts.len(), 1);
    let data = bill.usage.data.unwrap();
    assert!(data.used_mb > 0 && data.allowance_mb.is_unknown());
    assert!(bill.usage.voice.unwrap().allowance_minutes.is_unknown());
    assert_eq!(bill.contract, None);
    assert_eq!(bill.termination_fee, None);
    assert_eq!(bill.installment, None);
    let payment = bill.payment.unwrap();
    assert_eq!(
        payment.due_date,
        Some("2026-10-25".parse::<KstDate>().unwrap())
    );
    assert_eq!((payment.billing_day, payment.method), (None, None));

    let line = base.kos.line("req-0002", &asked).await.unwrap();
    assert_eq!(line.product.monthly_fee, Won(55_000));
    assert_eq!(line.product.data_mb, Allowance::Limited(80 * 1024));
    assert_eq!(line.product.voice_minutes, Allowance::Unlimited);
    assert_eq!(line.status, LineStatus::Active);

    let catalogue = base.kos.catalogue("req-0003").await.unwrap();
    assert!(catalogue.len() >= 12);
    assert!(catalogue.iter().all(|plan| plan.operator_code.is_none()));
    assert!(
        catalogue
            .iter()
            .all(|plan| plan.product.benefits.is_empty())
    );
    let old = catalogue
        .iter()
        .find(|plan| plan.product.code.as_str() == "3G-OLD-001");
    assert!(!old.unwrap().on_sale);
}

#[tokio::test]
async fn every_generated_bill_is_understood() {
    let rig = Rig::start().await;
    for tail in 0..60 {
        let asked = line(&format!("0107{:07}", tail * 104_729 + 1));
        let month = month(["2026-11", "2026-09", "2026-06"][tail % 3]);
        let bill = rig.kos.bill("req-0001", &asked, month).await.unwrap();
        assert!(adds_up(&bill), "{asked:?}");
    }
}

#[tokio::test]
async fn refusals_are_told_apart_and_never_open_the_breaker() {
    let rig = Rig::start().await;
    let month = month("2026-08");
    for _ in 0..10 {
        for (number, refusal) in [
            ("01099990000", Refusal::LineNotFound),
            ("01012349999", Refusal::LineNotActive),
            (NO_BILL_LINE, Refusal::NoBill),
        ] {
            let answer = rig.kos.bill("req-0001", &line(number), month).await;
            assert!(matches!(answer, Err(KosError::Refused(r)) if r == refusal));
        }
    }
    let breakers = rig.kos.health().operations;
    let closed = |snapshot: &Snapshot| snapshot.state == BreakerState::Closed;
    assert!(breakers.iter().all(closed), "{breakers:?}");
    assert_eq!(rig.simulator.journal().calls(Operation::Bill), 30);
}

#[tokio::test]
async fn a_suspended_line_is_read_as_such() {
    let rig = Rig::start().await;
    let told = rig
        .kos
        .line("req-0001", &line("01056789012"))
        .await
        .unwrap();
    assert_eq!(told.status, LineStatus::Suspended);
    assert!(told.operator_code.is_some());
}
