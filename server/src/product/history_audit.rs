//! Recomputing every chain, and comparing the history with the changes.

use super::{
    history_chain::{genesis, seal},
    store_audit::{self, EventRow},
};
use crate::db::{Db, DbError};
use std::fmt;

/// What the audit of the whole history found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryAudit {
    pub lines: u64,
    pub events: u64,
    /// Of these, recorded before there was a chain.
    pub unsealed: u64,
    /// The first fault, in the order of lines and numbers; the audit goes no further.
    pub fault: Option<HistoryFault>,
}

/// A history that is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFault {
    pub request_id: String,
    /// Id and number of the broken row; `None` where the row is missing or is the change's.
    pub event: Option<(String, i64)>,
    pub kind: HistoryFaultKind,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryFaultKind {
    /// The line's next event has this number: one is missing, or there twice.
    Gap { expected: i64 },
    /// No hash, behind an event that has one.
    Unsealed,
    /// Not sealed to the event before it.
    Unlinked,
    /// Its content is not what was sealed.
    Altered,
    /// Its change, which pages are made of, tells this otherwise.
    ToldOtherwise { what: &'static str },
    /// The change ended like that and no event of its line tells so.
    EndWithoutEvent { state: String },
    /// The event tells an end that its change does not have.
    EventWithoutEnd { state: String },
}

impl fmt::Display for HistoryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((event_id, line_seq)) = &self.event {
            write!(f, "event {event_id}, number {line_seq} of its line, ")?;
        }
        write!(f, "change {}: ", self.request_id)?;
        match &self.kind {
            HistoryFaultKind::Gap { expected } => {
                write!(f, "number {expected} of the line was expected here")
            }
            HistoryFaultKind::Unsealed => f.write_str("no hash, behind an event that has one"),
            HistoryFaultKind::Unlinked => f.write_str("not sealed to the event before it"),
            HistoryFaultKind::Altered => f.write_str("not what was sealed"),
            HistoryFaultKind::ToldOtherwise { what } => {
                write!(f, "the change does not tell {what} as it was sealed")
            }
            HistoryFaultKind::EndWithoutEvent { state } => {
                write!(
                    f,
                    "it ended as {state}, and no event of its line tells that"
                )
            }
            HistoryFaultKind::EventWithoutEnd { state } => {
                write!(f, "an event tells {state}, the change does not, or is gone")
            }
        }
    }
}

/// Reads and recomputes everything. Changes that end meanwhile are no fault.
///
/// # Errors
/// [`DbError`] of a read; nothing is then known.
pub async fn audit_history(db: &Db) -> Result<HistoryAudit, DbError> {
    let mut audit = HistoryAudit::default();
    let mut walk = Walk::default();
    loop {
        let rows = store_audit::events_after(db, &walk.line_number, walk.line_seq).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            if let Err(fault) = walk.step(row, &mut audit) {
                audit.fault = Some(fault);
                return Ok(audit);
            }
        }
    }
    audit.fault = end_without_event(db).await?;
    Ok(audit)
}

async fn end_without_event(db: &Db) -> Result<Option<HistoryFault>, DbError> {
    let mut after = String::new();
    loop {
        let ends = store_audit::ends_after(db, &after).await?;
        let Some(last) = ends.last() else {
            return Ok(None);
        };
        after.clone_from(&last.request_id);
        if let Some(end) = ends.into_iter().find(|end| !end.recorded) {
            return Ok(Some(HistoryFault {
                request_id: end.request_id,
                event: None,
                kind: HistoryFaultKind::EndWithoutEvent { state: end.state },
            }));
        }
    }
}

/// Where the walk through the lines stands.
#[derive(Default)]
struct Walk {
    line_number: String,
    line_seq: i64,
    /// Of the last sealed event of the line.
    hash: Option<String>,
}

impl Walk {
    fn step(&mut self, row: &EventRow, audit: &mut HistoryAudit) -> Result<(), HistoryFault> {
        if row.line_number != self.line_number {
            audit.lines += 1;
            *self = Self {
                line_number: row.line_number.clone(),
                ..Self::default()
            };
        }
        audit.events += 1;
        let expected = self.line_seq + 1;
        self.line_seq = row.line_seq;
        let prev = match &self.hash {
            Some(hash) => hash.clone(),
            None => genesis(&row.line_number),
        };
        let kind = match &row.hash {
            _ if row.line_seq != expected => Some(HistoryFaultKind::Gap { expected }),
            None if self.hash.is_none() => {
                audit.unsealed += 1;
                None
            }
            None => Some(HistoryFaultKind::Unsealed),
            Some(_) if row.prev_hash.as_ref() != Some(&prev) => Some(HistoryFaultKind::Unlinked),
            Some(hash) if seal(&row.sealed(), &prev) != *hash => Some(HistoryFaultKind::Altered),
            Some(hash) => {
                self.hash = Some(hash.clone());
                let what = row.told_otherwise();
                what.map(|what| HistoryFaultKind::ToldOtherwise { what })
            }
        };
        let without_end = || {
            let state = row.without_end()?;
            Some(HistoryFaultKind::EventWithoutEnd { state })
        };
        let Some(kind) = kind.or_else(without_end) else {
            return Ok(());
        };
        Err(HistoryFault {
            request_id: row.request_id.clone(),
            event: Some((row.event_id.clone(), row.line_seq)),
            kind,
        })
    }
}
