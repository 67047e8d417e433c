//! The one id in a path.

use super::problem_response::Refusal;
use app::{model::is_identifier, problem::ProblemCode};
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

/// An id as this server hands them out. Anything else names nothing, so it is `NOT_FOUND` and
/// reaches no port and no statement.
pub(super) struct PathId(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) if is_identifier(&id, 1..=64) => Ok(Self(id)),
            _ => Err(ProblemCode::NotFound.into()),
        }
    }
}
