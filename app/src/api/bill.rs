//! Bill inquiry.

use crate::{
    model::{
        Bill, BillMenu, BillingMonth, Comparison, Cursor, InquiryRecord, LineId, Page, RecentBills,
    },
    problem::Problem,
};
use leptos::{server, server_fn::codec::Json};

/// Lines and months to choose from.
#[server(prefix = "/rpc", endpoint = "bill/menu", input = Json)]
pub async fn menu(line: Option<LineId>) -> Result<BillMenu, Problem> {
    let context = crate::ssr::server_context()?;
    context.bill.menu(context.principal()?, line).await
}

/// One inquiry, recorded in the history.
#[server(prefix = "/rpc", endpoint = "bill/inquire", input = Json)]
pub async fn inquire(line: Option<LineId>, month: Option<BillingMonth>) -> Result<Bill, Problem> {
    use crate::ssr::BillQuery;
    let context = crate::ssr::server_context()?;
    let query = BillQuery { line, month };
    context.bill.inquire(context.principal()?, query).await
}

/// The same bill without a record.
#[server(prefix = "/rpc", endpoint = "bill/glance", input = Json)]
pub async fn glance(line: Option<LineId>, month: Option<BillingMonth>) -> Result<Bill, Problem> {
    use crate::ssr::BillQuery;
    let context = crate::ssr::server_context()?;
    let query = BillQuery { line, month };
    context.bill.glance(context.principal()?, query).await
}

/// Last month's bill, if KOS returns it soon after this month's.
#[server(prefix = "/rpc", endpoint = "bill/before", input = Json)]
pub async fn previous_bill(line: Option<LineId>) -> Result<Option<Bill>, Problem> {
    let context = crate::ssr::server_context()?;
    context.bill.previous_bill(context.principal()?, line).await
}

/// What this and last month's bills say that bears on a change of plan, if KOS returns them soon.
#[server(prefix = "/rpc", endpoint = "bill/recent", input = Json)]
pub async fn recent(line: Option<LineId>) -> Result<RecentBills, Problem> {
    let context = crate::ssr::server_context()?;
    context.bill.recent(context.principal()?, line).await
}

/// The months the bill is compared with, as far as KOS returns them soon after the bill.
#[server(prefix = "/rpc", endpoint = "bill/compare", input = Json)]
pub async fn compare(
    line: Option<LineId>,
    month: Option<BillingMonth>,
) -> Result<Comparison, Problem> {
    use crate::ssr::BillQuery;
    let context = crate::ssr::server_context()?;
    let query = BillQuery { line, month };
    context.bill.compare(context.principal()?, query).await
}

/// The customer's inquiries, newest first.
#[server(prefix = "/rpc", endpoint = "bill/history", input = Json)]
pub async fn history(
    line: Option<LineId>,
    cursor: Option<Cursor>,
) -> Result<Page<InquiryRecord>, Problem> {
    use crate::ssr::HistoryQuery;
    let context = crate::ssr::server_context()?;
    let query = HistoryQuery {
        line,
        cursor,
        ..HistoryQuery::default()
    };
    context.bill.history(context.principal()?, query).await
}
