//! Three replicas behind nginx, restarted under load.

use crate::services::{postgres::Postgres, redis::Redis};
use crate::{shell, tools};
use anyhow::Result;

/// Starts PostgreSQL and Redis for the rig and runs it with `arguments`.
pub fn replicas(arguments: &[String]) -> Result<()> {
    tools::ensure(&tools::for_replicas())?;
    let (postgres, redis) = (Postgres::start()?, Redis::start()?);
    postgres.create_database("replicas")?;
    shell::step("rolling restarts under load", || {
        shell::run(
            shell::cargo()
                .args(["test", "--package", "server", "--test", "replicas", "--"])
                .arg(format!("--postgres={}", postgres.url("replicas")))
                .arg(format!("--redis={}", redis.url()))
                .args(arguments),
        )
    })
}
