//! The ledger as one life of a replica sees it: every step may fail before or after it took effect, and
//! may be the last.

use super::{life::Life, store::Store};
use crate::laws::ledgers::{Moment, State};
use app::model::{IdempotencyKey, LineId, LineNumber, Receipt, RequestId};
use async_trait::async_trait;
use server::{
    db::{DbError, HistorySlice},
    product::{
        ChangeRecord,
        ports::{Begun, ChangeLedger, Ending, Parked, Refusal, StoredAnswer, Taken, Withdrawn},
    },
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The database of a schedule, with snapshots after each beginning and end of a change.
#[derive(Default)]
pub struct Database {
    store: Mutex<Store>,
    moments: Mutex<Vec<Moment>>,
}

impl Database {
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn moments(&self) -> Vec<Moment> {
        self.moments
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note_moment(&self, store: &Store) {
        let states = store.changes.values().filter_map(|row| {
            let line = row.record.line.line_number.as_str().to_owned();
            let state = State::of_name(row.record.state.as_str())?;
            Some((line, row.record.request_id.0.clone(), state))
        });
        let moment = Moment {
            states: states.collect(),
        };
        self.moments
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(moment);
    }
}

pub struct LedgerPort {
    pub database: Arc<Database>,
    pub life: Arc<Life>,
    pub invalidates_first: bool,
}

impl LedgerPort {
    async fn step<T>(
        &self,
        place: &str,
        work: impl FnOnce(&mut Store, i64) -> T + Send,
    ) -> Result<T, DbError> {
        let world = self.life.world.clone();
        self.life.step(place).await;
        if world.happens(world.hostility.ledger) {
            return Err(away());
        }
        let done = {
            let mut store = self.database.store();
            let done = work(&mut store, world.time.now_ms());
            if place.ends_with('!') {
                self.database.note_moment(&store);
            }
            done
        };
        self.life.step("ledger: answered").await;
        if world.happens(world.hostility.ledger) {
            return Err(away());
        }
        Ok(done)
    }
}

/// Unknown whether the step took effect.
fn away() -> DbError {
    DbError::Unavailable(sqlx::Error::PoolTimedOut)
}

#[async_trait]
impl ChangeLedger for LedgerPort {
    async fn find_answer(
        &self,
        account_id: &str,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredAnswer>, DbError> {
        let key = (account_id.to_owned(), key.as_str().to_owned());
        self.step("find answer", |store, _| store.answers.get(&key).cloned())
            .await
    }

    async fn keep_refusal(&self, refusal: &Refusal<'_>) -> Result<bool, DbError> {
        self.step("keep refusal", |store, _| store.keep_refusal(refusal))
            .await
    }

    async fn begin(
        &self,
        change: &ChangeRecord,
        generation: i64,
        fingerprint: &str,
        owner: &str,
        lease: Duration,
    ) -> Result<Begun, DbError> {
        self.step("begin!", |store, now| {
            store.begin(change, generation, fingerprint, owner, lease, now)
        })
        .await
    }

    async fn start_call(
        &self,
        id: &RequestId,
        owner: &str,
        lease: Duration,
    ) -> Result<bool, DbError> {
        self.step("start call!", |store, now| {
            if self.invalidates_first {
                let row = store.changes.get(&id.0);
                let line = row.map(|row| row.record.line.line_number.clone());
                line.inspect(|line| store.raise(line));
            }
            store.start_call(id, owner, lease, now)
        })
        .await
    }

    async fn withdraw(&self, change: &ChangeRecord, owner: &str) -> Result<Withdrawn, DbError> {
        self.step("withdraw", |store, _| store.withdraw(change, owner))
            .await
    }

    async fn to_unknown(
        &self,
        change: &ChangeRecord,
        owner: &str,
        parked: &Parked<'_>,
    ) -> Result<bool, DbError> {
        self.step("to unknown!", |store, now| {
            store.park(change, owner, parked, now)
        })
        .await
    }

    async fn end(&self, ending: &Ending) -> Result<Option<Receipt>, DbError> {
        self.step("end!", |store, _| {
            let receipt = store.end(ending)?;
            if !self.invalidates_first {
                store.raise(&ending.ended.line.line_number);
            }
            Some(receipt)
        })
        .await
    }

    async fn keep_answer(&self, change: &ChangeRecord, answer: &str) -> Result<(), DbError> {
        self.step("keep answer", |store, _| store.keep_answer(change, answer))
            .await
    }

    async fn find(&self, id: &RequestId) -> Result<Option<ChangeRecord>, DbError> {
        self.step("find", |store, _| {
            store.changes.get(&id.0).map(|row| row.record.clone())
        })
        .await
    }

    async fn find_open(&self, line: &LineNumber) -> Result<Option<RequestId>, DbError> {
        self.step("find open", |store, _| store.find_open(line))
            .await
    }

    async fn generation(&self, line: &LineNumber) -> Result<i64, DbError> {
        self.step("generation", |store, _| store.generation(line))
            .await
    }

    async fn raise_generation(&self, line: &LineNumber) -> Result<(), DbError> {
        self.step("raise generation", |store, _| store.raise(line))
            .await
    }

    async fn list(
        &self,
        account_id: &str,
        line: Option<&LineId>,
        slice: &HistorySlice,
    ) -> Result<Vec<ChangeRecord>, DbError> {
        self.step("list", |store, _| store.list(account_id, line, slice))
            .await
    }

    async fn take_unsettled(
        &self,
        owner: &str,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Taken>, DbError> {
        self.step("take", |store, now| {
            store.take_unsettled(owner, lease, limit, now)
        })
        .await
    }

    async fn ask_later(
        &self,
        id: &RequestId,
        owner: &str,
        pause: Duration,
    ) -> Result<bool, DbError> {
        self.step("ask later", |store, now| {
            store.ask_later(id, owner, pause, now)
        })
        .await
    }

    async fn to_manual(&self, id: &RequestId, owner: &str) -> Result<bool, DbError> {
        self.step("to manual!", |store, _| store.hand_over(id, owner))
            .await
    }

    async fn hand_back(&self, owner: &str) -> Result<(), DbError> {
        self.step("hand back", |store, _| store.hand_back(owner))
            .await
    }
}
