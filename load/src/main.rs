//! The load half of `cargo xtask bench`: drives a running product over HTTP and prints what it
//! measured as JSON; serves the bare handlers and counts the raw hashes it is compared with.
//!
//! - `arguments`, `scenario`, `requests`, `customers`: what is asked, by whom
//! - `drive`, `connection`, `latency`: asking at a rate or without pause, and how long it took
//! - `process`: what it cost the server
//! - `bare`, `hashes`, `limits`: what it is compared with
//!
//! Arrivals at a rate follow a plan made beforehand, and a latency counts from the planned time:
//! an answer that is late makes those behind it late too, and all of it is seen (no coordinated
//! omission).

mod arguments;
mod asked;
mod bare;
mod connection;
mod customers;
mod drive;
mod flood;
mod hashes;
mod latency;
mod limits;
mod process;
mod requests;
mod scenario;

use arguments::{Arguments, Command};
use clap::Parser;

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        // As the product does: as many workers as there are cores for it.
        Command::Bare(arguments) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(bare::serve(arguments)),
        Command::Measure(arguments) => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(scenario::measure(arguments)),
        Command::Hashes { seconds } => hashes::count(seconds),
    }
}
