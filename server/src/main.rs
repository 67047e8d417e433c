//! The `phonebill` binary.

use clap::Parser;
use mimalloc::MiMalloc;
use server::cli::Cli;
use std::process::ExitCode;

/// A request makes about a hundred short-lived allocations on several threads; with the system's
/// allocator they are a fifth of its cost.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run(Cli::parse()).await
}
