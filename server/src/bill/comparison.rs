//! The comparison of a bill with other months, as far as they arrive in time.

use super::answer;
use crate::{
    cache::Fresh,
    error::AppError,
    kos::{HeldLine, KosBill, KosError, KosFacts},
};
use app::model::{BillingMonth, Comparison, Line, MonthTotal, Principal, Source, TrendTotal};
use futures::{StreamExt, stream::FuturesUnordered};
use std::time::Duration;
use tokio::time::timeout;

/// How long a loaded bill waits for the other months; after that it is shown without them, and the
/// next request finds them cached.
const PATIENCE: Duration = Duration::from_millis(300);

type Told = Result<Fresh<KosBill>, KosError>;

/// Compares the bill of the month that was `asked` for with the others of `months`.
pub(super) async fn around(
    facts: &KosFacts,
    request_id: String,
    who: &Principal,
    line: &Line,
    asked: BillingMonth,
    months: &[BillingMonth],
) -> Comparison {
    let told = told_soon(facts, &HeldLine::of(who, line), asked, months).await;
    let told_of = |month| {
        let mut all = told.iter();
        all.find_map(|(of, told)| (*of == month).then_some(told))
    };
    let earlier = told_of(asked.previous()).and_then(|told| told.as_ref().ok());
    let trend = months.iter().map(|month| MonthTotal {
        month: *month,
        total: told_of(*month).map_or(TrendTotal::NotNow, total),
    });
    Comparison {
        earlier: earlier.map(|told| answer::bill(request_id, line, told)),
        trend: trend.collect(),
    }
}

/// Every month that arrives before the month `asked` for, and those soon after it. The rest is left
/// to the cache, whose loads continue.
async fn told_soon(
    facts: &KosFacts,
    line: &HeldLine,
    asked: BillingMonth,
    months: &[BillingMonth],
) -> Vec<(BillingMonth, Told)> {
    let ask = async |month: BillingMonth| (month, facts.bill(line, month).await);
    let mut asking: FuturesUnordered<_> = months.iter().copied().map(ask).collect();
    let mut told = Vec::with_capacity(months.len());
    while let Some(next) = asking.next().await {
        let is_known = next.0 == asked;
        told.push(next);
        if is_known {
            break;
        }
    }
    let soon = async {
        while let Some(next) = asking.next().await {
            told.push(next);
        }
    };
    // Months that did not arrive in time are absent from the list.
    _ = timeout(PATIENCE, soon).await;
    told
}

fn total(told: &Told) -> TrendTotal {
    match told {
        Ok(bill) if bill.source == Source::Stale => TrendTotal::Stale(bill.value.total),
        Ok(bill) => TrendTotal::Known(bill.value.total),
        Err(error) if AppError::from(error.clone()).code().retryable() => TrendTotal::NotNow,
        Err(_) => TrendTotal::Absent,
    }
}
