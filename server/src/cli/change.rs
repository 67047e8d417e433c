//! `phonebill change`.

use super::exit::Failure;
use crate::{
    clock::{self, Clock},
    config::Layers,
    ids::Ids,
    product::{
        ChangeDesk, ChangeFile, ChangeListed, ChangeState, Listing, Outcome, Resolved,
        history_chain::receipt,
    },
};
use app::model::{KstDate, LineNumber, RequestId};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum Change {
    /// List changes: those without an end, or those in one state; the oldest first, LATE ones the last
    /// one found first.
    List {
        /// INTENT, CALLING, UNKNOWN, MANUAL, COMPLETED, REJECTED, NOT_APPLIED, or LATE for those
        /// that KOS applied after they had been told as not applied.
        #[arg(long, value_parser = listing)]
        state: Option<Listing>,
    },
    /// Show all there is of one change, with the line's number as KOS knows it.
    Show { request_id: String },
    /// Decide a change that waits for a person (MANUAL).
    Resolve(Resolve),
}

#[derive(Debug, Args)]
pub(super) struct Resolve {
    request_id: String,
    #[command(flatten)]
    decision: Decision,
    /// What was found out and by whom; sealed into the history.
    #[arg(long, value_parser = note)]
    note: String,
    /// With --applied: when it takes effect, as KOS tells it (YYYY-MM-DD).
    #[arg(long, requires = "applied")]
    effective_date: Option<KstDate>,
    /// With --applied: KOS's order number.
    #[arg(long, requires = "applied")]
    order_number: Option<String>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Decision {
    /// KOS has applied it.
    #[arg(long)]
    applied: bool,
    /// KOS has not applied it, and no longer will.
    #[arg(long)]
    not_applied: bool,
}

impl Change {
    pub(super) async fn run(self, layers: Layers) -> anyhow::Result<()> {
        let databases = super::open::open(layers).await?;
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let desk = ChangeDesk::new(databases.product().clone(), clock, ids);
        match self {
            Self::List { state } => {
                let listed = desk.list(state.unwrap_or(Listing::Open)).await?;
                listed.iter().for_each(print_listed);
                let cut = listed.len() == ChangeDesk::LISTED;
                let at_least = if cut { "at least " } else { "" };
                eprintln!("{at_least}{} change(s)", listed.len());
            }
            Self::Show { request_id } => {
                let id = RequestId(request_id);
                let file = desk.show(&id).await?;
                let file = file.ok_or_else(|| no_such_change(&id))?;
                print_file(&id, &file);
            }
            Self::Resolve(resolve) => resolve.run(&desk).await?,
        }
        Ok(())
    }
}

impl Resolve {
    async fn run(self, desk: &ChangeDesk) -> anyhow::Result<()> {
        let id = RequestId(self.request_id);
        let outcome = if self.decision.applied {
            Outcome::Completed {
                effective_date: self.effective_date,
                kos_order_number: self.order_number,
            }
        } else {
            Outcome::NotApplied
        };
        let state = outcome.state();
        match desk.resolve(&id, outcome, &self.note).await? {
            Resolved::Done(receipt) => {
                println!("{id} is {} now, receipt {}", state.as_str(), receipt.0);
                Ok(())
            }
            Resolved::NoSuchChange => Err(no_such_change(&id).into()),
            Resolved::NotManual(state) => Err(Failure::NotNow(format!(
                "{id} is {}; only a MANUAL change is a person's to decide",
                state.as_str()
            ))
            .into()),
            Resolved::Held => {
                Err(Failure::NotNow(format!("{id} is being decided by somebody else")).into())
            }
        }
    }
}

fn print_listed(change: &ChangeListed) {
    println!(
        "{}  {:<11} {}  {} → {}  {}  {} question(s){}",
        change.request_id,
        change.state,
        masked(&change.line_number),
        change.from_code,
        change.to_code,
        clock::kst(change.requested_at).0,
        change.questions,
        change
            .late_at
            .map(|at| format!("  applied late, found {}", clock::kst(at).0))
            .unwrap_or_default(),
    );
}

fn print_file(id: &RequestId, file: &ChangeFile) {
    let instant = |at: Option<i64>| at.map(|at| clock::kst(at).0);
    let rows = [
        ("request id", Some(id.0.clone())),
        ("state", Some(file.state.clone())),
        ("line", Some(file.line_number.clone())),
        ("account", Some(file.account_id.clone())),
        ("customer", Some(file.customer_id.clone())),
        ("from", Some(file.from_code.clone())),
        ("to", Some(file.to_code.clone())),
        ("trace id", Some(file.trace_id.clone())),
        ("requested", instant(Some(file.requested_at))),
        ("sent, at the earliest", instant(file.called_at)),
        ("taken by KOS", instant(file.accepted_at)),
        ("questions asked", Some(file.questions.to_string())),
        ("ended", instant(file.processed_at)),
        ("reason", file.reason.clone()),
        ("takes effect", file.effective_date.clone()),
        ("KOS order", file.kos_order_number.clone()),
        ("applied late, found", instant(file.late_at)),
        ("note", file.note.clone()),
        (
            "receipt",
            file.line_seq
                .zip(file.hash.as_deref())
                .map(|(seq, hash)| receipt(seq, hash).0),
        ),
        ("sealed with", file.hash.clone()),
        ("event", file.event_id.clone()),
        ("delivery", delivery(file)),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            println!("{name:<22} {value}");
        }
    }
}

fn delivery(file: &ChangeFile) -> Option<String> {
    file.event_id.as_ref()?;
    Some(match (&file.delivery, file.attempts) {
        (Some(state), Some(attempts)) => format!("{state}, {attempts} attempt(s)"),
        _ => "DELIVERED, no longer kept".to_owned(),
    })
}

/// A list goes into tickets and terminals' histories: only `show` tells the number.
fn masked(number: &str) -> String {
    number
        .parse::<LineNumber>()
        .map_or_else(|_| "?".to_owned(), |number| format!("{number:?}"))
}

fn no_such_change(id: &RequestId) -> Failure {
    Failure::NotThere(format!("there is no change {id}"))
}

fn listing(name: &str) -> Result<Listing, String> {
    if name == "LATE" {
        return Ok(Listing::Late);
    }
    ChangeState::of_name(name)
        .map(Listing::In)
        .ok_or_else(|| "not a state of a change".to_owned())
}

fn note(text: &str) -> Result<String, String> {
    let text = text.trim();
    if (1..=1_000).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err("a note has 1 to 1000 characters".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Change;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        _change: Change,
    }

    fn accepts(effective_date: &str) -> bool {
        let line = ["change", "resolve", "CHG-1", "--applied", "--note", "asked"];
        Line::try_parse_from([&line[..], &["--effective-date", effective_date]].concat()).is_ok()
    }

    #[test]
    fn an_effective_date_is_written_as_customers_will_read_it() {
        assert!(accepts("2026-12-01"));
        for wrong in ["20261201", "2026-12-01T09:00", "2026-02-30", "tomorrow"] {
            assert!(!accepts(wrong), "{wrong}");
        }
    }
}
