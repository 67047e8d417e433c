//! The effect of broken systems on customers: `server/tests/chaos` over throw-away servers.

use crate::services::postgres::Postgres;
use crate::{shell, tools};
use anyhow::Result;
use clap::Args;

const DATABASE: &str = "chaos";

/// What to break, and in which mode (`docs/CHAOS.md`).
#[derive(Args)]
pub struct Wanted {
    /// Only faults whose name contains this; may be repeated
    #[arg(long)]
    fault: Vec<String>,
    /// Run the embedded default instead of PostgreSQL and Redis; then only KOS and the AP break
    #[arg(long)]
    embedded: bool,
}

impl Wanted {
    /// The arguments of the rig.
    fn arguments(&self, postgres: Option<&str>) -> Vec<String> {
        let postgres = postgres.map(|url| format!("--postgres={url}"));
        let faults = self.fault.iter().map(|name| format!("--fault={name}"));
        postgres.into_iter().chain(faults).collect()
    }
}

/// Runs the faults one after the other and prints their matrix.
///
/// # Errors
/// If a cell differs from its expectation, or PostgreSQL does not start.
pub fn chaos(wanted: &Wanted) -> Result<()> {
    tools::ensure(&tools::for_backends())?;
    let postgres = match wanted.embedded {
        true => None,
        false => Some(database()?),
    };
    let url = postgres.as_ref().map(|postgres| postgres.url(DATABASE));
    shell::step("every route under every fault", || {
        shell::run(
            shell::cargo()
                .args(["test", "--package", "server", "--test", "chaos", "--"])
                .args(wanted.arguments(url.as_deref())),
        )
    })
}

/// A PostgreSQL on a disk that can be filled, if the system allows making one.
fn database() -> Result<Postgres> {
    if let Some(postgres) = Postgres::start_on_small_disk(DATABASE)? {
        return Ok(postgres);
    }
    println!("only root can make a small disk: the row \"disk full\" is left out");
    let postgres = Postgres::start()?;
    postgres.create_database(DATABASE)?;
    Ok(postgres)
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn what_is_wanted_becomes_arguments_of_the_program() {
        let wanted = Wanted {
            fault: vec!["KOS hang".into()],
            embedded: false,
        };
        let arguments = wanted.arguments(Some("postgres://one"));
        assert_eq!(arguments, ["--postgres=postgres://one", "--fault=KOS hang"]);
    }
}
