//! Single changes of a customer: by key, and the open one of a line.

use super::{Stand, TO, customer, demo01, limits};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::{ChangeStatus, KeyUse, LineId, Principal},
    problem::ProblemCode,
    ssr::ProductPort,
};
use simulator::Capabilities;

on_both_databases! { a_change_is_found_by_its_key_and_while_it_is_open_by_its_line }

async fn a_change_is_found_by_its_key_and_while_it_is_open_by_its_line(database: TestDatabase) {
    let stand = Stand::with(database, Capabilities::BASE, limits()).await;
    let (replica, who) = (stand.replica().await, demo01());
    // Another account with the same line, which it may have taken over.
    let number = who.user.lines[0].line_number.as_str();
    let other = customer("other", &[number]);
    let used = async |who: &Principal, key: &str| {
        let key = key.parse().unwrap();
        replica.product.use_of_key(who, &key).await.unwrap()
    };
    let open = async |who: &Principal| replica.product.open_change(who, None).await.unwrap();
    assert_eq!(
        (used(&who, "key-0001").await, open(&who).await),
        (KeyUse::Unused, None)
    );

    stand.faults(&["kos.change=lost_answer"]);
    let pending = replica.request(&who, "key-0001", TO).await.unwrap();
    assert_eq!(pending.status, ChangeStatus::Pending);
    let found = KeyUse::Change(pending.request_id.clone());
    assert_eq!(used(&who, "key-0001").await, found);
    assert_eq!(used(&who, "key-0002").await, KeyUse::Unused);
    assert_eq!(used(&other, "key-0001").await, KeyUse::Unused);
    assert_eq!(open(&who).await, Some(pending.request_id.clone()));
    assert_eq!(open(&other).await, None);
    let nowhere = LineId("nobody's".into());
    let refused = replica.product.open_change(&who, Some(&nowhere)).await;
    assert_eq!(refused.unwrap_err().code(), ProblemCode::LineNotFound);

    replica.product.start_reconciler();
    replica.settled(&who, &pending.request_id).await;
    assert_eq!(
        (used(&who, "key-0001").await, open(&who).await),
        (found, None)
    );
    // A refusal is an answer to its key, but no change.
    let refused = replica.request(&who, "key-0003", TO).await;
    assert_eq!(
        refused.unwrap_err().code(),
        ProblemCode::CurrentProductChanged
    );
    assert_eq!(used(&who, "key-0003").await, KeyUse::Refused);
    assert_eq!(used(&other, "key-0003").await, KeyUse::Unused);
    stand.stop().await;
}
