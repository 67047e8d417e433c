//! Bill inquiry.

use super::{
    query::{HistoryParams, LineParams, StrictQuery},
    strict_json::StrictJsonOrNothing,
};
use crate::http::{Gateway, problem_response::Refusal, rpc::JSON, session::SignedIn};
use app::{
    model::{Bill, BillMenu, BillingMonth, InquiryRecord, LineId, Page},
    ssr::BillQuery,
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use serde::Deserialize;
use utoipa::ToSchema;

/// Which bill; nothing at all stands for the first line and the current month.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct InquiryBody {
    /// The customer's first line unless named.
    line_id: Option<LineId>,
    /// The current month in Asia/Seoul unless named; at most five earlier.
    month: Option<BillingMonth>,
}

/// The lines and months to choose from.
#[utoipa::path(get, path = "/api/v1/bill/menu", tag = "bill", params(LineParams),
    responses((status = 200, description = "The menu", body = BillMenu)))]
pub(super) async fn menu(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    StrictQuery(params): StrictQuery<LineParams>,
) -> Result<Json<BillMenu>, Refusal> {
    Ok(Json(gateway.bill.menu(&who, params.line_id).await?))
}

/// One inquiry, recorded in the history.
#[utoipa::path(post, path = "/api/v1/bill/inquiry", tag = "bill", request_body = InquiryBody,
    responses((status = 200, description = "The bill", body = Bill)))]
pub(super) async fn inquire(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    StrictJsonOrNothing(body): StrictJsonOrNothing<InquiryBody>,
) -> Result<Response, Refusal> {
    let query = BillQuery {
        line: body.line_id,
        month: body.month,
    };
    let bill = gateway.bill.inquire_json(&who, query).await?;
    Ok(([(header::CONTENT_TYPE, JSON)], bill).into_response())
}

/// The customer's inquiries, newest first.
#[utoipa::path(get, path = "/api/v1/bill/history", tag = "bill", params(HistoryParams),
    responses((status = 200, description = "A page", body = Page<InquiryRecord>)))]
pub(super) async fn history(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    StrictQuery(params): StrictQuery<HistoryParams>,
) -> Result<Json<Page<InquiryRecord>>, Refusal> {
    Ok(Json(gateway.bill.history(&who, params.try_into()?).await?))
}
