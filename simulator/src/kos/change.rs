//! `POST /product/change` and `GET /product/change/{requestId}`.

use super::{
    Family, Kos, Refusal,
    bill::day,
    envelope::{with_code, wrap},
    request::Fields,
    subscriptions::FirstAnswer,
};
use crate::{
    Fault,
    data::{LineNumber, Plan, SaleStatus, plan},
    ledger::{ChangeApplied, ChangeAttempt, ChangeRefused, Entry},
    stage::{Answer, Call},
};
use jiff::Timestamp;
use serde::Serialize;
use std::{io, sync::Arc, time::Duration};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeData {
    request_id: String,
    change_info: ChangeInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeInfo {
    line_number: LineNumber,
    previous_product_code: String,
    previous_product_name: Option<&'static str>,
    new_product_code: String,
    new_product_name: Option<&'static str>,
    effective_date: Option<String>,
    change_status: &'static str,
    kos_order_number: Option<String>,
    estimated_completion_time: Option<String>,
}

impl From<ChangeApplied> for ChangeData {
    fn from(change: ChangeApplied) -> Self {
        let name = |code: &str| plan(code).map(|plan| plan.name);
        Self {
            change_info: ChangeInfo {
                line_number: change.line_number,
                previous_product_name: name(&change.previous_product_code),
                previous_product_code: change.previous_product_code,
                new_product_name: name(&change.new_product_code),
                new_product_code: change.new_product_code,
                effective_date: Some(change.effective_date),
                change_status: "COMPLETED",
                kos_order_number: Some(change.kos_order_number),
                // A change takes effect at once.
                estimated_completion_time: Some(change.applied_at),
            },
            request_id: change.request_id,
        }
    }
}

impl ChangeData {
    fn under_way(request: &Request<'_>, previous: &Plan, target: &Plan) -> Self {
        Self {
            change_info: ChangeInfo {
                line_number: request.line.clone(),
                previous_product_name: Some(previous.name),
                previous_product_code: previous.code.to_owned(),
                new_product_name: Some(target.name),
                new_product_code: target.code.to_owned(),
                effective_date: None,
                change_status: "PROCESSING",
                kos_order_number: None,
                estimated_completion_time: None,
            },
            request_id: request.id.to_owned(),
        }
    }
}

/// A well-formed request to change.
struct Request<'a> {
    line: LineNumber,
    current: &'a str,
    target: &'a str,
    id: &'a str,
}

/// Records the arrival of a change, whatever its outcome.
pub(super) fn record_attempt(kos: &Kos, call: &Call, fault: Option<&Fault>) -> io::Result<()> {
    let fields = Fields::parse(&call.body).ok();
    let sent = |name| {
        fields
            .as_ref()
            .and_then(|fields| fields.as_sent(name))
            .map(str::to_owned)
    };
    let attempt = ChangeAttempt {
        received_at: kos.stage.clock.stamp(),
        request_id: sent("requestId"),
        line_number: sent("lineNumber").and_then(|line| line.parse().ok()),
        target_product_code: sent("targetProductCode"),
        fault: fault.map(ToString::to_string),
    };
    kos.stage.ledger.append(Entry::ChangeAttempt(attempt))
}

/// Applies or refuses a change; either way it is in the ledger before this returns.
pub(super) async fn apply(kos: &Kos, call: &Call, received_at: Timestamp) -> Answer {
    let fields = match Fields::parse(&call.body) {
        Ok(fields) => fields,
        Err(refusal) => return wrap::<()>(&kos.stage, call, Err(refusal)),
    };
    let request = match Request::read(&fields) {
        Ok(request) => request,
        Err(refusal) => return wrap::<()>(&kos.stage, call, Err(refusal)),
    };
    let _turn = kos.subscriptions.turn().await;
    if let Some(first) = kos
        .subscriptions
        .first_answer(request.id)
        .filter(|_| kos.capabilities.k3)
    {
        return match first {
            FirstAnswer::Applied(change) => {
                with_code(&kos.stage, call, "2007", Some(ChangeData::from(change)))
            }
            FirstAnswer::Refused(code) => wrap::<()>(&kos.stage, call, Err(Refusal(code))),
        };
    }
    let settled = match decide(kos, &request, received_at) {
        Ok((previous, target)) => record_applied(kos, &request, previous, target).map(Ok),
        Err(refusal) => record_refused(kos, &request, refusal).map(Err),
    };
    match settled {
        Ok(outcome) => wrap(&kos.stage, call, outcome.map(ChangeData::from)),
        Err(error) => {
            tracing::error!(%error, "cannot record a change");
            wrap::<()>(&kos.stage, call, Err(Refusal::new("9998")))
        }
    }
}

/// Answers that the change is being worked on, and applies it after that pause.
pub(super) async fn accept(kos: Arc<Kos>, call: Call, pause: Duration) -> Answer {
    let taken = Fields::parse(&call.body).and_then(|fields| {
        let request = Request::read(&fields)?;
        let (previous, target) = decide(&kos, &request, kos.stage.clock.now())?;
        Ok(ChangeData::under_way(&request, previous, target))
    });
    let answer = wrap(&kos.stage, &call, taken);
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(pause) => {
                apply(&kos, &call, kos.stage.clock.now()).await;
            }
            () = kos.stage.stop.cancelled() => {}
        }
    });
    answer
}

/// The answer recorded for a change that was applied.
pub(super) fn find(kos: &Kos, request_id: &str) -> Result<ChangeData, Refusal> {
    match kos.subscriptions.first_answer(request_id) {
        Some(FirstAnswer::Applied(change)) => Ok(change.into()),
        Some(FirstAnswer::Refused(_)) | None => Err(Refusal::new("2404")),
    }
}

impl<'a> Request<'a> {
    fn read(fields: &'a Fields) -> Result<Self, Refusal> {
        Ok(Self {
            line: fields.line_number()?,
            current: fields.product_code("currentProductCode")?,
            target: fields.product_code("targetProductCode")?,
            id: fields.request_id()?,
        })
    }
}

/// The plans before and after, or the refusal.
fn decide(
    kos: &Kos,
    request: &Request<'_>,
    received_at: Timestamp,
) -> Result<(&'static Plan, &'static Plan), Refusal> {
    let waited = kos.stage.clock.now().duration_since(received_at);
    if kos.capabilities.k2 && waited > kos.change_horizon {
        return Err(Refusal::new("2099"));
    }
    let customer = kos.customer(&request.line, Family::Change)?;
    let current = kos.subscriptions.plan_now(&customer);
    let target = plan(request.target).ok_or_else(|| Refusal::new("2003"))?;
    if target.status != SaleStatus::Active {
        return Err(Refusal::new("2004"));
    }
    if target.operator != customer.operator {
        return Err(Refusal::new("2005"));
    }
    if kos.capabilities.k4 && request.current != current.code {
        return Err(Refusal::new("2006"));
    }
    Ok((current, target))
}

fn record_applied(
    kos: &Kos,
    request: &Request<'_>,
    previous: &Plan,
    target: &Plan,
) -> io::Result<ChangeApplied> {
    let today = day(kos.stage.clock.today());
    let change = ChangeApplied {
        applied_at: kos.stage.clock.stamp(),
        request_id: request.id.to_owned(),
        line_number: request.line.clone(),
        previous_product_code: previous.code.to_owned(),
        new_product_code: target.code.to_owned(),
        kos_order_number: format!("KOS{today}{:06}", kos.subscriptions.next_order()),
        effective_date: today,
    };
    kos.stage
        .ledger
        .append(Entry::ChangeApplied(change.clone()))?;
    kos.subscriptions.add_applied(change.clone());
    Ok(change)
}

fn record_refused(kos: &Kos, request: &Request<'_>, refusal: Refusal) -> io::Result<Refusal> {
    let refused = ChangeRefused {
        refused_at: kos.stage.clock.stamp(),
        request_id: request.id.to_owned(),
        line_number: request.line.clone(),
        result_code: refusal.0.clone(),
    };
    kos.stage.ledger.append(Entry::ChangeRefused(refused))?;
    kos.subscriptions
        .add_refused(request.id.to_owned(), refusal.0.clone());
    Ok(refusal)
}
