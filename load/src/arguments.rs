//! The command line that `cargo xtask bench` uses.

use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};

#[derive(Parser)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve a handler that does nothing but answer
    Bare(Bare),
    /// Drive the product and print JSON
    Measure(Measure),
    /// Count argon2id hashes of one thread
    Hashes {
        #[arg(long)]
        seconds: f64,
    },
}

#[derive(Args)]
pub struct Bare {
    #[arg(long)]
    pub addr: SocketAddr,
    /// File with the bytes to answer
    #[arg(long)]
    pub body: PathBuf,
    /// Fetch them from this Redis, by one GET per answer
    #[arg(long)]
    pub redis: Option<String>,
}

#[derive(Args)]
pub struct Measure {
    /// The product's HTTP address
    #[arg(long)]
    pub addr: SocketAddr,
    /// The product's admin address, for its metrics
    #[arg(long)]
    pub admin: SocketAddr,
    /// The product's process id
    #[arg(long)]
    pub pid: u32,
    /// The product's Redis, if it has one
    #[arg(long)]
    pub redis: Option<String>,
    /// Pin the baselines to this core, the product's own
    #[arg(long)]
    pub server_cpu: Option<usize>,
    /// Number of accounts `load000`, `load001`, … with one password
    #[arg(long)]
    pub customers: usize,
    #[arg(long)]
    pub password: String,
    /// Factor on every duration
    #[arg(long, default_value_t = 1.0)]
    pub scale: f64,
}
