//! The durable ledger in SQL: which statements make up each step.

use super::{
    ports::{Begun, ChangeLedger, Ending, Parked, Refusal, StoredAnswer, Taken, Withdrawn},
    record::ChangeRecord,
    store_answer::AnswerStore,
    store_change::ChangeStore,
    store_history::{self, HistoryEvent},
    store_unsettled,
};
use crate::{
    crash_point::crash_point,
    db::{Db, DbError, HistorySlice},
    kos::LineGenerations,
    outbox,
};
use app::model::{IdempotencyKey, LineId, LineNumber, Receipt, RequestId};
use async_trait::async_trait;
use std::time::Duration;

/// Changes, answers, history and outbox of one database.
#[derive(Clone, Debug)]
pub struct SqlLedger {
    db: Db,
    changes: ChangeStore,
    answers: AnswerStore,
}

impl SqlLedger {
    pub fn new(db: Db) -> Self {
        Self {
            changes: ChangeStore::new(db.clone()),
            answers: AnswerStore::new(db.clone()),
            db,
        }
    }
}

#[async_trait]
impl ChangeLedger for SqlLedger {
    async fn find_answer(
        &self,
        account_id: &str,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredAnswer>, DbError> {
        self.answers.find(account_id, key).await
    }

    async fn keep_refusal(&self, refusal: &Refusal<'_>) -> Result<bool, DbError> {
        self.answers.insert_answered(refusal).await
    }

    async fn begin(
        &self,
        change: &ChangeRecord,
        generation: i64,
        fingerprint: &str,
        owner: &str,
        lease: Duration,
    ) -> Result<Begun, DbError> {
        let mut tx = self.db.begin_write().await?;
        if !AnswerStore::insert_running(&mut tx, change, fingerprint).await? {
            return Ok(Begun::KeyTaken);
        }
        crash_point!("submit.intent.between");
        if !ChangeStore::insert_intent(&mut tx, change, owner, lease).await? {
            return Ok(Begun::LineTaken);
        }
        if LineGenerations::hold(&mut tx, &change.line.line_number).await? != generation {
            return Ok(Begun::LineTaken);
        }
        tx.commit().await?;
        Ok(Begun::Committed)
    }

    async fn start_call(
        &self,
        id: &RequestId,
        owner: &str,
        lease: Duration,
    ) -> Result<bool, DbError> {
        self.changes.start_call(id, owner, lease).await
    }

    async fn withdraw(&self, change: &ChangeRecord, owner: &str) -> Result<Withdrawn, DbError> {
        let mut tx = self.db.begin_write().await?;
        if !ChangeStore::withdraw(&mut tx, &change.request_id, owner).await? {
            return Ok(Withdrawn::Lost);
        }
        if !AnswerStore::withdraw(&mut tx, change).await? {
            return Ok(Withdrawn::Answered);
        }
        LineGenerations::release(&mut tx, &change.line.line_number).await?;
        tx.commit().await?;
        Ok(Withdrawn::Gone)
    }

    async fn to_unknown(
        &self,
        change: &ChangeRecord,
        owner: &str,
        parked: &Parked<'_>,
    ) -> Result<bool, DbError> {
        let mut tx = self.db.begin_write().await?;
        if !ChangeStore::to_unknown(&mut tx, &change.request_id, owner, parked).await? {
            return Ok(false);
        }
        AnswerStore::answer(&mut tx, change, parked.answer).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn end(&self, ending: &Ending) -> Result<Option<Receipt>, DbError> {
        let (ended, event) = (&ending.ended, &ending.event);
        let mut tx = self.db.begin_write().await?;
        if !ChangeStore::end(&mut tx, ended, ending.from, &ending.owner).await? {
            return Ok(None);
        }
        crash_point!("end.after_change");
        let history = HistoryEvent {
            event_id: &event.event_id,
            line_number: event.line_number.as_str(),
            request_id: &ended.request_id.0,
            state: ended.state.as_str(),
            payload: &event.payload.to_string(),
            recorded_at_ms: event.occurred_at_ms,
            note: ending.note.as_deref(),
        };
        let receipt = store_history::append(&mut tx, &history).await?;
        crash_point!("end.after_history");
        outbox::enqueue(&mut tx, event).await?;
        crash_point!("end.after_event");
        AnswerStore::answer(&mut tx, ended, &ending.answer(&receipt)).await?;
        LineGenerations::raise(&mut tx, &ended.line.line_number).await?;
        LineGenerations::release(&mut tx, &ended.line.line_number).await?;
        crash_point!("end.after_answer");
        tx.commit().await?;
        crash_point!("end.committed");
        Ok(Some(receipt))
    }

    async fn keep_answer(&self, change: &ChangeRecord, answer: &str) -> Result<(), DbError> {
        let mut tx = self.db.begin_write().await?;
        AnswerStore::answer(&mut tx, change, answer).await?;
        tx.commit().await
    }

    async fn find(&self, id: &RequestId) -> Result<Option<ChangeRecord>, DbError> {
        self.changes.find(id).await
    }

    async fn find_open(&self, line: &LineNumber) -> Result<Option<RequestId>, DbError> {
        self.changes.find_open(line).await
    }

    async fn generation(&self, line: &LineNumber) -> Result<i64, DbError> {
        LineGenerations::now(&self.db, line).await
    }

    async fn raise_generation(&self, line: &LineNumber) -> Result<(), DbError> {
        let mut tx = self.db.begin_write().await?;
        LineGenerations::raise(&mut tx, line).await?;
        tx.commit().await
    }

    async fn list(
        &self,
        account_id: &str,
        line: Option<&LineId>,
        slice: &HistorySlice,
    ) -> Result<Vec<ChangeRecord>, DbError> {
        self.changes.list(account_id, line, slice).await
    }

    async fn take_unsettled(
        &self,
        owner: &str,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Taken>, DbError> {
        store_unsettled::take(&self.db, owner, lease, limit).await
    }

    async fn ask_later(
        &self,
        id: &RequestId,
        owner: &str,
        pause: Duration,
    ) -> Result<bool, DbError> {
        self.changes.ask_later(id, owner, pause).await
    }

    async fn to_manual(&self, id: &RequestId, owner: &str) -> Result<bool, DbError> {
        let mut tx = self.db.begin_write().await?;
        let Some(line) = ChangeStore::to_manual(&mut tx, id, owner).await? else {
            return Ok(false);
        };
        // A row that does not decode is handed over as well.
        if let Ok(line) = line.parse() {
            LineGenerations::raise(&mut tx, &line).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn hand_back(&self, owner: &str) -> Result<(), DbError> {
        self.changes.hand_back(owner).await
    }
}
