//! The databases of the three modules, and their schema.

use crate::{
    auth,
    clock::Clock,
    config::{DatabaseConfig, DatabasesConfig, Profile},
    db::{self, Db, DbError, MigrationError, NotAlone, Retention, Schema, SoleProcess},
    outbox, product,
    tasks::Tasks,
};
use secrecy::ExposeSecret;
use std::{collections::BTreeSet, path::Path};
use tokio::sync::watch;

/// One pool per distinct URL.
#[derive(Clone)]
pub struct Databases {
    pub(super) auth: Db,
    pub(super) bill: Db,
    pub(super) product: Db,
    distinct: Vec<Db>,
    /// A connection of its own to each of them.
    probes: Vec<Db>,
    /// Whether the schema is known to be current.
    current: watch::Sender<bool>,
}

/// The schema is not what this program was built for, and production does not migrate by itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct SchemaNotCurrent(Schema);

impl Databases {
    /// Opens the pools; equal URLs share one.
    ///
    /// # Errors
    /// A URL that does not parse, or a SQLite file that cannot be opened.
    pub async fn connect(config: &DatabasesConfig) -> Result<Self, DbError> {
        let mut open: Vec<(&DatabaseConfig, Db)> = Vec::new();
        let [auth, bill, product] = [
            pool(&mut open, &config.auth).await?,
            pool(&mut open, &config.bill).await?,
            pool(&mut open, &config.product).await?,
        ];
        let probes = open.iter().map(|(config, _)| db::connect_probe(config));
        let probes = probes.collect::<Result<_, _>>()?;
        let distinct = open.into_iter().map(|(_, db)| db).collect();
        Ok(Self {
            auth,
            bill,
            product,
            distinct,
            probes,
            current: watch::Sender::new(false),
        })
    }

    pub(crate) fn auth(&self) -> &Db {
        &self.auth
    }

    pub(crate) fn product(&self) -> &Db {
        &self.product
    }

    pub(crate) fn distinct(&self) -> Vec<Db> {
        self.distinct.clone()
    }

    /// The retention of each database's rows.
    pub(super) fn retention(&self, clock: &Clock, tasks: &Tasks) -> Retention {
        let mut retention = Retention::new(clock.clone(), tasks.clone())
            .of(&self.auth, auth::RETAINED)
            .of(&self.product, product::RETAINED);
        for db in &self.distinct {
            retention = retention.of(db, outbox::RETAINED);
        }
        retention
    }

    /// Brings every schema up to date.
    ///
    /// # Errors
    /// The migration that failed.
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        for db in &self.distinct {
            db.migrate().await?;
        }
        Ok(())
    }

    /// Locks the SQLite files against other servers; released when the guards are dropped.
    pub(super) fn lock_files(config: &DatabasesConfig) -> Result<Vec<SoleProcess>, NotAlone> {
        let urls = [&config.auth, &config.bill, &config.product];
        let files = urls.map(|database| database.url.expose_secret().strip_prefix("sqlite:"));
        let files: BTreeSet<&str> = files.into_iter().flatten().collect();
        files
            .into_iter()
            .map(|file| SoleProcess::of(Path::new(file)))
            .collect()
    }

    /// Whether all of them answer, for readiness.
    pub(super) async fn answer(&self) -> bool {
        let mut all = true;
        for probe in &self.probes {
            all &= probe.answers().await;
        }
        all
    }

    /// Whether the schema is known to be current, for readiness.
    pub(super) fn schema_is_current(&self) -> bool {
        *self.current.borrow()
    }

    /// The same, to be asked for every request.
    pub(super) fn schema_fits(&self) -> watch::Receiver<bool> {
        self.current.subscribe()
    }

    /// Waits until the schema is known to be current.
    pub(super) async fn schema_becomes_current(&self) {
        // Cannot fail: `self` holds the sender.
        _ = self.current.subscribe().wait_for(|known| *known).await;
    }

    /// Whether all of them are files of this machine.
    pub(super) fn are_embedded(&self) -> bool {
        let mut all = self.distinct.iter();
        all.all(|db| matches!(db, Db::Sqlite { .. }))
    }

    /// Ensures a schema that this program can work with. SQLite, and every demo, is migrated here. In
    /// production `phonebill migrate` does that, once, before the replicas start; here the schema is
    /// only checked.
    ///
    /// # Errors
    /// A schema that is not current, or cannot be made so; a database that cannot be reached.
    pub(crate) async fn ensure_schema(&self, profile: Profile) -> anyhow::Result<()> {
        if self.are_embedded() || profile == Profile::Demo {
            self.migrate().await?;
        }
        for db in &self.distinct {
            match db.schema().await? {
                Schema::Current => {}
                schema => anyhow::bail!(SchemaNotCurrent(schema)),
            }
        }
        Ok(())
    }

    /// From now on the schema is known to be current.
    pub(super) fn are_prepared(&self) {
        self.current.send_replace(true);
    }

    pub(super) async fn close(&self) {
        for db in self.probes.iter().chain(&self.distinct) {
            db.close().await;
        }
    }
}

async fn pool<'a>(
    open: &mut Vec<(&'a DatabaseConfig, Db)>,
    config: &'a DatabaseConfig,
) -> Result<Db, DbError> {
    let url = config.url.expose_secret();
    let known = |open: &(&DatabaseConfig, Db)| open.0.url.expose_secret() == url;
    if let Some((_, db)) = open.iter().find(|open| known(open)) {
        return Ok(db.clone());
    }
    let db = db::connect(config).await?;
    open.push((config, db.clone()));
    Ok(db)
}
