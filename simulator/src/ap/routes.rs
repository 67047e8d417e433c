//! `POST /api/v1/mvno/results`.

use super::signature;
use crate::{
    ApEvent, LineNumber, Operation,
    ledger::Entry,
    stage::{Answer, Call, Stage, Work},
};
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex, PoisonError},
};

/// The AP server, running.
#[derive(Debug)]
pub(crate) struct Ap {
    stage: Stage,
    secret: String,
    /// Ids received so far; locked while an event is recorded, so that the ledger keeps the order of
    /// arrival.
    seen: Mutex<HashSet<String>>,
}

/// A result as sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    event_id: String,
    #[serde(rename = "type")]
    kind: String,
    occurred_at: String,
    customer_id: String,
    line_number: LineNumber,
    result: String,
    message: Option<String>,
    #[serde(default)]
    payload: Value,
}

/// The values of the contract.
const KINDS: [&str; 2] = ["BILL_INQUIRY", "PRODUCT_CHANGE"];
const RESULTS: [&str; 3] = ["SUCCESS", "FAILURE", "OUTAGE"];

impl Ap {
    /// An AP server that knows the events in the ledger.
    pub(crate) fn new(stage: Stage, secret: String) -> io::Result<Arc<Self>> {
        let seen = stage
            .ledger
            .ap_events()?
            .into_iter()
            .map(|event| event.event_id)
            .collect();
        Ok(Arc::new(Self {
            stage,
            secret,
            seen: Mutex::new(seen),
        }))
    }

    fn receive(&self, call: &Call) -> Answer {
        let header = call.header("x-signature").unwrap_or_default();
        if !signature::is_signed(&self.secret, &header, &call.body) {
            return answer(401, &json!({"accepted": false, "reason": "bad signature"}));
        }
        let delivery = match serde_json::from_slice::<Delivery>(&call.body) {
            Ok(delivery) if delivery.is_in_contract() => delivery,
            Ok(_) => return answer(400, &json!({"accepted": false, "reason": "unknown word"})),
            Err(error) => {
                return answer(
                    400,
                    &json!({"accepted": false, "reason": error.to_string()}),
                );
            }
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let duplicate = seen.contains(&delivery.event_id);
        let id = delivery.event_id.clone();
        let event = delivery.received(self.stage.clock.stamp(), duplicate);
        if let Err(error) = self.stage.ledger.append(Entry::ApEvent(event)) {
            tracing::error!(%error, "cannot record an event");
            return answer(500, &json!({"accepted": false, "reason": "not recorded"}));
        }
        seen.insert(id);
        answer(200, &json!({"accepted": true, "duplicate": duplicate}))
    }
}

impl Delivery {
    fn is_in_contract(&self) -> bool {
        KINDS.contains(&self.kind.as_str()) && RESULTS.contains(&self.result.as_str())
    }

    fn received(self, received_at: String, duplicate: bool) -> ApEvent {
        ApEvent {
            received_at,
            event_id: self.event_id,
            kind: self.kind,
            occurred_at: self.occurred_at,
            customer_id: self.customer_id,
            line_number: self.line_number,
            result: self.result,
            message: self.message,
            payload: self.payload,
            duplicate,
        }
    }
}

pub(crate) fn router(ap: Arc<Ap>) -> Router {
    Router::new()
        .route("/api/v1/mvno/results", post(receive))
        .with_state(ap)
}

async fn receive(State(ap): State<Arc<Ap>>, call: Call) -> Response {
    let fault = ap.stage.arrive(Operation::Ap, &call);
    let (state, asked) = (ap.clone(), call.clone());
    let work: Work = Arc::new(move || {
        let (ap, call) = (state.clone(), asked.clone());
        Box::pin(async move { ap.receive(&call) })
    });
    ap.stage.perform(call, fault, work, refuse).await
}

/// The AP has no result codes: a refusal is an HTTP status, 400 if the code is not one.
fn refuse(code: &str) -> Answer {
    let status = code
        .parse()
        .ok()
        .filter(|status| (400..600).contains(status))
        .unwrap_or(400);
    answer(status, &json!({"accepted": false, "reason": "refused"}))
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
        body: body.to_string().into(),
    }
}
