//! The offers for a line, and the pre-checks.

use super::{FROM, Replica, Stand, TO, demo01, draft, limits, plan};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::{
    model::{CheckType, LineStatus, Principal, Verdict},
    problem::ProblemCode,
    ssr::ProductPort,
    text::{self, Lang},
};
use simulator::{Capabilities, Operation};

on_both_databases! {
    an_extended_kos_offers_plans_of_the_same_operator,
    a_base_kos_offers_what_is_not_known_to_be_anothers,
    a_menu_seen_before_does_not_wait_for_kos,
    a_menu_shows_the_new_plan_at_once_everywhere,
    a_choice_is_offered_on_the_plan_of_this_moment,
    a_request_refused_for_its_plan_leads_to_the_plan_of_this_moment,
    each_check_can_be_asked_for_alone,
}

async fn an_extended_kos_offers_plans_of_the_same_operator(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let menu = replica.product.menu(&who, None).await.unwrap();
    assert_eq!(menu.customer_id, who.user.customer_id);
    assert_eq!(menu.line.line_id, who.user.lines[0].line_id);
    assert_eq!(menu.line.status, LineStatus::Active);
    assert_eq!(menu.current_product.code.as_str(), FROM);
    let codes: Vec<_> = menu
        .available_products
        .iter()
        .map(|product| product.code.as_str())
        .collect();
    assert!(codes.contains(&TO) && codes.contains(&"5G-PREMIUM-001"));
    for missing in [FROM, "3G-OLD-001", "5G-PURE-001"] {
        assert!(!codes.contains(&missing), "{missing}");
    }
    let options = replica.product.options(&who, None).await.unwrap();
    let fees: Vec<_> = options
        .products
        .iter()
        .map(|o| o.product.monthly_fee)
        .collect();
    assert!(fees.len() > 1 && fees.is_sorted(), "{fees:?}");
    for option in &options.products {
        let delta = option.product.monthly_fee - options.current_product.monthly_fee;
        assert_eq!(option.fee_delta, delta);
    }
    stand.stop().await;
}

async fn a_base_kos_offers_what_is_not_known_to_be_anothers(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, limits()).await;
    let (replica, who) = (stand.replica().await, demo01());
    let menu = replica.product.menu(&who, None).await.unwrap();
    let codes: Vec<_> = menu
        .available_products
        .iter()
        .map(|product| product.code.as_str())
        .collect();
    assert!(codes.contains(&TO) && !codes.contains(&FROM) && !codes.contains(&"3G-OLD-001"));
    let check = replica
        .product
        .check(&who, draft(&who, FROM, TO))
        .await
        .unwrap();
    assert!(check.passed);
    assert_eq!(check.checks[1].check, CheckType::OperatorMatch);
    assert_eq!(check.checks[1].message, text::problem::OPERATOR_LEFT_TO_KOS);
    stand.stop().await;
}

async fn a_menu_seen_before_does_not_wait_for_kos(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    let seen = replica.product.menu(&who, None).await.unwrap();
    let asked = stand.simulator.journal().calls(Operation::Product);
    stand.faults(&["kos=hang"]);
    let again = replica.product.menu(&who, None).await.unwrap();
    assert_eq!(again, seen);
    // KOS was not even asked.
    let journal = stand.simulator.journal();
    assert_eq!(journal.calls(Operation::Product), asked);
    stand.faults(&[]);
    stand.stop().await;
}

async fn a_choice_is_offered_on_the_plan_of_this_moment(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    replica.product.menu(&who, None).await.unwrap();
    // The plan was changed at KOS, without the product.
    let line = who.user.lines[0].line_number.clone();
    let (from, to) = (plan(FROM), plan(TO));
    let changed = replica
        .client
        .change("elsewhere-0001", &line, &from, &to, &|| true);
    changed.await.unwrap();
    let options = replica.product.options(&who, None).await.unwrap();
    assert_eq!(options.current_product.code.as_str(), TO);
    let check = replica.product.check(&who, draft(&who, FROM, TO)).await;
    let refused = check.unwrap_err().code();
    assert_eq!(refused, ProblemCode::CurrentProductChanged);
    // Where the refusal leads to.
    shows(&replica, &who, TO).await;
    stand.stop().await;
}

/// The same where the checks in the browser had passed before.
async fn a_request_refused_for_its_plan_leads_to_the_plan_of_this_moment(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    replica.product.menu(&who, None).await.unwrap();
    let line = who.user.lines[0].line_number.clone();
    let (from, to) = (plan(FROM), plan(TO));
    let changed = replica
        .client
        .change("elsewhere-0001", &line, &from, &to, &|| true);
    changed.await.unwrap();
    let refused = replica.request(&who, "key-0001", "LTE-PREMIUM-001").await;
    assert_eq!(
        refused.unwrap_err().code(),
        ProblemCode::CurrentProductChanged
    );
    shows(&replica, &who, TO).await;
    stand.stop().await;
}

/// The menu shows that plan, once no generation from before is believed any more.
async fn shows(replica: &Replica, who: &Principal, plan: &str) {
    until("the menu shows it", async || {
        let menu = replica.product.menu(who, None).await.unwrap();
        menu.current_product.code.as_str() == plan
    })
    .await;
}

async fn a_menu_shows_the_new_plan_at_once_everywhere(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, elsewhere, who) = (stand.replica().await, stand.replica().await, demo01());
    replica.product.menu(&who, None).await.unwrap();
    elsewhere.request(&who, "key-0001", TO).await.unwrap();
    let menu = replica.product.menu(&who, None).await.unwrap();
    assert_eq!(menu.current_product.code.as_str(), TO);
    // The price list is cached: each of the two replicas read it once, or one did for both.
    assert!(stand.simulator.journal().calls(Operation::List) <= 2);
    stand.stop().await;
}

async fn each_check_can_be_asked_for_alone(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, who) = (stand.replica().await, demo01());
    for check in CheckType::ALL {
        let draft = draft(&who, FROM, "5G-PURE-001");
        let one = replica.product.check_one(&who, draft, check).await.unwrap();
        let expected = match check {
            CheckType::OperatorMatch => Verdict::Fail,
            CheckType::ProductOnSale | CheckType::LineInUse => Verdict::Pass,
        };
        assert_eq!((one.check, one.result), (check, expected));
        assert_eq!(
            one.message,
            text::problem::check(Lang::default(), check, expected)
        );
    }
    stand.stop().await;
}
