//! The operator's desk: look at changes, and decide what asking could not settle.

use super::{
    lifecycle::State,
    ports::ChangeLedger,
    record::Outcome,
    settle::ending,
    store_desk::{self, ChangeFile, ChangeListed},
    store_ledger::SqlLedger,
};
use crate::{
    clock::Clock,
    db::{Db, DbError},
    ids::Ids,
};
use app::model::{Receipt, RequestId};
use std::time::Duration;

/// Another operator may take a change after this if the decision was not written.
const HOLD: Duration = Duration::from_secs(60);

/// Changes as operators see them.
#[derive(Clone)]
pub struct ChangeDesk {
    db: Db,
    ledger: SqlLedger,
    clock: Clock,
    ids: Ids,
}

/// Which changes to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Without an end.
    Open,
    /// Told as not applied, and found to be applied later.
    Late,
    In(State),
}

/// How a decision ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    Done(Receipt),
    NoSuchChange,
    /// Only a `MANUAL` change may be decided; this is its state.
    NotManual(State),
    /// Another operator is deciding it now.
    Held,
}

impl ChangeDesk {
    pub fn new(db: Db, clock: Clock, ids: Ids) -> Self {
        Self {
            ledger: SqlLedger::new(db.clone()),
            db,
            clock,
            ids,
        }
    }

    /// The most that one list holds.
    pub const LISTED: usize = store_desk::ROWS as usize;

    /// At most [`ChangeDesk::LISTED`], the oldest first; late ones with the last one found first.
    ///
    /// # Errors
    /// [`DbError`] of the read.
    pub async fn list(&self, which: Listing) -> Result<Vec<ChangeListed>, DbError> {
        match which {
            Listing::Open => store_desk::list_open(&self.db).await,
            Listing::Late => store_desk::list_late(&self.db).await,
            Listing::In(state) => store_desk::list_in(&self.db, state).await,
        }
    }

    /// # Errors
    /// [`DbError`] of the read.
    pub async fn show(&self, id: &RequestId) -> Result<Option<ChangeFile>, DbError> {
        store_desk::show(&self.db, id).await
    }

    /// Ends a change that waits for a person, in the same transaction as every other end: history,
    /// event and answer with it. The note is sealed into the history and told to nobody else.
    ///
    /// # Errors
    /// [`DbError`]; ask [`ChangeDesk::show`] whether it was written before trying again.
    pub async fn resolve(
        &self,
        id: &RequestId,
        outcome: Outcome,
        note: &str,
    ) -> Result<Resolved, DbError> {
        let Some(change) = self.ledger.find(id).await? else {
            return Ok(Resolved::NoSuchChange);
        };
        if change.state != State::Manual {
            return Ok(Resolved::NotManual(change.state));
        }
        let owner = self.ids.uuid();
        if !store_desk::take_manual(&self.db, id, &owner, HOLD).await? {
            return Ok(Resolved::Held);
        }
        let (event_id, now_ms) = (self.ids.uuid(), self.clock.now_ms());
        let Some(mut ending) = ending(&change, outcome, &owner, event_id, now_ms) else {
            return Ok(Resolved::NotManual(change.state));
        };
        ending.note = Some(note.to_owned());
        let receipt = self.ledger.end(&ending).await?;
        Ok(receipt.map_or(Resolved::Held, Resolved::Done))
    }
}
