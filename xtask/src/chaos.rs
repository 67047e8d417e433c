//! What customers notice while something is broken: `server/tests/chaos` over throw-away servers.

use crate::services::postgres::Postgres;
use crate::{shell, tools};
use anyhow::Result;
use clap::Args;

const DATABASE: &str = "chaos";

/// What is broken, and in which mode (`docs/CHAOS.md`).
#[derive(Args)]
pub struct Wanted {
    /// Only faults whose name has this in it; may be given more than once
    #[arg(long)]
    fault: Vec<String>,
    /// The embedded default instead of PostgreSQL and Redis; then only KOS and the AP break
    #[arg(long)]
    embedded: bool,
}

impl Wanted {
    /// The arguments of the program that does it.
    fn arguments(&self, postgres: Option<&str>) -> Vec<String> {
        let postgres = postgres.map(|url| format!("--postgres={url}"));
        let faults = self.fault.iter().map(|name| format!("--fault={name}"));
        postgres.into_iter().chain(faults).collect()
    }
}

/// Runs the faults, one after the other, and prints their matrix.
///
/// # Errors
/// When a cell is not as it is written down, or PostgreSQL does not start.
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

/// On a disk that can be filled, where the system lets us make one.
fn database() -> Result<Postgres> {
    if let Some(postgres) = Postgres::start_on_small_disk(DATABASE)? {
        return Ok(postgres);
    }
    println!("only root can make a small disk: a full one is not tried");
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
