//! `phonebill outbox`.

use super::exit::Failure;
use crate::{
    clock,
    config::Layers,
    outbox::{DeadEvent, Lag, dead_events, lag, replay_dead},
};
use app::model::LineNumber;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum Outbox {
    /// Tell how far the deliveries to the MVNO AP are behind, or list those that were given up.
    List {
        /// The events that were given up.
        #[arg(long)]
        dead: bool,
    },
    /// Deliver events again that were given up.
    Replay(Replay),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Replay {
    /// The event.
    event_id: Option<String>,
    /// All of them.
    #[arg(long)]
    all_dead: bool,
}

impl Outbox {
    pub(super) async fn run(self, layers: Layers) -> anyhow::Result<()> {
        let databases = super::open::open(layers).await?.distinct();
        match self {
            Self::List { dead: true } => {
                for db in &databases {
                    dead_events(db).await?.iter().for_each(print_dead);
                }
            }
            Self::List { dead: false } => {
                let mut behind = Lag::default();
                for db in &databases {
                    behind = behind.and(lag(db).await?);
                }
                println!("waiting        {}", behind.waiting);
                println!("oldest         {} s", behind.oldest_age.as_secs());
                println!("most attempts  {}", behind.most_attempts);
                println!("dead           {}", behind.dead);
            }
            Self::Replay(replay) => {
                let mut replayed = 0;
                for db in &databases {
                    replayed += replay_dead(db, replay.event_id.as_deref()).await?;
                }
                if let (0, Some(event_id)) = (replayed, &replay.event_id) {
                    let text = format!("there is no dead event {event_id}");
                    return Err(Failure::NotThere(text).into());
                }
                println!("{replayed} event(s) will be delivered again");
            }
        }
        Ok(())
    }
}

fn print_dead(event: &DeadEvent) {
    let line = event
        .line_number
        .parse::<LineNumber>()
        .map_or_else(|_| "?".to_owned(), |number| format!("{number:?}"));
    println!(
        "{}  {:<14} {line}  recorded {}  given up {}  {} attempt(s)",
        event.event_id,
        event.kind,
        clock::kst(event.enqueued_at).0,
        clock::kst(event.settled_at).0,
        event.attempts,
    );
}
