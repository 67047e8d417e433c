//! The start, step by step.

use super::{
    Databases, Running, cache, data_folder, demo,
    features::{self, Shared},
    gateway::{self, Listeners},
    preparation::Preparation,
    running::Stopping,
    secrets, workers,
};
use crate::{clock::Clock, config::Config, ids::Ids, tasks::Tasks};

/// Starts everything; once this returns, the public address answers.
///
/// # Errors
/// A setting that cannot be used; an address that is taken; a data folder that cannot be used; a SQLite
/// file that cannot be opened or that another server uses; a schema that is not current, or cannot be made
/// so. An absent PostgreSQL, cache or KOS is no error: readiness reports it, and the product recovers by
/// itself; [`Running::serves`] tells what is wrong with a PostgreSQL that comes back.
pub async fn start(
    mut config: Config,
    faults: Vec<simulator::FaultRule>,
    clock: Clock,
    ids: Ids,
) -> anyhow::Result<Running> {
    data_folder::create(&config.data_dir)?;
    secrets::complete(&mut config, &ids)?;
    let simulator = demo::start_simulator(&mut config, faults).await?;

    let file_locks = Databases::lock_files(&config.databases)?;
    let shared = Shared {
        databases: Databases::connect(&config.databases).await?,
        cache: cache::open(&config, &clock, &ids)?,
        tasks: Tasks::default(),
        clock,
        ids,
    };
    let features = features::build(&config, &shared)?;
    let accounts = features::accounts(&config, &shared)?;
    let (databases, tasks) = (&shared.databases, &shared.tasks);
    let preparation = Preparation::start(databases, config.profile, accounts, tasks).await?;
    workers::start(&config, &shared, &features);

    let listeners = Listeners::bind(&config).await?;
    let (origin, admin_addr) = (listeners.origin(&config)?, listeners.admin_addr()?);
    let stopping = Stopping::default();
    let gateway = gateway::build(&config, &shared, features, origin.clone(), &stopping)?;
    let servers = listeners.serve(gateway, &config, &stopping);
    Ok(Running {
        origin,
        admin_addr,
        simulator,
        databases: shared.databases,
        preparation,
        _file_locks: file_locks,
        tasks: shared.tasks,
        stopping,
        finish: config.http.drain_timeout,
        servers,
    })
}
