//! The ledger of the simulation, compared with the product's: the same random steps on both must give the
//! same answers and rows. T1 is worth as much as this agreement.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `step` | one step, made on both |
//! | `walk` | the choice of the next step |

mod step;
mod walk;

use crate::{
    laws::{Law, Violation},
    report::Outcome,
    simulation::store::Store,
    subject::{Backend, Blank, Connection},
};
use anyhow::Result;
use app::{model::Limit, ssr::HistoryQuery};
use server::{
    clock::Clock,
    db::{Db, HistorySlice, Keyset},
    product::{
        SqlLedger, audit_history,
        ports::{ChangeLedger, StoredAnswer},
    },
};
use step::{ACCOUNT, Step};
use walk::Walk;

/// Interval, in steps, at which all rows are compared, not only the step's own.
const ALL_EVERY: u64 = 40;

/// The number of changes whose rows are compared; at the end, all.
const RECENT: usize = 12;

/// The planted fault: a step that the ledger in memory skips.
type Forgets = fn(&Step) -> bool;

/// Walks `steps` steps over an empty database.
///
/// # Errors
/// The rig itself broke.
pub async fn run(backend: &Backend, steps: u64, seed: u64) -> Result<Outcome> {
    walk(backend, steps, seed, |_| false).await
}

/// Plants faults into the ledger in memory; returns how each was found, `None` if it was not.
///
/// # Errors
/// The rig itself broke.
pub async fn planted(seed: u64) -> Result<Vec<(&'static str, Option<String>)>> {
    let faults: [(&str, Forgets); 3] = [
        ("no lease in the model", |step| {
            matches!(step, Step::HandBack(_))
        }),
        ("no answer in the model", |step| {
            matches!(step, Step::KeepAnswer(_))
        }),
        ("no refusal in the model", |step| {
            matches!(step, Step::KeepRefusal(_))
        }),
    ];
    let mut found = Vec::new();
    for (name, forgets) in faults {
        let outcome = walk(&Backend::Sqlite, 600, seed, forgets).await?;
        found.push((
            name,
            outcome.failures.into_iter().next().map(|one| one.what),
        ));
    }
    Ok(found)
}

async fn walk(backend: &Backend, steps: u64, seed: u64, forgets: Forgets) -> Result<Outcome> {
    let blank = Blank::make(backend).await?;
    let mut connection = blank.connect().await?;
    let (ledger, clock) = (SqlLedger::new(blank.db.clone()), Clock::system());
    let (mut store, mut walk) = (Store::default(), Walk::begin(seed, clock.now_ms()));
    let mut outcome = Outcome::default();
    for number in 1..=steps {
        let step = walk.next(&store)?;
        let expected = step.on_sql(&ledger).await?;
        let answered = match forgets(&step) {
            true => expected.clone(),
            false => step.in_memory(&mut store, clock.now_ms()),
        };
        walk.note(&step, &store);
        outcome.tried += 1;
        let mut differences = differ("the answer", &expected, &answered);
        if number.is_multiple_of(ALL_EVERY) || number == steps {
            differences.extend(
                rows(
                    &ledger,
                    &blank.db,
                    &mut connection,
                    &store,
                    &walk,
                    number == steps,
                )
                .await?,
            );
        }
        if outcome.judge(
            format!("step {number} of seed {seed}"),
            format!("--first {seed}"),
            differences,
            format!("{step:?}"),
        ) {
            break;
        }
    }
    outcome.changes = walk.changes.len() as u64;
    connection.close().await?;
    blank.db.close().await;
    Ok(outcome)
}

/// Compares everything readable through the port, and the tables behind it.
async fn rows(
    ledger: &SqlLedger,
    db: &Db,
    connection: &mut Connection,
    store: &Store,
    walk: &Walk,
    is_last: bool,
) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    let recent = if is_last {
        0
    } else {
        walk.changes.len().saturating_sub(RECENT)
    };
    for (change, _) in &walk.changes[recent..] {
        let (id, key) = (&change.request_id, &change.idempotency_key);
        let row = store.changes.get(&id.0).map(|row| row.record.clone());
        let sql = ledger.find(id).await?;
        found.extend(differ(&id.0, &format!("{sql:?}"), &format!("{row:?}")));
        let stored: Option<&StoredAnswer> = store
            .answers
            .get(&(ACCOUNT.to_owned(), key.as_str().to_owned()));
        let sql = ledger.find_answer(ACCOUNT, key).await?;
        found.extend(differ(
            key.as_str(),
            &format!("{sql:?}"),
            &format!("{stored:?}"),
        ));
        let number = &change.line.line_number;
        let (sql, open) = (ledger.find_open(number).await?, store.find_open(number));
        found.extend(differ(
            "the open change",
            &format!("{sql:?}"),
            &format!("{open:?}"),
        ));
        // The page that begins behind this change.
        let mut slice = HistorySlice::of(&HistoryQuery {
            limit: Limit::new(3).unwrap_or_default(),
            ..HistoryQuery::default()
        })
        .ok_or_else(|| anyhow::anyhow!("no slice"))?;
        slice.before = Keyset {
            at_ms: change.requested_at_ms,
            id: id.0.clone(),
        };
        let line = Some(&change.line.line_id).filter(|_| id.0.ends_with('0'));
        let sql = ledger.list(ACCOUNT, line, &slice).await?;
        let list = store.list(ACCOUNT, line, &slice);
        found.extend(differ("a page", &format!("{sql:?}"), &format!("{list:?}")));
        let sql = connection.generation(number.as_str()).await?;
        let raised = store.generation(number).to_string();
        found.extend(differ("the generation", &sql.to_string(), &raised));
    }
    let sql = connection
        .texts("SELECT event_id FROM outbox ORDER BY position")
        .await?;
    let queued = store.outbox.iter().map(|one| one.event.event_id.clone());
    let queued: Vec<_> = queued.collect();
    found.extend(differ(
        "the outbox",
        &format!("{sql:?}"),
        &format!("{queued:?}"),
    ));
    let audit = audit_history(db).await?;
    let fault = audit.fault.map(|fault| fault.to_string());
    let (sql, seal) = (format!("{fault:?}"), format!("{:?}", store.broken_seal()));
    found.extend(differ("the chain", &sql, &seal));
    Ok(found)
}

fn differ(what: &str, sql: &str, memory: &str) -> Vec<Violation> {
    if sql == memory {
        return Vec::new();
    }
    vec![Violation {
        law: Law::Rig,
        what: format!("{what}: the SQL says {sql}, the ledger in memory {memory}"),
    }]
}
