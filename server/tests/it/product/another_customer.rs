//! A line whose number was given to somebody else: KOS names another customer than our record.

use super::{FROM, LINE, Stand, TO, command, customer, demo01, draft, plan};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::CheckType,
    problem::ProblemCode::{ChangeInProgress, LineNotFound},
    ssr::{ChangeCommand, ProductPort},
};

on_both_databases! {
    a_customer_who_has_left_changes_nothing_of_the_next_one,
    an_open_change_of_the_one_before_is_not_named_to_the_next,
}

async fn a_customer_who_has_left_changes_nothing_of_the_next_one(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let replica = stand.replica().await;
    let mut gone = customer("gone", &[LINE]);
    gone.user.customer_id = "CUST-OF-BEFORE".into();
    let product = &replica.product;
    // Also where the next one's line is in the cache.
    product.menu(&demo01(), None).await.unwrap();

    let shown = product.menu(&gone, None).await;
    assert_eq!(shown.unwrap_err().code(), LineNotFound);
    let shown = product.options(&gone, None).await;
    assert_eq!(shown.unwrap_err().code(), LineNotFound);
    let line = &gone.user.lines[0].line_id;
    let fee = product.fee(&gone, line, &plan(FROM)).await;
    assert_eq!(fee.unwrap(), None);
    let checked = product.check(&gone, draft(&gone, FROM, TO)).await;
    assert_eq!(checked.unwrap_err().code(), LineNotFound);
    for check in [
        CheckType::LineInUse,
        CheckType::OperatorMatch,
        CheckType::ProductOnSale,
    ] {
        let checked = product
            .check_one(&gone, draft(&gone, FROM, TO), check)
            .await;
        assert_eq!(checked.unwrap_err().code(), LineNotFound);
    }
    let asked = replica.request(&gone, "key-gone", TO).await;
    assert_eq!(asked.unwrap_err().code(), LineNotFound);
    assert_eq!(stand.sent_and_applied(), (0, 0));
    let rows = stand.database.number("SELECT COUNT(*) FROM product_change");
    assert_eq!(rows.await, 0);

    let ours = demo01();
    let request: ChangeCommand = command(&ours, "key-ours", FROM, TO);
    product.request(&ours, request).await.unwrap();
    assert_eq!(stand.sent_and_applied(), (1, 1));
    stand.stop().await;
}

async fn an_open_change_of_the_one_before_is_not_named_to_the_next(database: TestDatabase) {
    let stand = Stand::start(database).await;
    let (replica, before) = (stand.replica().await, demo01());
    stand.faults(&["kos.change=reset*1"]);
    let open = replica.request(&before, "key-open", TO).await.unwrap();
    let next = customer("next", &[LINE]);
    for (who, named) in [(&before, Some(open.request_id)), (&next, None)] {
        let refused = replica.request(who, "key-late", TO).await.unwrap_err();
        assert_eq!(
            (refused.code(), &refused.request_id),
            (ChangeInProgress, &named)
        );
    }
    stand.stop().await;
}
