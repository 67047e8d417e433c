//! The arguments, and the command they name.

use super::{
    account, change, config, exit::Failure, migrate, outbox, serve, simulate, verify_history,
};
use crate::{
    config::{ConfigFaults, Layers},
    error::Chain,
};
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// See a phone bill, change a plan.
#[derive(Debug, Parser)]
#[command(
    name = "phonebill",
    version,
    about = "Self-care for MVNO customers: bills and plan changes"
)]
pub struct Cli {
    /// A TOML file over the built-in defaults (`phonebill config default` shows them).
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Where customers connect, for example 127.0.0.1:8080.
    #[arg(long, global = true)]
    http_addr: Option<String>,
    /// Where the embedded default keeps its files.
    #[arg(long, global = true)]
    data_dir: Option<String>,
    /// Without one, `serve`.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service; with no configuration the embedded demo.
    Serve(serve::Serve),
    /// Bring the database schema up to date.
    Migrate,
    /// Manage accounts.
    #[command(subcommand)]
    Account(account::Account),
    /// Look at plan changes, and decide those that wait for a person.
    #[command(subcommand)]
    Change(change::Change),
    /// Look at the deliveries to the MVNO AP, and repeat those that were given up.
    #[command(subcommand)]
    Outbox(outbox::Outbox),
    /// Recompute the sealed history of every line and name the first row that was altered.
    VerifyHistory,
    /// Show or judge the configuration.
    #[command(subcommand)]
    Config(config::Config),
    /// Run the stand-ins for KOS-Order and the MVNO AP alone.
    Simulate(simulate::Simulate),
}

/// Runs the command; faults of the configuration and of the run are printed to standard error.
pub async fn run(cli: Cli) -> ExitCode {
    let layers = layers(&cli);
    let command = cli
        .command
        .unwrap_or_else(|| Command::Serve(serve::Serve::default()));
    let result = match command {
        Command::Config(command) => command.run(layers),
        Command::Simulate(command) => command.run(layers).await,
        Command::Serve(command) => command.run(layers).await,
        Command::Migrate => migrate::run(layers).await,
        Command::Account(command) => command.run(layers).await,
        Command::Change(command) => command.run(layers).await,
        Command::Outbox(command) => command.run(layers).await,
        Command::VerifyHistory => verify_history::run(layers).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("phonebill: {}", Chain(error.as_ref()));
            // 78 is EX_CONFIG of sysexits: a supervisor should not try again.
            match error.downcast_ref::<Failure>() {
                Some(failure) => ExitCode::from(failure.code()),
                None if error.is::<ConfigFaults>() => ExitCode::from(78),
                None => ExitCode::FAILURE,
            }
        }
    }
}

fn layers(cli: &Cli) -> Layers {
    let mut layers = Layers::default();
    if let Some(path) = &cli.config {
        layers = layers.file(path);
    }
    layers
        .environment(&std::env::vars().collect())
        .flag("http.addr", cli.http_addr.as_deref())
        .flag("data_dir", cli.data_dir.as_deref())
}
