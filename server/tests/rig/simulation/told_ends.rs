//! The effects of an outcome: the sealed history, the outbox and the lines' generations, with the rules
//! of the SQL.

use super::store::Store;
use app::model::{LineNumber, Receipt};
use server::{
    clock::millis,
    outbox::NewEvent,
    product::{
        ChangeState,
        history_chain::{SealedEvent, genesis, receipt, seal},
        ports::Ending,
    },
};
use std::{collections::BTreeMap, time::Duration};

pub struct Event {
    pub event: NewEvent,
    pub request_id: String,
    pub state: ChangeState,
    pub seq: i64,
    note: Option<String>,
    hash: String,
}

impl Event {
    fn seal(&self, prev: &str) -> String {
        let event = &self.event;
        let sealed = SealedEvent {
            line_number: event.line_number.as_str(),
            line_seq: self.seq,
            event_id: &event.event_id,
            request_id: &self.request_id,
            state: self.state.as_str(),
            payload: &event.payload.to_string(),
            recorded_at_ms: event.occurred_at_ms,
            note: self.note.as_deref(),
        };
        seal(&sealed, prev)
    }
}

pub struct Queued {
    pub event: NewEvent,
    pub delivered: bool,
}

/// The lease on a line's events, and when it is over.
#[derive(Default)]
pub struct HeldLine {
    lease: u64,
    due_at: i64,
}

/// Events of a line delivered in a row.
const RUN: usize = 3;

impl Store {
    /// The generations of lines, with which cached values are tagged.
    pub fn generation(&self, line: &LineNumber) -> i64 {
        self.generations.get(line.as_str()).copied().unwrap_or(0)
    }

    pub fn raise(&mut self, line: &LineNumber) {
        *self
            .generations
            .entry(line.as_str().to_owned())
            .or_default() += 1;
    }

    /// The first waiting events of each line that is due.
    pub fn claim(&mut self, lease: u64, lease_for: Duration, now: i64) -> Vec<Vec<NewEvent>> {
        let mut runs: BTreeMap<&str, Vec<NewEvent>> = BTreeMap::new();
        for queued in self.outbox.iter().filter(|queued| !queued.delivered) {
            let run = runs.entry(queued.event.line_number.as_str()).or_default();
            if run.len() < RUN {
                run.push(queued.event.clone());
            }
        }
        let mut claimed = Vec::new();
        for (line, run) in runs {
            let held = self.lines.entry(line.to_owned()).or_default();
            if held.due_at <= now {
                held.lease = lease;
                held.due_at = now + millis(lease_for);
                claimed.push(run);
            }
        }
        claimed
    }

    /// Records a run: the accepted events, and when the line is due again. Without the lease it changes
    /// nothing.
    pub fn settle_line(&mut self, line: &str, lease: u64, accepted: &[String], due_again: i64) {
        let Some(held) = self.lines.get_mut(line).filter(|held| held.lease == lease) else {
            return;
        };
        (held.lease, held.due_at) = (0, due_again);
        for queued in &mut self.outbox {
            queued.delivered |= accepted.contains(&queued.event.event_id);
        }
    }

    /// The first event that is not chained to its predecessor in the line.
    pub fn broken_seal(&self) -> Option<String> {
        let mut heads: BTreeMap<&str, &str> = BTreeMap::new();
        for event in &self.history {
            let line = event.event.line_number.as_str();
            let prev = heads
                .get(line)
                .map_or_else(|| genesis(line), |hash| (*hash).to_owned());
            if event.seal(&prev) != event.hash {
                return Some(event.request_id.clone());
            }
            heads.insert(line, &event.hash);
        }
        None
    }

    pub(super) fn append(&mut self, ending: &Ending) -> Receipt {
        let line = ending.event.line_number.as_str();
        let last = self
            .history
            .iter()
            .rev()
            .find(|one| one.event.line_number.as_str() == line);
        let (seq, prev) =
            last.map_or_else(|| (1, genesis(line)), |one| (one.seq + 1, one.hash.clone()));
        let mut event = Event {
            event: ending.event.clone(),
            request_id: ending.ended.request_id.0.clone(),
            state: ending.ended.state,
            seq,
            note: ending.note.clone(),
            hash: String::new(),
        };
        event.hash = event.seal(&prev);
        let receipt = receipt(seq, &event.hash);
        self.history.push(event);
        receipt
    }

    pub(super) fn enqueue(&mut self, event: NewEvent) {
        self.outbox.push(Queued {
            event,
            delivered: false,
        });
    }
}
