//! The real binary, killed by SIGKILL under load: every answered inquiry is in the history afterwards,
//! once, with its event.

use super::record::hold;
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    process::Process,
    wait::within,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use server::auth::DEMO_PASSWORD;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;

on_both_databases! {
    no_row_of_an_answered_inquiry_is_lost,
}

/// Processes to kill, one after the other.
const KILLS: usize = 3;
/// Customers who ask without pause, at the same time.
const CUSTOMERS: usize = 8;
/// Time limit of a step, for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Answers between two steps of a round.
const SOME: usize = 100;

const TABLES: [&str; 3] = [
    "SELECT request_id FROM bill_request",
    "SELECT request_id FROM bill_result",
    "SELECT event_id FROM outbox",
];

/// A process of the binary, and how to reach it.
struct Server {
    process: Process,
    http: reqwest::Client,
}

impl Server {
    /// Starts one that is ready.
    async fn start(database: &TestDatabase, data: &TempDir) -> Self {
        let settings = [
            ("DATABASE_URL", database.config.url.expose_secret()),
            ("PHONEBILL_PROFILE", "demo"),
            ("PHONEBILL_RATE_LIMITS", "off"),
            ("PHONEBILL__LOG__LEVEL", "error"),
        ];
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let process = Process::serve(data, &settings);
        let server = Self { process, http };
        within(PATIENCE, "the process is ready", || async {
            let url = server.url("/health/ready");
            let answer = server.http.get(url).send().await;
            answer.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        server
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.process.origin)
    }

    async fn login(&self) -> String {
        let url = self.url("/api/v1/auth/login");
        let body = json!({ "userId": "demo01", "password": DEMO_PASSWORD });
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["accessToken"].as_str().unwrap().to_owned()
    }

    /// Starts customers who ask until the process is gone, and record what was answered.
    fn besiege(&self, token: &str, answered: &Answered) -> Vec<tokio::task::JoinHandle<()>> {
        let url = self.url("/api/v1/bill/inquiry");
        let customer = |_| {
            let (http, url) = (self.http.clone(), url.clone());
            let (token, answered) = (token.to_owned(), answered.clone());
            tokio::spawn(async move {
                while let Some(id) = inquire(&http, &url, &token).await {
                    answered.0.lock().unwrap().insert(id);
                }
            })
        };
        (0..CUSTOMERS).map(customer).collect()
    }

    /// Kills it by SIGKILL and waits for its end.
    fn kill(self) {
        drop(self.process);
    }
}

/// The ids of the inquiries that customers have seen answered.
#[derive(Clone, Default)]
struct Answered(Arc<Mutex<BTreeSet<String>>>);

impl Answered {
    fn ids(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().clone()
    }

    async fn some_more(&self) {
        let before = self.ids().len();
        within(PATIENCE, "more answers", || async {
            self.ids().len() >= before + SOME
        })
        .await;
    }
}

/// `None` once the process is gone.
async fn inquire(http: &reqwest::Client, url: &str, token: &str) -> Option<String> {
    let request = http.post(url).bearer_auth(token).json(&json!({}));
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let bill: Value = answer.json().await.ok()?;
    assert!(status.is_success(), "{bill}");
    Some(bill["requestId"].as_str().unwrap().to_owned())
}

async fn missing(database: &TestDatabase, answered: &Answered, table: &'static str) -> usize {
    let rows = database.texts(table).await;
    let distinct: BTreeSet<_> = rows.iter().cloned().collect();
    assert_eq!(rows.len(), distinct.len(), "{table}: a row is there twice");
    answered.ids().difference(&distinct).count()
}

async fn no_row_of_an_answered_inquiry_is_lost(database: TestDatabase) {
    let data = tempfile::tempdir().unwrap();
    let answered = Answered::default();
    for _ in 0..KILLS {
        let server = Server::start(&database, &data).await;
        // A session of this round: an older one would be written as seen, which has to wait for the
        // database that is held below.
        let token = server.login().await;
        let customers = server.besiege(&token, &answered);
        answered.some_more().await;
        // From here on the database takes no write: what is answered is in the journal only.
        let mut holding = database.db.begin_write().await.unwrap();
        hold(&mut holding).await;
        answered.some_more().await;
        server.kill();
        for customer in customers {
            customer.await.unwrap();
        }
        assert!(
            missing(&database, &answered, TABLES[0]).await >= SOME,
            "the kill left nothing to be found"
        );
        drop(holding);
    }
    let last = Server::start(&database, &data).await;
    for table in TABLES {
        within(PATIENCE, "every answered inquiry is recorded", || async {
            missing(&database, &answered, table).await == 0
        })
        .await;
    }
    assert!(answered.ids().len() >= KILLS * 2 * SOME);
    last.kill();
}
