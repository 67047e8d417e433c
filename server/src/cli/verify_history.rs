//! `phonebill verify-history`.

use super::exit::Failure;
use crate::{config::Layers, product::audit_history};

/// Recomputes the history of every line. An intact one is reported on standard output; the first broken row
/// is an error with an exit code of its own.
pub(super) async fn run(layers: Layers) -> anyhow::Result<()> {
    let databases = super::open::open(layers).await?;
    let audit = audit_history(databases.product()).await?;
    if let Some(fault) = audit.fault {
        return Err(Failure::Broken(fault.to_string()).into());
    }
    println!(
        "{} event(s) of {} line(s) are what was recorded",
        audit.events, audit.lines
    );
    if audit.unsealed > 0 {
        println!("{} of them older than the seals", audit.unsealed);
    }
    Ok(())
}
