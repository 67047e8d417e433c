//! One step of a ledger, on the SQL and in memory, with each answer as text.

use crate::simulation::store::Store;
use anyhow::Result;
use app::model::{IdempotencyKey, LineNumber, RequestId};
use server::product::{
    ChangeRecord, SqlLedger,
    ports::{ChangeLedger, Ending, Parked, Refusal, Taken},
};
use std::time::Duration;

/// The steps of a random walk: every writing method of the port.
#[derive(Clone, Debug)]
pub enum Step {
    KeepRefusal(IdempotencyKey),
    /// Generation, owner, lease.
    Begin(ChangeRecord, i64, String, Duration),
    StartCall(RequestId, String, Duration),
    Withdraw(ChangeRecord, String),
    /// Owner, the first question, whether KOS has taken it.
    ToUnknown(ChangeRecord, String, Duration, bool),
    End(Box<Ending>),
    KeepAnswer(ChangeRecord),
    /// Owner, lease, maximum number.
    Take(String, Duration, usize),
    AskLater(RequestId, String, Duration),
    ToManual(RequestId, String),
    HandBack(String),
    RaiseGeneration(LineNumber),
}

/// The account of every step.
pub const ACCOUNT: &str = "agreement";
const FINGERPRINT: &str = "fingerprint";
const PENDING: &str = "pending";
/// Far from the age of any call made during a walk.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

impl Step {
    /// # Errors
    /// The database fails.
    pub async fn on_sql(&self, ledger: &SqlLedger) -> Result<String> {
        Ok(match self {
            Self::KeepRefusal(key) => text(ledger.keep_refusal(&refusal(key)).await?),
            Self::Begin(change, generation, owner, lease) => {
                let begun = ledger.begin(change, *generation, FINGERPRINT, owner, *lease);
                text(begun.await?)
            }
            Self::StartCall(id, owner, lease) => text(ledger.start_call(id, owner, *lease).await?),
            Self::Withdraw(change, owner) => text(ledger.withdraw(change, owner).await?),
            Self::ToUnknown(change, owner, first, accepted) => {
                let parked = parked(*first, *accepted);
                text(ledger.to_unknown(change, owner, &parked).await?)
            }
            Self::End(ending) => text(ledger.end(ending).await?),
            Self::KeepAnswer(change) => text(ledger.keep_answer(change, "kept").await?),
            Self::Take(owner, lease, limit) => {
                taken(ledger.take_unsettled(owner, *lease, *limit).await?)
            }
            Self::AskLater(id, owner, pause) => text(ledger.ask_later(id, owner, *pause).await?),
            Self::ToManual(id, owner) => text(ledger.to_manual(id, owner).await?),
            Self::HandBack(owner) => text(ledger.hand_back(owner).await?),
            Self::RaiseGeneration(line) => text(ledger.raise_generation(line).await?),
        })
    }

    /// The same on the ledger of the simulation, at a given time.
    pub fn in_memory(&self, store: &mut Store, now: i64) -> String {
        match self {
            Self::KeepRefusal(key) => text(store.keep_refusal(&refusal(key))),
            Self::Begin(change, generation, owner, lease) => {
                text(store.begin(change, *generation, FINGERPRINT, owner, *lease, now))
            }
            Self::StartCall(id, owner, lease) => text(store.start_call(id, owner, *lease, now)),
            Self::Withdraw(change, owner) => text(store.withdraw(change, owner)),
            Self::ToUnknown(change, owner, first, accepted) => {
                text(store.park(change, owner, &parked(*first, *accepted), now))
            }
            Self::End(ending) => {
                let receipt = store.end(ending);
                if receipt.is_some() {
                    store.raise(&ending.ended.line.line_number);
                }
                text(receipt)
            }
            Self::KeepAnswer(change) => {
                store.keep_answer(change, "kept");
                text(())
            }
            Self::Take(owner, lease, limit) => {
                taken(store.take_unsettled(owner, *lease, *limit, now))
            }
            Self::AskLater(id, owner, pause) => text(store.ask_later(id, owner, *pause, now)),
            Self::ToManual(id, owner) => text(store.hand_over(id, owner)),
            Self::HandBack(owner) => {
                store.hand_back(owner);
                text(())
            }
            Self::RaiseGeneration(line) => {
                store.raise(line);
                text(())
            }
        }
    }
}

fn parked(first_question: Duration, accepted: bool) -> Parked<'static> {
    Parked {
        accepted,
        first_question,
        answer: PENDING,
    }
}

fn refusal(key: &IdempotencyKey) -> Refusal<'_> {
    Refusal {
        account_id: ACCOUNT,
        key,
        fingerprint: FINGERPRINT,
        answer: "refused",
        now_ms: 0,
    }
}

fn text(answer: impl std::fmt::Debug) -> String {
    format!("{answer:?}")
}

/// Rows due at the same millisecond come in any order, and two clocks measure their age.
fn taken(mut taken: Vec<Taken>) -> String {
    taken.sort_by(|one, other| one.request_id.0.cmp(&other.request_id.0));
    let each = taken.iter().map(|one| {
        let age = if one.open_for > LONG { "old" } else { "young" };
        let taken = if one.accepted { "accepted" } else { "unclear" };
        format!(
            "{} {} {} {age} {taken}",
            one.request_id, one.owner, one.questions
        )
    });
    text(each.collect::<Vec<_>>())
}
