//! What the change machine stands on: a durable ledger, KOS, and whoever must hear of an end.
//!
//! `submit` and `reconcile` know nothing else, so the very same code runs over SQL and HTTP in
//! production and over a ledger in memory under a simulator that decides every crash, delay and
//! answer (`ProductChange::over`).

use super::{answer, lifecycle::State, record::ChangeRecord};
use crate::{
    db::{DbError, HistorySlice},
    kos::{CatalogueProduct, ChangeLookup, HeldLine, KosChange, KosChangeError, KosError, KosLine},
    outbox::NewEvent,
};
use app::model::{IdempotencyKey, LineId, LineNumber, Receipt, RequestId};
use async_trait::async_trait;
use std::{sync::Arc, time::Duration};

/// The three ports together.
#[derive(Clone)]
pub struct ChangePorts {
    pub ledger: Arc<dyn ChangeLedger>,
    pub kos: Arc<dyn ChangeKos>,
    pub listener: Arc<dyn EndListener>,
}

/// The durable record of changes. Each method is one atomic, durable step: it happened whole before
/// the method returns `Ok`, or not at all; after [`DbError::Unavailable`] nobody knows which.
///
/// `owner` fences: a step names the owner it is made for and does nothing, answering `false`, when
/// the change is somebody else's by now. Leases and ages are measured by the ledger's own clock, so
/// that replicas with different clocks agree.
#[async_trait]
pub trait ChangeLedger: Send + Sync {
    /// What is known of an account's key.
    async fn find_answer(
        &self,
        account_id: &str,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredAnswer>, DbError>;

    /// Keeps the answer to a request that ended before a change was begun. `false`: the key is
    /// taken.
    async fn keep_refusal(&self, refusal: &Refusal<'_>) -> Result<bool, DbError>;

    /// Commits the intent and takes the key: both, or neither. `generation` is the line's from before
    /// KOS told the plan that the change is from.
    async fn begin(
        &self,
        change: &ChangeRecord,
        generation: i64,
        fingerprint: &str,
        owner: &str,
        lease: Duration,
    ) -> Result<Begun, DbError>;

    /// `INTENT` → `CALLING`: from here on bytes may be on the wire.
    async fn start_call(
        &self,
        id: &RequestId,
        owner: &str,
        lease: Duration,
    ) -> Result<bool, DbError>;

    /// Takes back a change of which nothing was sent: the change is gone and its key is free.
    async fn withdraw(&self, change: &ChangeRecord, owner: &str) -> Result<Withdrawn, DbError>;

    /// `CALLING` → `UNKNOWN`.
    async fn to_unknown(
        &self,
        change: &ChangeRecord,
        owner: &str,
        parked: &Parked<'_>,
    ) -> Result<bool, DbError>;

    /// The end: state, sealed history event, event for the MVNO AP server, answer
    /// ([`Ending::answer`]) and the line's next generation, together. `None`: somebody else owns
    /// the change by now.
    async fn end(&self, ending: &Ending) -> Result<Option<Receipt>, DbError>;

    /// Gives the change's key that answer, unless it has one.
    async fn keep_answer(&self, change: &ChangeRecord, answer: &str) -> Result<(), DbError>;

    async fn find(&self, id: &RequestId) -> Result<Option<ChangeRecord>, DbError>;

    /// The open change of a line.
    async fn find_open(&self, line: &LineNumber) -> Result<Option<RequestId>, DbError>;

    /// The line's generation at this moment: it differs once a change of the line has ended.
    async fn generation(&self, line: &LineNumber) -> Result<i64, DbError>;

    /// KOS told another plan than the one that was shown: what was cached of the line's plan is out of
    /// date, as after a change.
    async fn raise_generation(&self, line: &LineNumber) -> Result<(), DbError>;

    /// An account's changes, newest first, one more than a page.
    async fn list(
        &self,
        account_id: &str,
        line: Option<&LineId>,
        slice: &HistorySlice,
    ) -> Result<Vec<ChangeRecord>, DbError>;

    /// Takes over at most `limit` changes that are due and nobody's. A `CALLING` one becomes
    /// `UNKNOWN`: its answer is lost. `owner` must be new.
    async fn take_unsettled(
        &self,
        owner: &str,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Taken>, DbError>;

    /// Asking did not settle it yet; the next question is due after that time.
    async fn ask_later(
        &self,
        id: &RequestId,
        owner: &str,
        pause: Duration,
    ) -> Result<bool, DbError>;

    /// `UNKNOWN` → `MANUAL`: asking cannot settle it. Raises the line's generation: its plan may be a
    /// third one.
    async fn to_manual(&self, id: &RequestId, owner: &str) -> Result<bool, DbError>;

    /// Gives up what `owner` took over and did not settle: another replica may take it at once.
    async fn hand_back(&self, owner: &str) -> Result<(), DbError>;
}

/// What is asked of KOS.
#[async_trait]
pub trait ChangeKos: Send + Sync {
    /// Whether a change has any chance of being sent at this moment; waits a little for a place.
    async fn may_change(&self) -> Result<(), KosError>;

    /// Sends a change, once at most. `may_send` is asked immediately before the connection is
    /// made; where it says no, nothing is sent ([`KosChangeError::NotSent`]).
    async fn change(
        &self,
        change: &ChangeRecord,
        may_send: &MaySend<'_>,
    ) -> Result<KosChange, KosChangeError>;

    /// What KOS recorded of a change; only a KOS that offers K1 is asked.
    async fn lookup(&self, id: &RequestId) -> Result<ChangeLookup, KosError>;

    /// The line and its plan for display: hours old at most, never from before a change that has
    /// ended. No decision rests on it.
    async fn line(&self, line: &HeldLine) -> Result<KosLine, KosError>;

    /// The line and its plan as of this moment. Refused where KOS names another customer.
    async fn line_now(&self, line: &HeldLine) -> Result<KosLine, KosError>;

    /// The price list, about a day old at most.
    async fn catalogue(&self) -> Result<Vec<CatalogueProduct>, KosError>;
}

/// Leave to send, asked at the last moment.
pub type MaySend<'a> = dyn Fn() -> bool + Send + Sync + 'a;

/// Hears of an end once it is committed. Everything it does can be lost: the transaction of the
/// end already holds what must not be.
#[async_trait]
pub trait EndListener: Send + Sync {
    /// What was cached of the line is worth nothing, and the outbox has work.
    async fn ended(&self, line: &HeldLine);
}

/// A refusal to be kept as the answer of its key.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    pub account_id: &'a str,
    pub key: &'a IdempotencyKey,
    pub fingerprint: &'a str,
    pub answer: &'a str,
    /// Epoch milliseconds.
    pub now_ms: i64,
}

/// How a change is left that was sent and has no end yet.
#[derive(Clone, Copy, Debug)]
pub struct Parked<'a> {
    /// KOS answered that it has taken the change and is working on it. No horizon ends it then.
    pub accepted: bool,
    /// From now to the first question.
    pub first_question: Duration,
    /// Becomes the answer of the key, unless it has one.
    pub answer: &'a str,
}

/// How taking the intent to the ledger ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    Committed,
    /// The account used the key before.
    KeyTaken,
    /// The line has an open change, or had one since its generation was read.
    LineTaken,
}

/// How taking a change back ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    Gone,
    /// Somebody was already answered that it is pending, so it stays and has to be settled.
    Answered,
    /// Somebody else owns it by now.
    Lost,
}

/// The end of a change, and all that is written with it.
#[derive(Clone, Debug)]
pub struct Ending {
    pub ended: ChangeRecord,
    /// Where the change stood.
    pub from: State,
    pub owner: String,
    /// For the MVNO AP server; its payload is also the history's.
    pub event: NewEvent,
    /// What the person wrote who decided it; for the history only.
    pub note: Option<String>,
}

impl Ending {
    /// What becomes the answer of the key, unless it has one.
    ///
    /// A change that was sent and whose answer was lost is answered as pending for ever: its
    /// sender may have told the customer so without being able to write it down, and the same key
    /// gets the same bytes. Where it stands is told by its status.
    pub fn answer(&self, receipt: &Receipt) -> String {
        answer::encode(&match self.from {
            State::Unknown | State::Manual => self.ended.while_open(self.from).answer(),
            _ => self.ended.receipted(receipt).answer(),
        })
    }
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredAnswer {
    pub fingerprint: String,
    /// The change that was begun for the key; `None` where the request ended before one.
    pub request_id: Option<String>,
    /// `None` while the change runs.
    pub answer: Option<String>,
}

/// A change taken over, until its lease runs out.
#[derive(Clone, Debug)]
pub struct Taken {
    pub request_id: RequestId,
    /// Fences whatever is written about it.
    pub owner: String,
    /// Questions asked, the coming one included.
    pub questions: u32,
    /// Since the call was begun.
    pub open_for: Duration,
    /// See [`Parked::accepted`].
    pub accepted: bool,
}
