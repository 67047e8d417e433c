//! The load half of `cargo xtask bench`: drives a running product over HTTP and prints the
//! measurements as JSON; also the baselines, bare handlers and raw hashes.
//!
//! - `arguments`, `scenario`, `flood`, `requests`, `customers`: the measurements and their requests
//! - `drive`, `connection`, `latency`: sending at a rate or without pause, and the latencies
//! - `process`, `asked`: the cost to the server, and its calls to KOS
//! - `bare`, `hashes`, `limits`: the baselines
//!
//! Arrivals at a rate follow a plan made beforehand, and a latency counts from the planned time, so
//! a late answer also delays those queued behind it (no coordinated omission).

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
        // One worker per available core, like the product.
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
