//! The paths of the contract.

use super::{Kos, Refusal, bill, change, envelope::wrap, product, request};
use crate::{
    Fault, Operation,
    stage::{Answer, Call, Work},
};
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use std::sync::Arc;

/// `/api/v1/kos`; the inquiry by request id only with K1.
pub(crate) fn router(kos: Arc<Kos>) -> Router {
    let mut routes = Router::new()
        .route("/bill/inquiry", post(inquire_bill))
        .route("/bill/available-months/{line_number}", get(list_months))
        .route("/product/inquiry", post(inquire_product))
        .route("/product/list", get(list_products))
        .route("/product/change", post(change_product));
    if kos.capabilities.k1 {
        routes = routes.route("/product/change/{request_id}", get(inquire_change));
    }
    Router::new().nest("/api/v1/kos", routes).with_state(kos)
}

impl Kos {
    /// Runs an operation under its fault; a refusal is KOS's envelope with the code.
    async fn perform(&self, call: Call, fault: Option<Fault>, work: Work) -> Response {
        let asked = call.clone();
        let refuse = |code: &str| wrap::<()>(&self.stage, &asked, Err(Refusal::new(code)));
        self.stage.perform(call, fault, work, refuse).await
    }

    /// As [`Self::perform`], for an operation that only reads.
    async fn answer(
        self: Arc<Self>,
        operation: Operation,
        call: Call,
        read: impl Fn(&Self, &Call) -> Answer + Send + Sync + 'static,
    ) -> Response {
        let fault = self.stage.arrive(operation, &call);
        let (kos, asked) = (self.clone(), call.clone());
        let work: Work = Arc::new(move || Box::pin(std::future::ready(read(&kos, &asked))));
        self.perform(call, fault, work).await
    }
}

async fn inquire_bill(State(kos): State<Arc<Kos>>, call: Call) -> Response {
    kos.answer(Operation::Bill, call, |kos, call| {
        wrap(&kos.stage, call, bill::inquire(kos, &call.body))
    })
    .await
}

async fn list_months(
    State(kos): State<Arc<Kos>>,
    Path(line_number): Path<String>,
    call: Call,
) -> Response {
    kos.answer(Operation::Months, call, move |kos, call| {
        let months = request::line_number(&line_number).and_then(|line| bill::months(kos, &line));
        wrap(&kos.stage, call, months)
    })
    .await
}

async fn inquire_product(State(kos): State<Arc<Kos>>, call: Call) -> Response {
    kos.answer(Operation::Product, call, |kos, call| {
        wrap(&kos.stage, call, product::inquire(kos, &call.body))
    })
    .await
}

async fn list_products(State(kos): State<Arc<Kos>>, call: Call) -> Response {
    kos.answer(Operation::List, call, |kos, call| {
        wrap(&kos.stage, call, Ok(product::list(kos)))
    })
    .await
}

async fn inquire_change(
    State(kos): State<Arc<Kos>>,
    Path(request_id): Path<String>,
    call: Call,
) -> Response {
    kos.answer(Operation::ChangeStatus, call, move |kos, call| {
        let found = request::request_id(&request_id).and_then(|id| change::find(kos, id));
        wrap(&kos.stage, call, found)
    })
    .await
}

async fn change_product(State(kos): State<Arc<Kos>>, call: Call) -> Response {
    let received_at = kos.stage.clock.now();
    let fault = kos.stage.arrive(Operation::Change, &call);
    if let Err(error) = change::record_attempt(&kos, &call, fault.as_ref()) {
        tracing::error!(%error, "cannot record a change attempt");
        return wrap::<()>(&kos.stage, &call, Err(Refusal::new("9998"))).into_response();
    }
    if let Some(Fault::Accepted(pause)) = fault {
        return change::accept(kos, call, pause).await.into_response();
    }
    let (state, asked) = (kos.clone(), call.clone());
    let work: Work = Arc::new(move || {
        let (kos, call) = (state.clone(), asked.clone());
        Box::pin(async move { change::apply(&kos, &call, received_at).await })
    });
    kos.perform(call, fault, work).await
}
