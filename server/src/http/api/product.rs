//! Product change.

use super::{
    query::{HistoryParams, LineParams, StrictQuery},
    strict_json::StrictJson,
};
use crate::http::{
    Gateway, language::Language, path_id::PathId, problem_response::Refusal,
    request_id::RequestId as TraceId, session::SignedIn,
};
use app::{
    in_language::InLanguage,
    model::{
        Change, ChangeDraft, ChangeOptions, ChangeStatus, IdempotencyKey, Page, PreCheck,
        ProductMenu, RequestId,
    },
    problem::ProblemCode,
    ssr::ChangeCommand,
};
use axum::{
    Json,
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header, request::Parts};

/// The current product and what the line can change to.
#[utoipa::path(get, path = "/api/v1/product/menu", tag = "product", params(LineParams),
    responses((status = 200, description = "The menu", body = ProductMenu)))]
pub(super) async fn menu(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    StrictQuery(params): StrictQuery<LineParams>,
) -> Result<Json<ProductMenu>, Refusal> {
    Ok(Json(gateway.product.menu(&who, params.line_id).await?))
}

/// The plans with their difference in fee.
#[utoipa::path(get, path = "/api/v1/product/change", tag = "product", params(LineParams),
    responses((status = 200, description = "The plans", body = ChangeOptions)))]
pub(super) async fn options(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    StrictQuery(params): StrictQuery<LineParams>,
) -> Result<Json<ChangeOptions>, Refusal> {
    Ok(Json(gateway.product.options(&who, params.line_id).await?))
}

/// The three checks, without changing anything.
#[utoipa::path(post, path = "/api/v1/product/check", tag = "product", request_body = ChangeDraft,
    responses((status = 200, description = "The checks", body = PreCheck)))]
pub(super) async fn check(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    Language { lang, .. }: Language,
    StrictJson(draft): StrictJson<ChangeDraft>,
) -> Result<Json<PreCheck>, Refusal> {
    let checks = gateway.product.check(&who, draft).await?;
    Ok(Json(checks.in_language(lang)))
}

/// Change the plan, once per key: the same key and body get the same answer again.
#[utoipa::path(post, path = "/api/v1/product/request", tag = "product", request_body = ChangeDraft,
    params(("Idempotency-Key" = String, Header, description = "Made once per intended change",
        pattern = "^[A-Za-z0-9_-]{8,64}$")),
    responses(
        (status = 200, description = "Changed", body = Change),
        (status = 202, description = "Sent; the answer is unknown and being confirmed",
            body = Change, headers(("Location" = String, description = "Where to ask"))),
    ))]
pub(super) async fn request(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    trace: TraceId,
    Language { lang, .. }: Language,
    KeyHeader(key): KeyHeader,
    StrictJson(draft): StrictJson<ChangeDraft>,
) -> Result<Response, Refusal> {
    let command = ChangeCommand {
        draft,
        key,
        trace_id: trace.0,
    };
    let change = gateway.product.request(&who, command).await?;
    let change = change.in_language(lang);
    Ok(match change.status {
        ChangeStatus::Pending => {
            let place = format!("/api/v1/product/request/{}", change.request_id);
            (
                StatusCode::ACCEPTED,
                [(header::LOCATION, place)],
                Json(change),
            )
                .into_response()
        }
        ChangeStatus::Completed | ChangeStatus::Failed => Json(change).into_response(),
    })
}

/// How a change stands.
#[utoipa::path(get, path = "/api/v1/product/request/{requestId}", tag = "product",
    params(("requestId" = String, Path, description = "The change")),
    responses((status = 200, description = "The change", body = Change)))]
pub(super) async fn status(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    Language { lang, .. }: Language,
    PathId(id): PathId,
) -> Result<Json<Change>, Refusal> {
    let change = gateway.product.status(&who, &RequestId(id)).await?;
    Ok(Json(change.in_language(lang)))
}

/// The customer's changes, newest first.
#[utoipa::path(get, path = "/api/v1/product/history", tag = "product", params(HistoryParams),
    responses((status = 200, description = "A page", body = Page<Change>)))]
pub(super) async fn history(
    State(gateway): State<Gateway>,
    SignedIn(who): SignedIn,
    Language { lang, .. }: Language,
    StrictQuery(params): StrictQuery<HistoryParams>,
) -> Result<Json<Page<Change>>, Refusal> {
    let changes = gateway.product.history(&who, params.try_into()?).await?;
    Ok(Json(changes.in_language(lang)))
}

/// The one `Idempotency-Key` header.
pub(super) struct KeyHeader(IdempotencyKey);

impl<S: Sync> FromRequestParts<S> for KeyHeader {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let key = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok().and_then(|text| text.parse().ok()),
            _ => None,
        };
        key.map(Self)
            .ok_or_else(|| ProblemCode::IdempotencyKeyMissing.into())
    }
}
