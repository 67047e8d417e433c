//! The whole product on a real port: every service, the stand-ins for KOS and the AP, the demo accounts.
//! On SQLite it is the embedded mode; on PostgreSQL the full one, with Redis.

use super::{backends::TestDatabase, client::Client, environment};
use secrecy::ExposeSecret;
use serde_json::json;
use server::{
    auth::DEMO_PASSWORD,
    bootstrap::{self, Running},
    clock::Clock,
    config::Layers,
    db::Db,
    ids::Ids,
};
use simulator::{FaultRule, Simulator};
use std::collections::BTreeMap;
use tempfile::TempDir;

const SECRET: &str = "one secret for every replica of a test";

/// A running product. [`TestApp::stop`] shuts it down.
pub struct TestApp {
    running: Running,
    /// Keeps the ledgers and the generated secret for as long as the product runs.
    _data: TempDir,
}

impl TestApp {
    /// Starts the demo on free ports, without rate limits.
    pub async fn start(database: &TestDatabase) -> Self {
        Self::start_with(database, &[]).await
    }

    /// The same with further settings. Two on one database are replicas of each other.
    pub async fn start_with(database: &TestDatabase, others: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().display().to_string();
        let url = database.config.url.expose_secret();
        let mut settings = BTreeMap::from([
            ("DATABASE_URL", url),
            ("PHONEBILL_DATA_DIR", &folder),
            ("PHONEBILL_PROFILE", "demo"),
            ("PHONEBILL_HTTP_ADDR", "127.0.0.1:0"),
            ("PHONEBILL_ADMIN_ADDR", "127.0.0.1:0"),
            ("PHONEBILL_RATE_LIMITS", "off"),
            ("PHONEBILL__AUTH__TOKEN_SECRET", SECRET),
        ]);
        let namespace = database.name();
        let redis = match &database.db {
            Db::Postgres(..) => environment::backend(environment::REDIS_URL),
            Db::Sqlite { .. } => None,
        };
        if let Some(redis) = &redis {
            settings.insert("REDIS_URL", redis);
            settings.insert("PHONEBILL__CACHE__NAMESPACE", &namespace);
        }
        settings.extend(others.iter().copied());
        let settings = settings
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Layers::default()
            .environment(&settings.collect())
            .finish()
            .unwrap();
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let running = bootstrap::start(config, Vec::new(), clock, ids)
            .await
            .unwrap();
        Self {
            running,
            _data: data,
        }
    }

    pub fn origin(&self) -> &str {
        self.running.origin()
    }

    /// A client of the admin listener.
    pub fn operator(&self) -> Client {
        let addr = self.running.admin_addr().unwrap();
        Client::new(&format!("http://{addr}"))
    }

    /// The stand-ins: fault rules, journal, ledger.
    pub fn simulator(&self) -> &Simulator {
        self.running.simulator().unwrap()
    }

    /// Replaces the fault rules.
    pub fn faults(&self, rules: &[&str]) {
        let rules = rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap());
        self.simulator().faults().set(rules);
    }

    /// An API client without credentials.
    pub fn anonymous(&self) -> Client {
        Client::new(self.origin())
    }

    /// An API client with a demo customer's token.
    pub async fn login(&self, user_id: &str) -> Client {
        let body = json!({ "userId": user_id, "password": DEMO_PASSWORD });
        let answer = self.anonymous().post_json("/api/v1/auth/login", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        self.anonymous()
            .bearer(answer.json()["accessToken"].as_str().unwrap())
    }

    /// A browser without JavaScript in which a demo customer is signed in.
    pub async fn browser(&self, user_id: &str) -> Client {
        let browser = Client::browser(self.origin());
        let form = [("userId", user_id), ("password", DEMO_PASSWORD)];
        let answer = browser.post_form("/login", &form).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/main"),
            "{answer:?}"
        );
        browser
    }

    /// Changes a demo customer's plan to the first on offer; returns the address of the result.
    pub async fn change(&self, browser: &Client, user_id: &str) -> String {
        let options = self.login(user_id).await;
        let options = options.get("/api/v1/product/change").await.json();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let form = [
            ("lineId", text(&options["line"]["lineId"])),
            (
                "currentProductCode",
                text(&options["currentProduct"]["code"]),
            ),
            ("targetProductCode", text(&options["products"][0]["code"])),
            ("idempotencyKey", format!("change-of-{user_id}")),
        ];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        let changed = browser.post_form("/product/request", &form).await;
        changed.header("location").to_owned()
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }
}
