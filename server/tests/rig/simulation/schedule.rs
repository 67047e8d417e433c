//! Runs one seed: sets up the world, lets it settle, and judges all ledgers.

use super::{
    customer::{Customer, Shared},
    kos::{Facts, Kos},
    machine::Variant,
    replica::{Replica, Surroundings},
    time,
    world::World,
};
use crate::laws::{
    Law, Violation, judge,
    ledgers::{AnswerRow, ChangeRow, HistoryRow, Ledgers, OutboxRow, Record, State},
};
use anyhow::{Context, Result};
use app::model::{Line, LineId, Permission, Principal, RequestId, UserInfo};
use futures::future::join_all;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// Time limit for everything to settle, once it is calm.
const CALM: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The outcome of a seed.
pub struct Played {
    /// The trace's hash, the same for the same seed.
    pub trace_hash: u64,
    pub trace: String,
    pub deaths: u64,
    pub changes: u64,
    pub violations: Vec<Violation>,
    /// Violations that this side cannot prevent: sent by a process stopped at the socket.
    pub residue: Vec<Violation>,
}

/// Runs a seed, and keeps the last `kept` lines of its trace.
///
/// # Errors
/// The rig itself broke.
pub fn play(seed: u64, variant: Variant, kept: usize) -> Result<Played> {
    let world = Arc::new(World::new(seed, kept));
    let kos = Kos::new(Facts {
        tells_by_id: world.pick(0..2) == 0,
        ignores_duplicates: world.pick(0..2) == 0,
        compares_current: world.pick(0..2) == 0,
    });
    let around = Surroundings::new(seed, world.clone(), Arc::new(kos), variant);
    let around = Arc::new(around);
    let shared = Arc::new(Shared::default());
    let time = world.time.clone();
    time::run(&time, scenario(around.clone(), shared.clone()))
        .with_context(|| format!("seed {seed}"))??;
    let ledgers = ledgers(&around, &shared)?;
    let (trace_hash, trace) = world.trace();
    let residue = around.kos.after_standstill();
    let is_residue = |found: &Violation| {
        matches!(found.law, Law::V3 | Law::V4) && residue.iter().any(|id| found.what.contains(id))
    };
    let (residue, violations) = judge(&ledgers).into_iter().partition(is_residue);
    Ok(Played {
        trace_hash,
        trace,
        deaths: around.deaths.load(Ordering::Relaxed),
        changes: ledgers.record.changes.len() as u64,
        violations,
        residue,
    })
}

async fn scenario(around: Arc<Surroundings>, shared: Arc<Shared>) -> Result<()> {
    let world = around.world.clone();
    let replicas: Vec<_> = (0..world.pick(1..4))
        .map(|number| Replica::start(around.clone(), number))
        .collect();
    let lines = (0..world.pick(1..4))
        .map(line)
        .collect::<Result<Vec<_>>>()?;
    let customer = |line: &Line| Customer {
        around: around.clone(),
        replicas: replicas.clone(),
        shared: shared.clone(),
        who: owner_of(&lines),
        line: line.clone(),
    };
    let customers: Vec<_> = lines.iter().map(customer).collect();
    let coming = customers
        .iter()
        .map(|one| tokio::spawn(one.clone().come_and_go(world.pick(1..4))));
    let coming: Vec<_> = coming.collect();
    for one in &customers {
        tokio::spawn(one.clone().keep_looking());
    }
    for gone in join_all(coming).await {
        gone?;
    }
    world.calm_down();
    for _ in 0..CALM {
        world.sleep(LOOK_EVERY).await;
        if around.database.store().is_settled() {
            break;
        }
    }
    // A day later, every customer looks once more.
    let ids: Vec<_> = around.database.store().changes.keys().cloned().collect();
    for one in &customers {
        for id in &ids {
            one.look(&RequestId(id.clone())).await;
        }
        one.open_page().await;
    }
    Ok(())
}

fn line(number: u32) -> Result<Line> {
    Ok(Line {
        line_id: LineId(format!("line-{number}")),
        line_number: format!("0107123450{number}")
            .parse()
            .map_err(|_| anyhow::anyhow!("no line number"))?,
    })
}

fn owner_of(lines: &[Line]) -> Principal {
    Principal {
        session_id: "session".into(),
        account_id: "account".into(),
        user: UserInfo {
            user_id: "somebody".into(),
            user_name: "somebody".into(),
            customer_id: "customer".into(),
            permissions: Permission::ALL.into(),
            lines: lines.into(),
        },
    }
}

fn ledgers(around: &Surroundings, shared: &Shared) -> Result<Ledgers> {
    let store = around.database.store();
    let state = |state: server::product::ChangeState| {
        State::of_name(state.as_str()).with_context(|| format!("no state: {state:?}"))
    };
    let changes = store.changes.values().map(|row| {
        let one = &row.record;
        Ok(ChangeRow {
            request_id: one.request_id.0.clone(),
            account: one.account_id.clone(),
            key: one.idempotency_key.as_str().to_owned(),
            line: one.line.line_number.as_str().to_owned(),
            from: one.from.code.as_str().to_owned(),
            to: one.to.code.as_str().to_owned(),
            state: state(one.state)?,
        })
    });
    let history = store.history.iter().map(|one| {
        Ok(HistoryRow {
            event_id: one.event.event_id.clone(),
            line: one.event.line_number.as_str().to_owned(),
            seq: one.seq,
            request_id: one.request_id.clone(),
            state: state(one.state)?,
            payload: one.event.payload.to_string(),
        })
    });
    let outbox = store.outbox.iter().map(|one| OutboxRow {
        event_id: one.event.event_id.clone(),
        line: one.event.line_number.as_str().to_owned(),
        payload: one.event.payload.to_string(),
    });
    let answers = store.answers.iter().map(|((account, key), one)| AnswerRow {
        account: account.clone(),
        key: key.clone(),
        answer: one.answer.clone(),
    });
    Ok(Ledgers {
        kos: around.kos.ledger(),
        record: Record {
            changes: changes.collect::<Result<_>>()?,
            history: history.collect::<Result<_>>()?,
            outbox: outbox.collect(),
            answers: answers.collect(),
            bill_inquiries: Vec::new(),
            chain_broken_at: store.broken_seal(),
        },
        ap: around.ap.received(),
        told: shared.told(),
        moments: around.database.moments(),
    })
}
