//! Query strings, read as strictly as bodies.

use super::strict_json::strictly;
use crate::http::problem_response::Refusal;
use app::{
    model::{Cursor, DayRange, KstDate, Limit, LineId},
    problem::{FieldCode, FieldProblem, Problem},
    ssr::HistoryQuery,
};
use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

/// A query string of exactly that shape; 400 names what is unknown, repeated or malformed.
pub(super) struct StrictQuery<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for StrictQuery<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let read = strictly(serde_urlencoded::Deserializer::new(pairs));
        read.map(Self)
            .map_err(|fields| Problem::validation(fields).into())
    }
}

/// Which line a menu is for.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LineParams {
    /// The customer's first line unless named.
    #[param(value_type = Option<String>)]
    pub(super) line_id: Option<LineId>,
}

/// Which part of a history.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryParams {
    /// All lines of the customer unless named.
    #[param(value_type = Option<String>)]
    line_id: Option<LineId>,
    /// First day included, in Seoul.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day included, in Seoul.
    #[param(format = Date)]
    to: Option<String>,
    /// `nextCursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// Items a page may hold.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
}

impl TryFrom<HistoryParams> for HistoryQuery {
    type Error = Problem;

    fn try_from(params: HistoryParams) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str| faults.push(FieldProblem::new(field, FieldCode::Malformed));
        let mut day = |field: &str, text: Option<String>| {
            let day = text.map(KstDate::try_from).transpose();
            day.unwrap_or_else(|_| {
                wrong(field);
                None
            })
        };
        let (from, to) = (day("from", params.from), day("to", params.to));
        let days = DayRange::new(from, to);
        if days.is_none() {
            wrong("from");
        }
        let limit = params.limit.map_or(Some(Limit::default()), Limit::new);
        if limit.is_none() {
            wrong("limit");
        }
        match (days, limit) {
            (Some(days), Some(limit)) if faults.is_empty() => Ok(Self {
                line: params.line_id,
                days,
                cursor: params.cursor,
                limit,
            }),
            _ => Err(Problem::validation(faults)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HistoryParams, StrictQuery};
    use app::{problem::FieldCode, ssr::HistoryQuery};
    use axum::extract::FromRequestParts;
    use http::Request;

    async fn read(query: &str) -> Result<HistoryQuery, Vec<(String, FieldCode)>> {
        let uri = format!("/api/v1/bill/history?{query}");
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let read = StrictQuery::<HistoryParams>::from_request_parts(&mut parts, &()).await;
        let problem = match read {
            Ok(StrictQuery(params)) => match HistoryQuery::try_from(params) {
                Ok(query) => return Ok(query),
                Err(problem) => problem,
            },
            Err(refusal) => refusal.0,
        };
        Err(problem
            .fields
            .iter()
            .map(|field| (field.field.clone(), field.code()))
            .collect())
    }

    #[tokio::test]
    async fn reads_what_the_contract_says() {
        let query = read("from=2026-11-01&to=2026-11-30&limit=100&cursor=abc&lineId=l1")
            .await
            .unwrap();
        assert_eq!(query.limit.get(), 100);
        assert_eq!(query.line.unwrap().0, "l1");
        assert_eq!(read("").await.unwrap().limit.get(), 20);
        assert!(read("from=2026-11-01&to=2026-11-01").await.is_ok());
    }

    #[tokio::test]
    async fn names_what_is_wrong() {
        for (query, field, code) in [
            ("limit=0", "limit", FieldCode::Malformed),
            ("limit=101", "limit", FieldCode::Malformed),
            ("limit=many", "limit", FieldCode::Malformed),
            ("limit=", "limit", FieldCode::Malformed),
            ("limit=-1", "limit", FieldCode::Malformed),
            ("limit=99999999999", "limit", FieldCode::Malformed),
            ("limit=1&limit=2", "limit", FieldCode::Malformed),
            ("from=2026-13-01", "from", FieldCode::Malformed),
            ("from=2026-02-30", "from", FieldCode::Malformed),
            ("from=20261101", "from", FieldCode::Malformed),
            ("to=yesterday", "to", FieldCode::Malformed),
            (
                "from=2026-11-02&to=2026-11-01",
                "from",
                FieldCode::Malformed,
            ),
            ("page=2", "page", FieldCode::Unknown),
        ] {
            assert_eq!(
                read(query).await.unwrap_err(),
                [(field.to_owned(), code)],
                "{query}"
            );
        }
    }

    #[tokio::test]
    async fn names_everything_that_is_wrong_at_once() {
        let faults = read("from=yesterday&to=2026-02-30&limit=0")
            .await
            .unwrap_err();
        let fields: Vec<_> = faults.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["from", "to", "limit"]);
    }
}
