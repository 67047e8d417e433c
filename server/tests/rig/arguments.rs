//! What is asked for on the command line.

use clap::{Args, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "rig", about = "Tries to make five ledgers disagree")]
pub struct Cli {
    /// A database on a PostgreSQL server for the rig's own; without it SQLite alone is tried.
    #[arg(
        long,
        global = true,
        env = "PHONEBILL_TEST_POSTGRES_URL",
        hide_env_values = true
    )]
    pub postgres: Option<String>,
    /// A Redis for the rig's own; without it replicas do not stand still.
    #[arg(
        long,
        global = true,
        env = "PHONEBILL_TEST_REDIS_URL",
        hide_env_values = true
    )]
    pub redis: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Everything, one after the other.
    All(Amount),
    /// Faults planted on purpose: each must be found.
    Planted,
    /// Whether the ledger of the simulation is that of the SQL.
    Agreement {
        #[arg(long, default_value_t = 3_000)]
        steps: u64,
        #[arg(long, default_value_t = 1)]
        first: u64,
    },
    /// T1: the real machine under seeds, in simulated time.
    Simulate {
        #[arg(long, default_value_t = 20_000)]
        schedules: u64,
        #[arg(long, default_value_t = 1)]
        first: u64,
        /// This one alone; where it breaks a law, with its trace.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// T2: death at every place, under every behaviour of KOS.
    Matrix {
        /// About so many cells, evenly chosen.
        #[arg(long)]
        cells: Option<usize>,
        /// This one alone.
        #[arg(long)]
        cell: Option<usize>,
    },
    /// SIGKILL after any number of microseconds, again and again, under random faults.
    Kills {
        #[arg(long, default_value_t = 1_000)]
        kills: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Three replicas on PostgreSQL and Redis, killed and standing still.
    Standstill {
        #[arg(long, default_value_t = 200)]
        stops: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

/// How much of everything.
#[derive(Debug, Args)]
pub struct Amount {
    /// About a minute instead of a quarter of an hour.
    #[arg(long)]
    short: bool,
    /// Schedules of the simulation.
    #[arg(long)]
    schedules: Option<u64>,
    /// Random deaths, over all databases.
    #[arg(long)]
    kills: Option<u64>,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    pub first: u64,
}

impl Amount {
    pub fn schedules(&self) -> u64 {
        self.schedules
            .unwrap_or(if self.short { 2_000 } else { 20_000 })
    }

    pub fn kills(&self) -> u64 {
        self.kills.unwrap_or(if self.short { 40 } else { 1_200 })
    }

    /// Of the comparison of ledgers, on each database.
    pub fn steps(&self) -> u64 {
        if self.short { 200 } else { 3_000 }
    }

    pub fn stops(&self) -> u64 {
        if self.short { 4 } else { 200 }
    }

    /// Of the matrix, over all databases; `None`: all.
    pub fn cells(&self) -> Option<usize> {
        self.short.then_some(60)
    }
}
