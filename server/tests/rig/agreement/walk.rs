//! A random walk: chooses the next step by the changes in the ledger in memory.

use super::step::{ACCOUNT, Step};
use crate::simulation::store::Store;
use anyhow::Result;
use app::model::{Line, LineId, ProductName, RejectReason, RequestId};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use server::{
    outbox::{EventKind, EventResult, NewEvent},
    product::{ChangeRecord, ChangeState, Outcome, ports::Ending},
};
use std::{str::FromStr, time::Duration};

const LINES: usize = 3;
/// Steps are about one of this many latest changes.
const RECENT: usize = 8;
/// Leases: over at once, or not before the end of the walk.
const TIMES: [Duration; 2] = [Duration::ZERO, Duration::from_secs(3_600)];
const TWO_DAYS_MS: i64 = 2 * 24 * 60 * 60 * 1_000;
const STATES: [ChangeState; 4] = [
    ChangeState::Intent,
    ChangeState::Calling,
    ChangeState::Unknown,
    ChangeState::Manual,
];

pub struct Walk {
    chance: StdRng,
    /// Epoch milliseconds.
    began: i64,
    /// Every change so far, with its last owner.
    pub changes: Vec<(ChangeRecord, String)>,
    drawn: usize,
}

impl Walk {
    pub fn begin(seed: u64, now: i64) -> Self {
        Self {
            chance: StdRng::seed_from_u64(seed),
            began: now - TWO_DAYS_MS,
            changes: Vec::new(),
            drawn: 0,
        }
    }

    /// The next step, given the state of the walk.
    ///
    /// # Errors
    /// The product refuses a value made by the walk.
    pub fn next(&mut self, store: &Store) -> Result<Step> {
        let kind = self.chance.random_range(0..25);
        if self.changes.is_empty() || kind < 4 {
            return self.begin_change(store);
        }
        let lease = self.time();
        if (4..7).contains(&kind) {
            let owner = self.fresh("taker");
            let limit = [0, store.changes.len()][usize::from(self.chance.random_ratio(7, 8))];
            return Ok(Step::Take(owner, lease, limit));
        }
        let recent = self.changes.len().saturating_sub(RECENT)..self.changes.len();
        let (change, last_owner) = self.changes[self.chance.random_range(recent)].clone();
        let owner = match self.chance.random_range(0..8) {
            0 => "somebody else".to_owned(),
            _ => last_owner,
        };
        let id = change.request_id.clone();
        Ok(match kind {
            7..10 => Step::StartCall(id, owner, lease),
            10 => Step::Withdraw(change, owner),
            11..14 => Step::ToUnknown(change, owner, lease, self.chance.random()),
            14..17 => {
                let row = store.changes.get(&id.0);
                let stands = row.map_or(ChangeState::Intent, |row| row.record.state);
                Step::End(Box::new(self.ending(&change, stands, owner)))
            }
            17 => Step::KeepAnswer(change),
            18..20 => Step::AskLater(id, owner, lease),
            20 => Step::ToManual(id, owner),
            21..23 => Step::HandBack(owner),
            23 => Step::RaiseGeneration(change.line.line_number),
            _ => Step::KeepRefusal(match self.chance.random_range(0..3) {
                0 => change.idempotency_key,
                _ => parsed(&self.fresh("refused-key"))?,
            }),
        })
    }

    /// Notes the owner to whom a step gave a change.
    pub fn note(&mut self, step: &Step, store: &Store) {
        match step {
            Step::Begin(change, _, owner, _) => self.changes.push((change.clone(), owner.clone())),
            Step::Take(owner, ..) => {
                for (change, last_owner) in &mut self.changes {
                    let row = store.changes.get(&change.request_id.0);
                    if row.is_some_and(|row| row.is_owned_by(owner, &STATES)) {
                        last_owner.clone_from(owner);
                    }
                }
            }
            _ => {}
        }
    }

    fn begin_change(&mut self, store: &Store) -> Result<Step> {
        let number = self.changes.len();
        let line = self.chance.random_range(0..LINES);
        let plan = |code: &str| {
            anyhow::Ok(ProductName {
                code: parsed(code)?,
                name: code.to_owned(),
            })
        };
        let key = match self.changes.last() {
            Some((last, _)) if self.chance.random_ratio(1, 6) => last.idempotency_key.clone(),
            _ => parsed(&self.fresh("walk-key"))?,
        };
        let change = ChangeRecord {
            request_id: RequestId(format!("CHG-20261121-{number:010}")),
            account_id: ACCOUNT.into(),
            customer_id: "customer".into(),
            line: Line {
                line_id: LineId(format!("line-{line}")),
                line_number: parsed(&format!("0107654320{line}"))?,
            },
            from: plan("PLAN-A")?,
            to: plan("PLAN-B")?,
            idempotency_key: key,
            trace_id: "trace-00".into(),
            state: ChangeState::Intent,
            outcome: None,
            // Several have the same age, so that lists need their second key.
            requested_at_ms: self.began + i64::try_from(number / 3)?,
            processed_at_ms: None,
            receipt: None,
            late_at_ms: None,
        };
        let seen = store.generation(&change.line.line_number);
        // Now and then a change has ended since it was seen.
        let generation = seen - i64::from(self.chance.random_ratio(1, 8));
        let (owner, lease) = (self.fresh("owner"), self.time());
        Ok(Step::Begin(change, generation, owner, lease))
    }

    fn ending(&mut self, change: &ChangeRecord, stands: ChangeState, owner: String) -> Ending {
        let from = match self.chance.random_range(0..8) {
            0 => STATES[self.chance.random_range(0..STATES.len())],
            _ => stands,
        };
        let (outcome, result) = match self.chance.random_range(0..3) {
            0 => (
                Outcome::Completed {
                    effective_date: None,
                    kos_order_number: Some("KOS-1".into()),
                },
                EventResult::Success,
            ),
            1 => (
                Outcome::Rejected(RejectReason::Refused),
                EventResult::Failure,
            ),
            _ => (Outcome::NotApplied, EventResult::Failure),
        };
        let at = change.requested_at_ms + 1;
        Ending {
            event: NewEvent {
                event_id: self.fresh("event"),
                kind: EventKind::ProductChange,
                customer_id: "customer".into(),
                line_number: change.line.line_number.clone(),
                occurred_at_ms: at,
                result,
                message: "m".into(),
                payload: json!({"requestId": change.request_id}),
            },
            ended: change.ended(outcome, at),
            from,
            owner,
            note: self.chance.random_ratio(1, 4).then(|| "noted".to_owned()),
        }
    }

    fn time(&mut self) -> Duration {
        TIMES[self.chance.random_range(0..TIMES.len())]
    }

    fn fresh(&mut self, name: &str) -> String {
        self.drawn += 1;
        format!("{name}-{:05}", self.drawn)
    }
}

fn parsed<T: FromStr>(text: &str) -> Result<T> {
    text.parse()
        .map_err(|_| anyhow::anyhow!("the product does not take {text}"))
}
