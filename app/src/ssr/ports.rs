//! The ports: what the screens and the REST API need of the back end.
//!
//! Every method takes a [`Principal`], except those that create one or check a token, so an
//! unauthenticated call does not compile. Ownership of the line is checked behind the port.

use crate::{
    model::{
        Bill, BillMenu, BillingMonth, Change, ChangeDraft, ChangeOptions, CheckResult, CheckType,
        Comparison, Cursor, DayRange, IdempotencyKey, InquiryRecord, KeyUse, Limit, LineId,
        LoginId, Page, Password, PreCheck, Principal, ProductCode, ProductMenu, RecentBills,
        RequestId, SessionInfo, Won,
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
    /// The `User-Agent`, to be cut to a short name.
    pub device: String,
    /// What an earlier login left in this browser; a program has none.
    pub device_cookie: Option<String>,
}

/// An access token, and the refresh token that can replace it once.
#[derive(Clone)]
pub struct TokenPair {
    pub access_token: String,
    /// Lifetime of the access token in seconds.
    pub expires_in: u32,
    pub refresh_token: String,
    /// Lifetime of the refresh token in seconds.
    pub refresh_expires_in: u32,
    /// Whether the browser keeps the cookies after it is closed.
    pub persistent: bool,
}

/// A successful login.
#[derive(Clone)]
pub struct LoginOutcome {
    pub tokens: TokenPair,
    pub principal: Principal,
    /// For the browser to keep: with it others cannot lock its owner out.
    pub device_cookie: String,
}

/// Login, logout and identity.
#[async_trait]
pub trait AuthPort: Send + Sync {
    /// `AUTH_INVALID`, `AUTH_LOCKED` (+ retry after), `AUTH_BUSY`.
    async fn login(&self, command: LoginCommand) -> Result<LoginOutcome, Problem>;
    /// Spends the refresh token. `REFRESH_INVALID`; a token used twice ends its whole session,
    /// except for a `browser` (its `User-Agent`) whose answer was just lost.
    async fn refresh(
        &self,
        refresh_token: &str,
        browser: Option<&str>,
    ) -> Result<TokenPair, Problem>;
    /// Whether the refresh token can still be spent: it is neither spent nor replaced.
    async fn can_refresh(&self, refresh_token: &str) -> Result<bool, Problem>;
    /// `TOKEN_EXPIRED`, `TOKEN_INVALID`, `SESSION_ENDED`.
    async fn authenticate(&self, access_token: &str) -> Result<Arc<Principal>, Problem>;
    /// Ends the session of `who`. When this returns, the refresh token is dead everywhere and the access
    /// token here; other replicas believe it for up to a second.
    async fn logout(&self, who: &Principal) -> Result<(), Problem>;
    /// The live sessions of the customer, newest first.
    async fn sessions(&self, who: &Principal) -> Result<Vec<SessionInfo>, Problem>;
    /// Ends one of the customer's own sessions; `NOT_FOUND` for any other.
    async fn end_session(&self, who: &Principal, session_id: &str) -> Result<(), Problem>;
    /// Ends every session of the customer except the one that asks.
    async fn end_other_sessions(&self, who: &Principal) -> Result<(), Problem>;
}

/// The bill to inquire.
#[derive(Clone, Debug, Default)]
pub struct BillQuery {
    /// The customer's first line by default.
    pub line: Option<LineId>,
    /// The current month in Asia/Seoul by default.
    pub month: Option<BillingMonth>,
}

/// The part of a history to list.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// All lines of the customer by default.
    pub line: Option<LineId>,
    pub days: DayRange,
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
    /// The same inquiry for a program: the [`Bill`] as the JSON that is recorded and delivered.
    async fn inquire_json(&self, who: &Principal, query: BillQuery) -> Result<String, Problem>;
    /// The same bill without a record, for cards.
    async fn glance(&self, who: &Principal, query: BillQuery) -> Result<Bill, Problem>;
    /// Last month's bill, if available. Once this month's is known, it is not delayed for last
    /// month's.
    async fn previous_bill(
        &self,
        who: &Principal,
        line: Option<LineId>,
    ) -> Result<Option<Bill>, Problem>;
    /// What this and last month's bills say that bears on a change of plan. A bill that KOS does
    /// not return soon is left out: the change is not delayed for it.
    async fn recent(&self, who: &Principal, line: Option<LineId>) -> Result<RecentBills, Problem>;
    /// The months that bill is compared with. Months that KOS does not return soon after the bill
    /// are left out: the bill is not delayed for them.
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
    /// The request id, stored in the answer so that it replays byte for byte.
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
    /// The monthly fee of `product` on a line that has it. `None` if the line is on another plan,
    /// or KOS does not answer soon: the end of a change is not delayed for it.
    async fn fee(
        &self,
        who: &Principal,
        line: &LineId,
        product: &ProductCode,
    ) -> Result<Option<Won>, Problem>;
    /// All three checks. `CURRENT_PRODUCT_CHANGED`.
    async fn check(&self, who: &Principal, draft: ChangeDraft) -> Result<PreCheck, Problem>;
    /// A single check, so that a screen can show each as it finishes.
    async fn check_one(
        &self,
        who: &Principal,
        draft: ChangeDraft,
        check: CheckType,
    ) -> Result<CheckResult, Problem>;
    /// Makes the change. `Ok` is `COMPLETED`, or `PENDING` while the answer is unknown; the same
    /// key and body get the same answer again, problems included.
    async fn request(&self, who: &Principal, command: ChangeCommand) -> Result<Change, Problem>;
    /// The customer's change of that line that is still being confirmed; the first line by default.
    /// `LINE_NOT_FOUND`.
    async fn open_change(
        &self,
        who: &Principal,
        line: Option<&LineId>,
    ) -> Result<Option<RequestId>, Problem>;
    /// What this customer has used that key for.
    async fn use_of_key(&self, who: &Principal, key: &IdempotencyKey) -> Result<KeyUse, Problem>;
    /// `NOT_FOUND`, also for another customer's change.
    async fn status(&self, who: &Principal, request: &RequestId) -> Result<Change, Problem>;
    /// The customer's changes, newest first.
    async fn history(&self, who: &Principal, query: HistoryQuery) -> Result<Page<Change>, Problem>;
}
