//! Verification of the promise about plan changes: `server/tests/rig` over throw-away databases,
//! and `server/tests/independent`, which shares nothing with it.

use crate::services::{postgres::Postgres, redis::Redis};
use crate::test::Tally;
use crate::{shell, tools, workspace};
use anyhow::Result;
use clap::Args;

/// What to run, and how often (`docs/VERIFY.md`).
#[derive(Args, Default)]
pub struct Wanted {
    /// About four minutes instead of twenty
    #[arg(long)]
    short: bool,
    /// Replay one schedule of the simulation, with its trace
    #[arg(long, conflicts_with_all = ["short", "cell", "kills", "schedules", "stops", "first"])]
    seed: Option<u64>,
    /// Replay one cell of the crash matrix
    #[arg(long, conflicts_with_all = ["short", "kills", "schedules", "stops", "first"])]
    cell: Option<u64>,
    /// Instead of everything else: random kills under a separately written judge, in Python, with
    /// its own KOS
    #[arg(long, conflicts_with_all = ["short", "seed", "cell", "schedules", "stops"])]
    independent: bool,
    /// Instead of everything else: three replicas for so many minutes, while everything breaks in turn
    #[arg(long, value_name = "MINUTES", conflicts_with_all = ["short", "seed", "cell", "independent", "kills", "schedules", "stops"])]
    soak: Option<u64>,
    /// Random kills, over both databases
    #[arg(long)]
    kills: Option<u64>,
    /// Kills and suspensions of replicas
    #[arg(long)]
    stops: Option<u64>,
    /// Schedules of the simulation
    #[arg(long)]
    schedules: Option<u64>,
    /// The first seed of every part that has one
    #[arg(long)]
    first: Option<u64>,
}

impl Wanted {
    /// The short form that runs with all tests.
    pub fn short() -> Self {
        Self {
            short: true,
            ..Self::default()
        }
    }

    /// The arguments of the rig.
    fn arguments(&self) -> Vec<String> {
        let number = |name: &str, value: Option<u64>| {
            value.map_or(vec![], |value| vec![format!("--{name}"), value.to_string()])
        };
        let (rig, more) = match (self.seed, self.cell, self.soak) {
            (Some(_), ..) => ("simulate", number("seed", self.seed)),
            (_, Some(_), _) => ("matrix", number("cell", self.cell)),
            (.., Some(_)) => {
                let mut more = number("minutes", self.soak);
                more.extend(number("seed", self.first));
                ("soak", more)
            }
            _ => {
                let mut more = number("kills", self.kills);
                more.extend(number("stops", self.stops));
                more.extend(number("schedules", self.schedules));
                more.extend(number("first", self.first));
                more.extend(self.short.then(|| "--short".to_owned()));
                ("all", more)
            }
        };
        std::iter::once(rig.to_owned()).chain(more).collect()
    }
}

/// Default number of random kills under the independent judge, over both databases.
const INDEPENDENT_KILLS: u64 = 300;

/// Runs the rigs, which print their tables.
///
/// # Errors
/// If PostgreSQL or Redis does not start.
pub fn verify(wanted: &Wanted) -> Result<Tally> {
    if wanted.independent {
        return independent(wanted);
    }
    tools::ensure(&tools::for_replicas())?;
    let (postgres, redis) = (Postgres::start()?, Redis::start()?);
    eprintln!("\n==> five ledgers");
    let mut tally = Tally::default();
    let mut cargo = shell::cargo();
    cargo
        .args(["test", "--package", "server", "--test", "rig", "--"])
        .args(wanted.arguments())
        .env("PHONEBILL_TEST_POSTGRES_URL", postgres.url("tests"))
        .env("PHONEBILL_TEST_REDIS_URL", redis.url());
    let status = shell::tee(&mut cargo, |line| tally.read_rig(line))?;
    tally.close("verify", status.success());
    Ok(tally)
}

/// Lets the independent program kill the binary and judge the result.
fn independent(wanted: &Wanted) -> Result<Tally> {
    let mut needed = tools::for_backends();
    needed.push(Box::new(tools::system::python()));
    tools::ensure(&needed)?;
    shell::step("build phonebill", || {
        shell::run(shell::cargo().args(["build", "--package", "server", "--bin", "phonebill"]))
    })?;
    let postgres = Postgres::start()?;
    postgres.create_database("independent")?;
    let kills = wanted.kills.unwrap_or(INDEPENDENT_KILLS).div_ceil(2);
    let mut tally = Tally::default();
    for url in [None, Some(postgres.url("independent"))] {
        eprintln!("\n==> an independent judge");
        let mut python = shell::command("python3");
        python.env("PYTHONDONTWRITEBYTECODE", "1");
        python
            .arg(workspace::root().join("server/tests/independent/kill_loop.py"))
            .arg(workspace::target().join("debug/phonebill"))
            .args(["--kills", &kills.to_string()])
            .args(["--seed", &wanted.first.unwrap_or(1).to_string()])
            .args(url.map(|url| format!("--database-url={url}")));
        let status = shell::tee(&mut python, |line| tally.read_rig(line))?;
        tally.close("verify --independent", status.success());
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn what_is_wanted_becomes_arguments_of_the_rig() {
        let short = Wanted {
            kills: Some(7),
            ..Wanted::short()
        };
        assert_eq!(short.arguments(), ["all", "--kills", "7", "--short"]);
        let replay = Wanted {
            seed: Some(86),
            ..Wanted::default()
        };
        assert_eq!(replay.arguments(), ["simulate", "--seed", "86"]);
        let soak = Wanted {
            soak: Some(60),
            first: Some(4),
            ..Wanted::default()
        };
        let arguments = ["soak", "--minutes", "60", "--seed", "4"];
        assert_eq!(soak.arguments(), arguments);
    }
}
