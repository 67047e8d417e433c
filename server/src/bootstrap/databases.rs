//! The databases of the three modules, and their schema.

use super::demo;
use crate::{
    auth::Accounts,
    config::{DatabaseConfig, DatabasesConfig, Profile},
    db::{self, Db, DbError},
    tasks::Tasks,
};
use anyhow::Context;
use secrecy::ExposeSecret;
use std::time::Duration;

/// How often an absent database is asked again at start.
const RETRY: Duration = Duration::from_secs(1);

/// One pool per distinct URL.
#[derive(Clone)]
pub struct Databases {
    pub(super) auth: Db,
    pub(super) bill: Db,
    pub(super) product: Db,
    distinct: Vec<Db>,
}

impl Databases {
    /// Opens the pools; equal URLs share one.
    ///
    /// # Errors
    /// A URL that does not parse, or a SQLite file that cannot be opened.
    pub async fn connect(config: &DatabasesConfig) -> Result<Self, DbError> {
        let mut open: Vec<(&str, Db)> = Vec::new();
        let [auth, bill, product] = [
            pool(&mut open, &config.auth).await?,
            pool(&mut open, &config.bill).await?,
            pool(&mut open, &config.product).await?,
        ];
        let distinct = open.into_iter().map(|(_, db)| db).collect();
        Ok(Self {
            auth,
            bill,
            product,
            distinct,
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

    /// Brings every schema up to date.
    ///
    /// # Errors
    /// The migration that failed.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        for db in &self.distinct {
            db.migrate().await?;
        }
        Ok(())
    }

    /// Makes the databases fit to serve: SQLite at once; PostgreSQL as soon as it answers, so that
    /// a database that is away at start keeps nobody from starting. In production the schema is
    /// brought up by `phonebill migrate`, once, before the replicas start.
    pub(super) async fn prepare(
        &self,
        profile: Profile,
        accounts: Accounts,
        tasks: &Tasks,
    ) -> anyhow::Result<()> {
        let all_sqlite = self
            .distinct
            .iter()
            .all(|db| matches!(db, Db::Sqlite { .. }));
        if all_sqlite {
            self.migrate()
                .await
                .context("cannot bring the schema up to date")?;
            if profile == Profile::Demo {
                demo::seed(&accounts).await?;
            }
        } else if profile == Profile::Demo && self.seed_demo(&accounts).await.is_err() {
            let (databases, stopping) = (self.clone(), tasks.stopping().clone());
            tasks.start(async move {
                while let Err(error) = databases.seed_demo(&accounts).await {
                    tracing::warn!(cause = format!("{error:#}"), "waiting for the database");
                    tokio::select! {
                        () = stopping.cancelled() => return,
                        () = tokio::time::sleep(RETRY) => {}
                    }
                }
            });
        }
        Ok(())
    }

    async fn seed_demo(&self, accounts: &Accounts) -> anyhow::Result<()> {
        self.migrate().await?;
        demo::seed(accounts).await
    }

    pub(super) async fn close(&self) {
        for db in &self.distinct {
            db.close().await;
        }
    }
}

async fn pool<'a>(
    open: &mut Vec<(&'a str, Db)>,
    config: &'a DatabaseConfig,
) -> Result<Db, DbError> {
    let url = config.url.expose_secret();
    if let Some((_, db)) = open.iter().find(|(known, _)| *known == url) {
        return Ok(db.clone());
    }
    let db = db::connect(config).await?;
    open.push((url, db.clone()));
    Ok(db)
}
