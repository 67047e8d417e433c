//! What the bills of this and last month say that bears on a change of plan.

use crate::kos::{HeldLine, KosBill, KosFacts};
use app::model::{BillingMonth, MonthlyData, RecentBills};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a change of plan waits for the bills; after that it goes without, and the next request
/// finds them cached.
const PATIENCE: Duration = Duration::from_millis(300);

/// What the bills of the `current` month and the one before say, if KOS returns them soon.
pub(super) async fn told_soon(
    facts: &KosFacts,
    line: &HeldLine,
    current: BillingMonth,
) -> RecentBills {
    let soon = async |month| {
        let told = timeout(PATIENCE, facts.bill(line, month)).await;
        told.ok().and_then(Result::ok).map(|told| told.value)
    };
    let (now, before) = tokio::join!(soon(current), soon(current.previous()));
    read(now, before)
}

fn read(now: Option<Arc<KosBill>>, before: Option<Arc<KosBill>>) -> RecentBills {
    let contract = now.as_ref().and_then(|bill| bill.contract.as_ref());
    let contract_left = contract.map(|contract| contract.months_left);
    let data = [now, before].into_iter().flatten().filter_map(|bill| {
        Some(MonthlyData {
            month: bill.month,
            used_mb: bill.usage.data.as_ref()?.used_mb,
        })
    });
    RecentBills {
        data: data.collect(),
        contract_left: contract_left.filter(|left| *left > 0),
    }
}
