//! A change that has no end yet.

use app::model::{Change, ChangeStatus, KstInstant, LineId, ProductName, RequestId};

/// The change with that number, requested at that instant.
pub fn pending_change(request_id: &RequestId, requested_at: &str) -> Change {
    let plan = |code: &str| ProductName {
        code: code.parse().unwrap(),
        name: code.into(),
    };
    Change {
        request_id: request_id.clone(),
        line_id: LineId("line-1".into()),
        line_number: "01012345678".parse().unwrap(),
        from: plan("P-1"),
        to: plan("P-2"),
        status: ChangeStatus::Pending,
        requested_at: KstInstant(requested_at.into()),
        processed_at: None,
        effective_date: None,
        kos_order_number: None,
        failure: None,
        receipt: None,
        under_review: false,
    }
}
