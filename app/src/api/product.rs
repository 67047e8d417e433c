//! Product change. The request itself is a form post (`POST /product/request`), so that it works
//! before and without WASM.

use crate::{
    model::{
        Change, ChangeDraft, ChangeOptions, CheckResult, CheckType, Cursor, KeyUse, LineId, Page,
        PreCheck, ProductCode, ProductMenu, RequestId, Won,
    },
    problem::Problem,
};
use leptos::{server, server_fn::codec::Json};

/// The current product and what it can change to.
#[server(prefix = "/rpc", endpoint = "product/menu", input = Json)]
pub async fn menu(line: Option<LineId>) -> Result<ProductMenu, Problem> {
    let context = crate::ssr::server_context()?;
    context.product.menu(context.principal()?, line).await
}

/// The plans with their difference in fee.
#[server(prefix = "/rpc", endpoint = "product/options", input = Json)]
pub async fn options(line: Option<LineId>) -> Result<ChangeOptions, Problem> {
    let context = crate::ssr::server_context()?;
    context.product.options(context.principal()?, line).await
}

/// The fee of the line's current plan, if KOS returns it soon.
#[server(prefix = "/rpc", endpoint = "product/fee", input = Json)]
pub async fn fee(line: LineId, product: ProductCode) -> Result<Option<Won>, Problem> {
    let context = crate::ssr::server_context()?;
    context
        .product
        .fee(context.principal()?, &line, &product)
        .await
}

/// All three checks.
#[server(prefix = "/rpc", endpoint = "product/check", input = Json)]
pub async fn check(draft: ChangeDraft) -> Result<PreCheck, Problem> {
    use crate::in_language::InLanguage;
    let context = crate::ssr::server_context()?;
    let checks = context.product.check(context.principal()?, draft).await;
    checks.in_language(context.lang)
}

/// One check, so that each is shown as it finishes.
#[server(prefix = "/rpc", endpoint = "product/check_one", input = Json)]
pub async fn check_one(draft: ChangeDraft, check: CheckType) -> Result<CheckResult, Problem> {
    use crate::in_language::InLanguage;
    let context = crate::ssr::server_context()?;
    let who = context.principal()?;
    let result = context.product.check_one(who, draft, check).await;
    result.in_language(context.lang)
}

/// The change of the line that is still being confirmed, if there is one.
#[server(prefix = "/rpc", endpoint = "product/open_change", input = Json)]
pub async fn open_change(line: Option<LineId>) -> Result<Option<RequestId>, Problem> {
    let context = crate::ssr::server_context()?;
    context
        .product
        .open_change(context.principal()?, line.as_ref())
        .await
}

/// What the customer has used that key for.
#[server(prefix = "/rpc", endpoint = "product/use_of_key", input = Json)]
pub async fn use_of_key(key: String) -> Result<KeyUse, Problem> {
    use crate::problem::ProblemCode;
    let key = key.parse();
    let key = key.map_err(|_| Problem::of(ProblemCode::ValidationFailed))?;
    let context = crate::ssr::server_context()?;
    context.product.use_of_key(context.principal()?, &key).await
}

/// The status of a change.
#[server(prefix = "/rpc", endpoint = "product/status", input = Json)]
pub async fn status(request: RequestId) -> Result<Change, Problem> {
    use crate::in_language::InLanguage;
    let context = crate::ssr::server_context()?;
    let change = context.product.status(context.principal()?, &request).await;
    change.in_language(context.lang)
}

/// The customer's changes, newest first.
#[server(prefix = "/rpc", endpoint = "product/history", input = Json)]
pub async fn history(
    line: Option<LineId>,
    cursor: Option<Cursor>,
) -> Result<Page<Change>, Problem> {
    use crate::{in_language::InLanguage, ssr::HistoryQuery};
    let context = crate::ssr::server_context()?;
    let query = HistoryQuery {
        line,
        cursor,
        ..HistoryQuery::default()
    };
    let changes = context.product.history(context.principal()?, query).await;
    changes.in_language(context.lang)
}
