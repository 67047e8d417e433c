//! The rules of the durable ledger, in memory: each method is one transaction, as in SQL. `agreement`
//! compares the two step by step; T2 runs the same machine over the SQL itself.

use super::told_ends::{Event, HeldLine, Queued};
use app::model::{LineId, LineNumber, Receipt, RequestId};
use server::{
    clock::millis,
    db::HistorySlice,
    product::{
        ChangeRecord, ChangeState,
        ports::{Begun, Ending, Parked, Refusal, StoredAnswer, Taken, Withdrawn},
    },
};
use std::{collections::BTreeMap, time::Duration};

/// Everything durable.
#[derive(Default)]
pub struct Store {
    pub changes: BTreeMap<String, Row>,
    /// By account and key.
    pub answers: BTreeMap<(String, String), StoredAnswer>,
    pub history: Vec<Event>,
    pub outbox: Vec<Queued>,
    pub(super) lines: BTreeMap<String, HeldLine>,
    pub(super) generations: BTreeMap<String, i64>,
}

pub struct Row {
    pub record: ChangeRecord,
    owner: Option<String>,
    owned_until: i64,
    questions: u32,
    next_question_at: i64,
    called_at: Option<i64>,
    accepted: bool,
}

impl Row {
    pub fn is_owned_by(&self, owner: &str, states: &[ChangeState]) -> bool {
        self.owner.as_deref() == Some(owner) && states.contains(&self.record.state)
    }

    fn release(&mut self) {
        (self.owner, self.owned_until) = (None, 0);
    }
}

fn key_of(change: &ChangeRecord) -> (String, String) {
    let key = change.idempotency_key.as_str().to_owned();
    (change.account_id.clone(), key)
}

impl Store {
    pub fn keep_refusal(&mut self, refusal: &Refusal<'_>) -> bool {
        let key = (
            refusal.account_id.to_owned(),
            refusal.key.as_str().to_owned(),
        );
        if self.answers.contains_key(&key) {
            return false;
        }
        let stored = StoredAnswer {
            fingerprint: refusal.fingerprint.to_owned(),
            request_id: None,
            answer: Some(refusal.answer.to_owned()),
        };
        self.answers.insert(key, stored);
        true
    }

    pub fn begin(
        &mut self,
        change: &ChangeRecord,
        generation: i64,
        fingerprint: &str,
        owner: &str,
        lease: Duration,
        now: i64,
    ) -> Begun {
        if self.answers.contains_key(&key_of(change)) {
            return Begun::KeyTaken;
        }
        let line = &change.line.line_number;
        if self.find_open(line).is_some() || self.generation(line) != generation {
            return Begun::LineTaken;
        }
        let stored = StoredAnswer {
            fingerprint: fingerprint.to_owned(),
            request_id: Some(change.request_id.0.clone()),
            answer: None,
        };
        self.answers.insert(key_of(change), stored);
        let row = Row {
            record: change.clone(),
            owner: Some(owner.to_owned()),
            owned_until: now + millis(lease),
            questions: 0,
            next_question_at: 0,
            called_at: None,
            accepted: false,
        };
        self.changes.insert(change.request_id.0.clone(), row);
        Begun::Committed
    }

    pub fn start_call(&mut self, id: &RequestId, owner: &str, lease: Duration, now: i64) -> bool {
        let Some(row) = self.owned(id, owner, &[ChangeState::Intent]) else {
            return false;
        };
        row.record.state = ChangeState::Calling;
        row.called_at = Some(now);
        row.owned_until = now + millis(lease);
        true
    }

    pub fn withdraw(&mut self, change: &ChangeRecord, owner: &str) -> Withdrawn {
        let states = [ChangeState::Intent, ChangeState::Calling];
        if self.owned(&change.request_id, owner, &states).is_none() {
            return Withdrawn::Lost;
        }
        let key = key_of(change);
        if self
            .answers
            .get(&key)
            .is_none_or(|stored| stored.answer.is_some())
        {
            return Withdrawn::Answered;
        }
        self.answers.remove(&key);
        self.changes.remove(&change.request_id.0);
        Withdrawn::Gone
    }

    pub fn park(
        &mut self,
        change: &ChangeRecord,
        owner: &str,
        parked: &Parked<'_>,
        now: i64,
    ) -> bool {
        let Some(row) = self.owned(&change.request_id, owner, &[ChangeState::Calling]) else {
            return false;
        };
        row.record.state = ChangeState::Unknown;
        row.next_question_at = now + millis(parked.first_question);
        row.accepted = parked.accepted;
        row.release();
        self.keep_answer(change, parked.answer);
        true
    }

    pub fn end(&mut self, ending: &Ending) -> Option<Receipt> {
        self.owned(&ending.ended.request_id, &ending.owner, &[ending.from])?;
        let receipt = self.append(ending);
        let row = self.owned(&ending.ended.request_id, &ending.owner, &[ending.from])?;
        row.record = ending.ended.receipted(&receipt);
        row.release();
        self.enqueue(ending.event.clone());
        self.keep_answer(&ending.ended, &ending.answer(&receipt));
        Some(receipt)
    }

    pub fn keep_answer(&mut self, change: &ChangeRecord, answer: &str) {
        if let Some(stored) = self.answers.get_mut(&key_of(change))
            && stored.request_id.as_ref() == Some(&change.request_id.0)
            && stored.answer.is_none()
        {
            stored.answer = Some(answer.to_owned());
        }
    }

    pub fn find_open(&self, line: &LineNumber) -> Option<RequestId> {
        let mut rows = self.changes.values().map(|row| &row.record);
        let open = rows.find(|one| one.line.line_number == *line && !one.state.is_terminal())?;
        Some(open.request_id.clone())
    }

    /// An account's changes, newest first, one more than a page.
    pub fn list(
        &self,
        account_id: &str,
        line: Option<&LineId>,
        slice: &HistorySlice,
    ) -> Vec<ChangeRecord> {
        let place = |one: &ChangeRecord| (one.requested_at_ms, one.request_id.0.clone());
        let before = (slice.before.at_ms, slice.before.id.clone());
        let mut rows: Vec<_> = self
            .changes
            .values()
            .map(|row| row.record.clone())
            .filter(|one| one.account_id == account_id)
            .filter(|one| line.is_none_or(|line| one.line.line_id == *line))
            .filter(|one| (slice.from_ms..slice.until_ms).contains(&one.requested_at_ms))
            .filter(|one| place(one) < before)
            .collect();
        rows.sort_by_key(|one| std::cmp::Reverse(place(one)));
        rows.truncate(usize::try_from(slice.rows()).unwrap_or(usize::MAX));
        rows
    }

    pub fn take_unsettled(
        &mut self,
        owner: &str,
        lease: Duration,
        limit: usize,
        now: i64,
    ) -> Vec<Taken> {
        let open = [
            ChangeState::Intent,
            ChangeState::Calling,
            ChangeState::Unknown,
        ];
        let mut due: Vec<&mut Row> = self
            .changes
            .values_mut()
            .filter(|row| open.contains(&row.record.state))
            .filter(|row| row.owned_until <= now && row.next_question_at <= now)
            .collect();
        due.sort_by_key(|row| row.next_question_at);
        due.truncate(limit);
        let take = |row: &mut Row| {
            if row.record.state == ChangeState::Calling {
                row.record.state = ChangeState::Unknown;
            }
            row.owner = Some(owner.to_owned());
            row.owned_until = now + millis(lease);
            row.questions += 1;
            let since = now - row.called_at.unwrap_or(row.record.requested_at_ms);
            Taken {
                request_id: row.record.request_id.clone(),
                owner: owner.to_owned(),
                questions: row.questions,
                open_for: Duration::from_millis(u64::try_from(since).unwrap_or(0)),
                accepted: row.accepted,
            }
        };
        due.into_iter().map(take).collect()
    }

    pub fn ask_later(&mut self, id: &RequestId, owner: &str, pause: Duration, now: i64) -> bool {
        let Some(row) = self.owned(id, owner, &[ChangeState::Unknown]) else {
            return false;
        };
        row.next_question_at = now + millis(pause);
        row.release();
        true
    }

    pub fn hand_over(&mut self, id: &RequestId, owner: &str) -> bool {
        let Some(row) = self.owned(id, owner, &[ChangeState::Unknown]) else {
            return false;
        };
        row.record.state = ChangeState::Manual;
        row.release();
        let line = row.record.line.line_number.clone();
        self.raise(&line);
        true
    }

    pub fn hand_back(&mut self, owner: &str) {
        let states = [ChangeState::Intent, ChangeState::Unknown];
        let held = |row: &&mut Row| row.is_owned_by(owner, &states);
        self.changes
            .values_mut()
            .filter(held)
            .for_each(Row::release);
    }

    pub fn is_settled(&self) -> bool {
        self.changes
            .values()
            .all(|row| row.record.state.is_terminal())
            && self.outbox.iter().all(|queued| queued.delivered)
    }

    fn owned(&mut self, id: &RequestId, owner: &str, states: &[ChangeState]) -> Option<&mut Row> {
        let row = self.changes.get_mut(&id.0)?;
        row.is_owned_by(owner, states).then_some(row)
    }
}
