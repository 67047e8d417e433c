//! What `cargo xtask bench` says.

use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};

#[derive(Parser)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// A handler that does nothing but answer.
    Bare(Bare),
    /// Drives the product and prints JSON.
    Measure(Measure),
    /// Raw argon2id of one thread.
    Hashes {
        #[arg(long)]
        seconds: f64,
    },
}

#[derive(Args)]
pub struct Bare {
    #[arg(long)]
    pub addr: SocketAddr,
    /// The bytes to answer.
    #[arg(long)]
    pub body: PathBuf,
    /// Fetch them from here, by one GET for each answer.
    #[arg(long)]
    pub redis: Option<String>,
}

#[derive(Args)]
pub struct Measure {
    /// Where the product answers.
    #[arg(long)]
    pub addr: SocketAddr,
    /// Where its metrics are.
    #[arg(long)]
    pub admin: SocketAddr,
    /// Its process.
    #[arg(long)]
    pub pid: u32,
    /// Where its cache is, when it has one outside.
    #[arg(long)]
    pub redis: Option<String>,
    /// The core of whatever is measured.
    #[arg(long)]
    pub server_cpu: Option<usize>,
    /// Accounts `load000`, `load001`, … with one password.
    #[arg(long)]
    pub customers: usize,
    #[arg(long)]
    pub password: String,
    /// A short run, for trying.
    #[arg(long)]
    pub quick: bool,
}
