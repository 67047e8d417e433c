//! The command line.

use clap::{Args, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "rig", about = "Tries to make five ledgers disagree")]
pub struct Cli {
    /// Database on a PostgreSQL server, beside which the rig makes its own; without it, SQLite only
    #[arg(
        long,
        global = true,
        env = "PHONEBILL_TEST_POSTGRES_URL",
        hide_env_values = true
    )]
    pub postgres: Option<String>,
    /// Redis for the rig alone; without it, the standstill rig does not run
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
    /// Run everything, one after the other
    All(Amount),
    /// Plant faults on purpose: each must be found
    Planted,
    /// Compare the ledger of the simulation with the SQL
    Agreement {
        #[arg(long, default_value_t = 3_000)]
        steps: u64,
        #[arg(long, default_value_t = 1)]
        first: u64,
    },
    /// T1: run the real machine under seeds, in simulated time
    Simulate {
        #[arg(long, default_value_t = 20_000)]
        schedules: u64,
        #[arg(long, default_value_t = 1)]
        first: u64,
        /// Only this seed; with its trace if it breaks a law
        #[arg(long)]
        seed: Option<u64>,
    },
    /// T2: death at every place, under every behaviour of KOS
    Matrix {
        /// Run about this many cells, evenly chosen
        #[arg(long)]
        cells: Option<usize>,
        /// Only this cell
        #[arg(long)]
        cell: Option<usize>,
    },
    /// SIGKILL after random microseconds, again and again, under random faults
    Kills {
        #[arg(long, default_value_t = 1_000)]
        kills: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Three replicas on PostgreSQL and Redis, killed and stopped
    Standstill {
        #[arg(long, default_value_t = 200)]
        stops: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// T4: three replicas under load while everything breaks in turn
    Soak {
        #[arg(long, default_value_t = 60)]
        minutes: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

/// The extent of a whole run.
#[derive(Debug, Args)]
pub struct Amount {
    /// About four minutes instead of twenty
    #[arg(long)]
    short: bool,
    /// Schedules of the simulation
    #[arg(long)]
    schedules: Option<u64>,
    /// Random deaths, over all databases
    #[arg(long)]
    kills: Option<u64>,
    /// Kills and suspensions of replicas
    #[arg(long)]
    stops: Option<u64>,
    /// The first seed
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

    /// Steps of the comparison of ledgers, per database.
    pub fn steps(&self) -> u64 {
        if self.short { 200 } else { 3_000 }
    }

    pub fn stops(&self) -> u64 {
        self.stops.unwrap_or(if self.short { 4 } else { 200 })
    }

    /// Minutes of the soak.
    pub fn minutes(&self) -> u64 {
        2
    }

    /// Cells of the matrix, over all databases; `None`: all.
    pub fn cells(&self) -> Option<usize> {
        self.short.then_some(60)
    }
}
