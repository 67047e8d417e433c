//! How a server function reaches the ports.

use super::{AuthPort, BillPort, ProductPort};
use crate::{
    model::Principal,
    problem::{Problem, ProblemCode},
    text::Lang,
};
use leptos::prelude::use_context;
use std::sync::Arc;

/// The ports and who is asking; provided once per request by the gateway.
#[derive(Clone)]
pub struct ServerContext {
    pub auth: Arc<dyn AuthPort>,
    pub bill: Arc<dyn BillPort>,
    pub product: Arc<dyn ProductPort>,
    /// The language of whoever reads the answer.
    pub lang: Lang,
    /// Set by the gateway after it verified the session.
    pub principal: Option<Arc<Principal>>,
}

impl ServerContext {
    /// `TOKEN_MISSING` when nobody is signed in.
    pub fn principal(&self) -> Result<&Principal, Problem> {
        self.principal
            .as_deref()
            .ok_or_else(|| Problem::of(ProblemCode::TokenMissing))
    }
}

/// Reads the context. Call it in the first statement of a server function or page: after an await
/// of an aborted render it is gone.
pub fn server_context() -> Result<ServerContext, Problem> {
    use_context().ok_or_else(|| Problem::of(ProblemCode::Unavailable))
}
