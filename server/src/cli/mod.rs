//! The command line: one file per subcommand.

mod account;
mod change;
mod config;
mod exit;
mod migrate;
mod open;
mod outbox;
mod run;
mod serve;
mod simulate;
mod verify_history;

pub use run::{Cli, run};
