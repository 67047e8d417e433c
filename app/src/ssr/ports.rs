//! What the screens and the REST API need of the back end.
//!
//! Every method but those that make a [`Principal`] or look at a token takes one, so that an
//! unauthenticated call does not compile; ownership of the line is checked behind the port.

use crate::{
    model::{
        Bill, BillMenu, BillingMonth, Change, ChangeDraft, ChangeOptions, CheckResult, CheckType,
        Comparison, Cursor, IdempotencyKey, InquiryRecord, KstDate, Limit, LineId, LoginId, Page,
        Password, PreCheck, Principal, ProductCode, ProductMenu, RequestId, SessionInfo, Won,
    },
    problem::Problem,
};
use async_trait::async_trait;
use std::sync::Arc;

/// A login attempt.
#[derive(Clone, Debug)]
pub struct LoginCommand {
    pub user_id: LoginId,
    pub password: Password,
    pub auto_login: bool,
    /// What the browser calls itself (`User-Agent`), to be cut to a short name.
    pub device: String,
}

/// An access token and the refresh token that replaces it once.
#[derive(Clone)]
pub struct TokenPair {
    pub access_token: String,
    /// Seconds the access token lives.
    pub expires_in: u32,
    pub refresh_token: String,
    /// Seconds the refresh token lives.
    pub refresh_expires_in: u32,
    /// Whether the browser should keep the cookies after it is closed.
    pub persistent: bool,
}

/// A successful login.
#[derive(Clone)]
pub struct LoginOutcome {
    pub tokens: TokenPair,
    pub principal: Principal,
}

/// Logging in and out, and who somebody is.
#[async_trait]
pub trait AuthPort: Send + Sync {
    /// `AUTH_INVALID`, `AUTH_LOCKED` (+ retry after), `AUTH_BUSY`.
    async fn login(&self, command: LoginCommand) -> Result<LoginOutcome, Problem>;
    /// Spends the refresh token. `REFRESH_INVALID`; a token used twice ends its whole session, but
    /// for a `browser` (what it calls itself) whose answer was lost a moment ago.
    async fn refresh(
        &self,
        refresh_token: &str,
        browser: Option<&str>,
    ) -> Result<TokenPair, Problem>;
    /// Whether the refresh token can still be spent: nobody has spent it, and none has taken its
    /// place.
    async fn can_refresh(&self, refresh_token: &str) -> Result<bool, Problem>;
    /// `TOKEN_EXPIRED`, `TOKEN_INVALID`, `SESSION_ENDED`.
    async fn authenticate(&self, access_token: &str) -> Result<Arc<Principal>, Problem>;
    /// Ends the session of `who`: access and refresh tokens are dead when this returns.
    async fn logout(&self, who: &Principal) -> Result<(), Problem>;
    /// The live sessions of the customer, newest first.
    async fn sessions(&self, who: &Principal) -> Result<Vec<SessionInfo>, Problem>;
    /// Ends one of the customer's own sessions; `NOT_FOUND` for any other.
    async fn end_session(&self, who: &Principal, session_id: &str) -> Result<(), Problem>;
    /// Ends every session of the customer but the one that asks.
    async fn end_other_sessions(&self, who: &Principal) -> Result<(), Problem>;
}

/// Which bill.
#[derive(Clone, Debug, Default)]
pub struct BillQuery {
    /// The customer's first line unless named.
    pub line: Option<LineId>,
    /// The current month in Asia/Seoul unless named.
    pub month: Option<BillingMonth>,
}

/// Which part of a history.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// All lines of the customer unless named.
    pub line: Option<LineId>,
    /// First day included, in Seoul.
    pub from: Option<KstDate>,
    /// Last day included, in Seoul.
    pub to: Option<KstDate>,
    pub cursor: Option<Cursor>,
    pub limit: Limit,
}

/// Bill inquiry.
#[async_trait]
pub trait BillPort: Send + Sync {
    /// Lines and months to choose from. `LINE_NOT_FOUND`.
    async fn menu(&self, who: &Principal, line: Option<LineId>) -> Result<BillMenu, Problem>;
    /// One inquiry: recorded in the history and delivered to the MVNO AP.
    async fn inquire(&self, who: &Principal, query: BillQuery) -> Result<Bill, Problem>;
    /// The same for a program: the [`Bill`] as the JSON that is recorded and delivered.
    async fn inquire_json(&self, who: &Principal, query: BillQuery) -> Result<String, Problem>;
    /// The same bill without a record, for cards.
    async fn glance(&self, who: &Principal, query: BillQuery) -> Result<Bill, Problem>;
    /// Last month's bill, where it can be had. Once this month's is known, that one is not kept back
    /// for it.
    async fn before(&self, who: &Principal, line: Option<LineId>) -> Result<Option<Bill>, Problem>;
    /// What that bill is compared with. Once the bill is known, what KOS does not tell soon is left
    /// out: the bill is not kept back for it.
    async fn compare(&self, who: &Principal, query: BillQuery) -> Result<Comparison, Problem>;
    /// The customer's inquiries, newest first.
    async fn history(
        &self,
        who: &Principal,
        query: HistoryQuery,
    ) -> Result<Page<InquiryRecord>, Problem>;
}

/// A change to be made, once per key.
#[derive(Clone, Debug)]
pub struct ChangeCommand {
    pub draft: ChangeDraft,
    pub key: IdempotencyKey,
    /// The request id, kept in the stored answer so that it replays byte for byte.
    pub trace_id: String,
}

/// Product change.
#[async_trait]
pub trait ProductPort: Send + Sync {
    async fn menu(&self, who: &Principal, line: Option<LineId>) -> Result<ProductMenu, Problem>;
    async fn options(
        &self,
        who: &Principal,
        line: Option<LineId>,
    ) -> Result<ChangeOptions, Problem>;
    /// The monthly fee of `product` on a line that is on it. `None` where the line is on another
    /// plan, or KOS does not tell soon: the end of a change is not kept back for it.
    async fn fee(
        &self,
        who: &Principal,
        line: &LineId,
        product: &ProductCode,
    ) -> Result<Option<Won>, Problem>;
    /// All three checks. `CURRENT_PRODUCT_CHANGED`.
    async fn check(&self, who: &Principal, draft: ChangeDraft) -> Result<PreCheck, Problem>;
    /// One check, so that a screen can show each as it finishes.
    async fn check_one(
        &self,
        who: &Principal,
        draft: ChangeDraft,
        check: CheckType,
    ) -> Result<CheckResult, Problem>;
    /// Makes the change. `Ok` is `COMPLETED`, or `PENDING` while the answer is unknown; the same
    /// key and body get the same answer again, problems included.
    async fn request(&self, who: &Principal, command: ChangeCommand) -> Result<Change, Problem>;
    /// The change of that line, the first unless named, that this customer began and that is still
    /// being confirmed. `LINE_NOT_FOUND`.
    async fn open_change(
        &self,
        who: &Principal,
        line: Option<&LineId>,
    ) -> Result<Option<RequestId>, Problem>;
    /// The change that this customer began with that key; `None` where the key began none.
    async fn made_with(
        &self,
        who: &Principal,
        key: &IdempotencyKey,
    ) -> Result<Option<RequestId>, Problem>;
    /// `NOT_FOUND` for another customer's change too.
    async fn status(&self, who: &Principal, request: &RequestId) -> Result<Change, Problem>;
    /// The customer's changes, newest first.
    async fn history(&self, who: &Principal, query: HistoryQuery) -> Result<Page<Change>, Problem>;
}
