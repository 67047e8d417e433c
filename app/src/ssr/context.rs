//! The context through which server functions reach the ports.

use super::{AuthPort, BillPort, ProductPort};
use crate::{
    model::Principal,
    problem::{Problem, ProblemCode},
    text::Lang,
};
use leptos::prelude::use_context;
use std::sync::Arc;

/// The ports and the caller; the gateway provides it once per request.
#[derive(Clone)]
pub struct ServerContext {
    pub auth: Arc<dyn AuthPort>,
    pub bill: Arc<dyn BillPort>,
    pub product: Arc<dyn ProductPort>,
    /// The reader's language.
    pub lang: Lang,
    /// Set by the gateway once it has verified the session.
    pub principal: Option<Arc<Principal>>,
}

impl ServerContext {
    /// `TOKEN_MISSING` if nobody is signed in.
    pub fn principal(&self) -> Result<&Principal, Problem> {
        self.principal
            .as_deref()
            .ok_or_else(|| Problem::of(ProblemCode::TokenMissing))
    }
}

/// Reads the context. Call it in the first statement of a server function or page: in an aborted
/// render it is gone after the first await.
pub fn server_context() -> Result<ServerContext, Problem> {
    use_context().ok_or_else(|| Problem::of(ProblemCode::Unavailable))
}
