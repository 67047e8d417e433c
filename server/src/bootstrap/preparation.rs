//! What the databases must be before anybody is served from them: of a schema that this program fits, and in
//! production without the demo's accounts.
//!
//! If PostgreSQL is away at the start, this is found out once it is back, and what would have ended the
//! start ends the process then. That includes a schema that is behind: a migration job may be about to
//! bring it up to date, but a start does not wait for one either, and whoever starts it again will.

use super::{Databases, databases::SchemaNotCurrent, demo};
use crate::{
    auth::{AccountError, Accounts},
    config::{ConfigFaults, Profile},
    error::Chain,
    tasks::Tasks,
};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// Between two tries of a database that is away.
const RETRY: Duration = Duration::from_secs(1);

/// The preparation of the databases, which may still go on.
pub(super) struct Preparation {
    databases: Databases,
    /// Told what it ended with, unless it went well.
    refused: oneshot::Receiver<anyhow::Error>,
}

impl Preparation {
    /// Ensures the schema, and seeds a demo or refuses its accounts. If PostgreSQL is away, that goes on in
    /// the background; until it is done the server is not ready, serves no customer and starts no worker.
    ///
    /// # Errors
    /// A schema that is not current, or cannot be made so. [`ConfigFaults`]: demo accounts in production.
    pub(super) async fn start(
        databases: &Databases,
        profile: Profile,
        accounts: Accounts,
        tasks: &Tasks,
    ) -> anyhow::Result<Self> {
        let (tell, refused) = oneshot::channel();
        if let Err(error) = attempt(databases, profile, &accounts).await {
            if databases.are_embedded() || is_final(&error) {
                return Err(error);
            }
            let (databases, stopping) = (databases.clone(), tasks.stopping().clone());
            tasks.start(async move {
                let trying = keep_trying(&databases, profile, &accounts, error, &stopping);
                if let Some(error) = trying.await {
                    // Nobody listens any more when the server stops.
                    let _ = tell.send(error);
                }
            });
        }
        Ok(Self {
            databases: databases.clone(),
            refused,
        })
    }

    /// Whether it is done.
    pub(super) fn is_done(&self) -> bool {
        self.databases.schema_is_current()
    }

    /// Waits until it is done; to be asked once.
    ///
    /// # Errors
    /// Those of [`Preparation::start`], found later.
    pub(super) async fn done(&mut self) -> anyhow::Result<()> {
        tokio::select! {
            biased;
            () = self.databases.schema_becomes_current() => Ok(()),
            Ok(error) = &mut self.refused => Err(error),
        }
    }
}

/// Tries until it goes well, which is `None`, until it ends with another error, or until the server stops.
async fn keep_trying(
    databases: &Databases,
    profile: Profile,
    accounts: &Accounts,
    mut error: anyhow::Error,
    stopping: &CancellationToken,
) -> Option<anyhow::Error> {
    loop {
        tracing::warn!(error = %Chain(error.as_ref()), "waiting for the database");
        tokio::select! {
            () = stopping.cancelled() => return None,
            () = tokio::time::sleep(RETRY) => {}
        }
        match attempt(databases, profile, accounts).await {
            Ok(()) => return None,
            Err(last) if is_final(&last) => return Some(last),
            Err(last) => error = last,
        }
    }
}

async fn attempt(
    databases: &Databases,
    profile: Profile,
    accounts: &Accounts,
) -> anyhow::Result<()> {
    databases.ensure_schema(profile).await?;
    match profile {
        Profile::Demo => demo::seed(accounts).await?,
        Profile::Production => demo::refuse(accounts).await?,
    }
    databases.are_prepared();
    Ok(())
}

/// Whether the database has answered, so that trying again finds the same.
fn is_final(error: &anyhow::Error) -> bool {
    let of_accounts = error.downcast_ref();
    error.is::<SchemaNotCurrent>()
        || error.is::<ConfigFaults>()
        || of_accounts.is_some_and(|error| !matches!(error, AccountError::Db(_)))
}
