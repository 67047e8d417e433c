//! Login, the lock, tokens, sessions and accounts, over both databases.

mod account_lines;
mod accounts;
mod bad_tokens;
mod device_cookie;
mod key_rotation;
mod lock;
mod login;
mod outage;
mod overlaps;
mod refresh;
mod replicas;
mod retention;
mod sessions;
mod shared_cache;

use crate::support::backends::TestDatabase;
use app::{
    model::{LoginId, Permission},
    problem::{Problem, ProblemCode},
    ssr::{AuthPort, LoginCommand, LoginOutcome},
};
use server::{
    auth::{Accounts, Auth, NewAccount},
    cache::Cache,
    clock::Clock,
    config::AuthConfig,
    db::Db,
    ids::Ids,
    tasks::Tasks,
};
use std::{sync::Arc, time::Duration};

pub const SECRET: &str = "a secret of the tests, 32 bytes or more";
pub const PASSWORD: &str = "correct horse 7";
pub const WRONG: &str = "wrong battery 7";

/// Saturday, 21 November 2026 in Seoul.
const START_MS: i64 = 1_795_230_000_000;

/// Authentication on a database, with the cheapest argon2id and a manual clock.
pub struct Rig {
    pub database: TestDatabase,
    pub config: AuthConfig,
    pub clock: Clock,
    pub ids: Ids,
    pub auth: Auth,
    pub accounts: Accounts,
}

impl Rig {
    pub async fn new(database: TestDatabase) -> Self {
        Self::with(database, |_| {}).await
    }

    pub async fn with(database: TestDatabase, change: fn(&mut AuthConfig)) -> Self {
        let database = database.migrated().await;
        let mut config = AuthConfig {
            token_secret: SECRET.into(),
            token_kid: "1".to_owned(),
            verify_keys: Vec::new(),
            id_secret: None,
            max_sessions: None,
            access_ttl: Duration::from_secs(1_800),
            refresh_ttl: Duration::from_secs(86_400),
            idle_ttl: Duration::from_secs(1_800),
            lock_after: 5,
            lock_for: Duration::from_secs(1_800),
            argon2_memory_kib: 64,
            argon2_passes: 1,
            argon2_lanes: 1,
            hash_queue: 1_000,
        };
        change(&mut config);
        let clock = Clock::manual(START_MS);
        let ids = Ids::random(clock.clone());
        let cache = database.cache(&clock).await;
        let auth = auth(&database.db, cache, &config, &clock, &ids);
        let accounts =
            Accounts::new(database.db.clone(), &config, clock.clone(), ids.clone()).unwrap();
        Self {
            database,
            config,
            clock,
            ids,
            auth,
            accounts,
        }
    }

    /// Another replica: its own cache, and on PostgreSQL its own connections.
    pub async fn replica(&self) -> Auth {
        self.replica_by(&self.clock).await
    }

    /// Another replica whose clock is this one.
    pub async fn replica_by(&self, clock: &Clock) -> Auth {
        let db = match &self.database.db {
            Db::Sqlite { .. } => self.database.db.clone(),
            Db::Postgres(_, _) => self.database.replica().await,
        };
        let cache = self.database.cache(clock).await;
        auth(&db, cache, &self.config, clock, &self.ids)
    }

    /// An account with one line and both permissions.
    pub async fn account(&self, user_id: &str, line: &str) {
        self.accounts
            .create(NewAccount {
                user_id: user_id.parse().unwrap(),
                user_name: "김민수".into(),
                customer_id: "C0000001".into(),
                password: PASSWORD.into(),
                lines: vec![line.parse().unwrap()],
                permissions: Permission::ALL.to_vec(),
            })
            .await
            .unwrap();
    }

    pub async fn log_in(&self, user_id: &str, password: &str) -> Result<LoginOutcome, Problem> {
        self.auth.login(command(user_id, password)).await
    }
}

fn auth(db: &Db, cache: Arc<dyn Cache>, config: &AuthConfig, clock: &Clock, ids: &Ids) -> Auth {
    let (clock, ids) = (clock.clone(), ids.clone());
    Auth::new(
        db.clone(),
        cache,
        Duration::from_secs(1_800),
        config,
        clock,
        ids,
        Tasks::default(),
    )
    .unwrap()
}

pub fn command(user_id: &str, password: &str) -> LoginCommand {
    LoginCommand {
        user_id: user_id.parse().unwrap(),
        password: password.parse().unwrap(),
        auto_login: false,
        device: "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36".into(),
        device_cookie: None,
    }
}

pub fn id(user_id: &str) -> LoginId {
    user_id.parse().unwrap()
}

/// The code of the problem, or `None` for a success.
pub fn code<T>(outcome: &Result<T, Problem>) -> Option<ProblemCode> {
    outcome.as_ref().err().map(Problem::code)
}
