//! The `phonebill` binary.

use clap::Parser;
use mimalloc::MiMalloc;
use server::cli::Cli;
use std::process::ExitCode;

/// A request makes some hundred short-lived allocations on several threads, a fifth of its cost with
/// the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run(Cli::parse()).await
}
