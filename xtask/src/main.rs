//! The automation: `cargo xtask run | build | watch | test | verify | lint | e2e | bench | chaos |
//! replicas | schemathesis | doctor`.
//!
//! Each command first installs whatever it needs and does not find ([`tools`]), prints every step
//! ([`shell`]), and is fast the second time.

mod bench;
mod budget;
mod build;
mod chaos;
mod doctor;
mod e2e;
mod lint;
mod replicas;
mod run;
mod schemathesis;
mod services;
mod shell;
mod site;
mod test;
mod tools;
mod verify;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Run, build and check phonebill")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build in release mode and serve; arguments after `--` go to `phonebill serve`
    Run {
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Build the site, embed it in the binary, print and enforce the size budget
    Build {
        /// How the server is optimised (the browser's part always is); deploy `dist`
        #[arg(long, value_enum, default_value_t = build::Profile::Dev)]
        profile: build::Profile,
    },
    /// Rebuild and reload on every change (`cargo leptos watch` with its tools on PATH)
    Watch,
    /// Lint, unit and integration tests on throw-away servers, verify --short, replicas, the browser
    /// tests, a rehearsal of the bench
    Test,
    /// Kill the server everywhere and compare five ledgers: KOS, database, chain, AP, customers
    Verify(verify::Wanted),
    /// Formatting, clippy for server and browser, and the project's own rules
    Lint,
    /// Browser tests against the release binary; arguments after `--` go to Playwright
    E2e {
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Break KOS, the AP, Redis and PostgreSQL in turn; print what each route did meanwhile
    Chaos(chaos::Wanted),
    /// Restart three replicas behind nginx under load; arguments after `--` go to the rig
    Replicas {
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Throughput, latency and cost beside their limits, in both modes; writes docs/PERFORMANCE.md
    Bench {
        /// A short run that writes nothing
        #[arg(long)]
        quick: bool,
        /// What the tests do: every request must be answered, however fast
        #[arg(long, conflicts_with = "quick")]
        rehearsal: bool,
    },
    /// The server against its OpenAPI document; arguments after `--` go to Schemathesis
    Schemathesis {
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// List what is installed, what is missing, and the command that fixes it
    Doctor,
}

fn main() -> ExitCode {
    let outcome = shell::watch_for_interrupts().and_then(|()| dispatch(Cli::parse().command));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    match command {
        Command::Run { arguments } => run::serve(&arguments),
        Command::Build { profile } => build::build(profile).map(drop),
        Command::Watch => run::watch(),
        Command::Test => test::test(),
        Command::Verify(wanted) => verify::verify(&wanted).and_then(|tally| tally.into_result()),
        Command::Lint => lint::lint(),
        Command::E2e { arguments } => e2e::e2e(&arguments).and_then(|tally| tally.into_result()),
        Command::Chaos(wanted) => chaos::chaos(&wanted),
        Command::Replicas { arguments } => replicas::replicas(&arguments),
        Command::Bench { rehearsal, .. } if rehearsal => bench::rehearse()?.into_result(),
        Command::Bench { quick, .. } if quick => bench::bench(bench::Length::Quick),
        Command::Bench { .. } => bench::bench(bench::Length::Whole),
        Command::Schemathesis { arguments } => schemathesis::schemathesis(&arguments),
        Command::Doctor => doctor::doctor(),
    }
}
