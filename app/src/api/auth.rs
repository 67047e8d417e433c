//! Sessions of the signed-in customer.

use crate::{model::SessionInfo, problem::Problem};
use leptos::{server, server_fn::codec::Json};

/// The customer's live sessions, newest first.
#[server(prefix = "/rpc", endpoint = "auth/sessions", input = Json)]
pub async fn sessions() -> Result<Vec<SessionInfo>, Problem> {
    let context = crate::ssr::server_context()?;
    context.auth.sessions(context.principal()?).await
}
