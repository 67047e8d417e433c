//! The control port: sets faults, shows ledger and journal.
//!
//! `GET|PUT|DELETE /control/faults` (a JSON list of rule texts, see [`crate::faults`]),
//! `GET /control/ledger`, `GET /control/requests`.

use crate::{FaultRule, Faults, Journal, Ledger, ReceivedRequest};
use axum::{
    Json, Router,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::io;

/// The state behind the port.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) ledger: Ledger,
}

pub(crate) fn router(control: Control) -> Router {
    Router::new()
        .route(
            "/control/faults",
            get(show_faults).put(set_faults).delete(clear_faults),
        )
        .route("/control/ledger", get(show_ledger))
        .route("/control/requests", get(show_requests))
        .with_state(control)
}

async fn show_faults(State(control): State<Control>) -> Json<Vec<FaultRule>> {
    Json(control.faults.rules())
}

async fn set_faults(
    State(control): State<Control>,
    rules: Result<Json<Vec<FaultRule>>, JsonRejection>,
) -> Response {
    match rules {
        Ok(Json(rules)) => {
            control.faults.set(rules);
            Json(control.faults.rules()).into_response()
        }
        Err(error) => (
            StatusCode::BAD_REQUEST,
            Json(json!({"error": error.body_text()})),
        )
            .into_response(),
    }
}

async fn clear_faults(State(control): State<Control>) -> StatusCode {
    control.faults.clear();
    StatusCode::NO_CONTENT
}

async fn show_ledger(State(control): State<Control>) -> Response {
    match read_ledger(&control.ledger) {
        Ok(ledger) => Json(ledger).into_response(),
        Err(error) => {
            let body = Json(json!({"error": error.to_string()}));
            (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
        }
    }
}

async fn show_requests(State(control): State<Control>) -> Json<Vec<ReceivedRequest>> {
    Json(control.journal.requests())
}

fn read_ledger(ledger: &Ledger) -> io::Result<Value> {
    Ok(json!({
        "changeAttempts": ledger.change_attempts()?,
        "changesApplied": ledger.changes_applied()?,
        "changesRefused": ledger.changes_refused()?,
        "apEvents": ledger.ap_events()?,
    }))
}
