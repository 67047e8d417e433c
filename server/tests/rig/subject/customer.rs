//! A customer who presses, looks, and records what was shown.

use crate::laws::ledgers::{Says, Shown, Told};
use anyhow::{Context, Result};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// The account that owns every line of the rig.
pub const USER: &str = "demo01";
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
const PASSWORD: &str = "Demo-pass-2026";

/// One intended change; its key stays however often it is pressed.
#[derive(Clone, Debug)]
pub struct Press {
    pub key: String,
    pub line_id: String,
    pub from: String,
    pub to: String,
    /// A third plan.
    pub third: String,
}

/// A signed-in customer. Clones share one list of observations.
#[derive(Clone)]
pub struct Customer {
    http: Client,
    token: String,
    noted: Arc<Mutex<Vec<Told>>>,
    moments: Arc<AtomicU64>,
}

/// The plans that a line can change to.
#[derive(Clone, Debug)]
pub struct Choice {
    pub current: String,
    pub targets: Vec<String>,
}

impl Customer {
    pub fn new(token: &str) -> Result<Self> {
        Ok(Self {
            http: client()?,
            token: token.to_owned(),
            noted: Arc::default(),
            moments: Arc::default(),
        })
    }

    /// The access token of the account.
    pub async fn login(origin: &str) -> Result<String> {
        let body = json!({"userId": USER, "password": PASSWORD, "autoLogin": true});
        let answer = client()?
            .post(format!("{origin}/api/v1/auth/login"))
            .json(&body)
            .send()
            .await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        Ok(text(&answer, "accessToken").context("no token")?.to_owned())
    }

    /// Everything that was shown so far.
    pub fn told(&self) -> Vec<Told> {
        self.lock().clone()
    }

    /// Presses; returns the HTTP status, or `None` without an answer.
    pub async fn press(&self, origin: &str, press: &Press) -> Option<u16> {
        let body = json!({
            "lineId": press.line_id,
            "currentProductCode": press.from,
            "targetProductCode": press.to,
        });
        let request = self
            .http
            .post(format!("{origin}/api/v1/product/request"))
            .header("Idempotency-Key", &press.key)
            .json(&body);
        let (asked, (status, body)) = self.ask(request).await?;
        let answer: Value = serde_json::from_str(&body).unwrap_or_default();
        let rejected = text(&answer, "code") == Some("CHANGE_REJECTED");
        let says = says(&answer).or(rejected.then_some(Says::Failed));
        let request_id = says.and_then(|_| text(&answer, "requestId").map(str::to_owned));
        self.note(
            asked,
            Shown::Answer {
                account: USER.into(),
                key: press.key.clone(),
                status,
                body,
                request_id,
                says,
            },
        );
        Some(status)
    }

    /// Presses until there is an answer or time is up, since the machine may be busy.
    pub async fn press_until(self, origin: String, press: Option<Press>, over: Arc<AtomicBool>) {
        let Some(press) = press else { return };
        while !over.load(Ordering::Relaxed) {
            if matches!(self.press(&origin, &press).await, Some(..500)) {
                return;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }

    /// Looks at a change; returns its state if there is an answer.
    pub async fn look(&self, origin: &str, request_id: &str) -> Option<Says> {
        let url = format!("{origin}/api/v1/product/request/{request_id}");
        let (asked, (_, body)) = self.ask(self.http.get(url)).await?;
        let answer: Value = serde_json::from_str(&body).ok()?;
        let says = says(&answer)?;
        let request_id = request_id.to_owned();
        self.note(asked, Shown::Status { request_id, says });
        Some(says)
    }

    /// Opens the page of changes; returns the line's plan and its alternatives.
    pub async fn choose(&self, origin: &str, line_id: &str, number: &str) -> Option<Choice> {
        let url = format!("{origin}/api/v1/product/change?lineId={line_id}");
        let (asked, (status, body)) = self.ask(self.http.get(url)).await?;
        let answer: Value = serde_json::from_str(&body).ok()?;
        if status != 200 {
            return None;
        }
        let current = text(answer.get("currentProduct")?, "code")?.to_owned();
        let targets = answer.get("products")?.as_array()?.iter();
        let targets = targets
            .filter_map(|plan| text(plan, "code").map(str::to_owned))
            .collect();
        self.note(
            asked,
            Shown::Page {
                line: number.to_owned(),
                plan: current.clone(),
            },
        );
        Some(Choice { current, targets })
    }

    /// Looks at the bill of a line.
    pub async fn look_at_bill(&self, origin: &str, line_id: &str) -> Option<()> {
        let url = format!("{origin}/api/v1/bill/inquiry");
        let request = self.http.post(url).json(&json!({"lineId": line_id}));
        let (asked, (status, body)) = self.ask(request).await?;
        let answer: Value = serde_json::from_str(&body).ok()?;
        if status == 200 {
            let request_id = text(&answer, "requestId")?.to_owned();
            self.note(asked, Shown::Bill { request_id });
        }
        Some(())
    }

    /// Sends a request and records when.
    async fn ask(&self, request: RequestBuilder) -> Option<(u64, (u16, String))> {
        let asked = self.moments.fetch_add(1, Ordering::SeqCst);
        let answer = request.bearer_auth(&self.token).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((asked, (status, answer.text().await.ok()?)))
    }

    fn note(&self, asked: u64, what: Shown) {
        let answered = self.moments.fetch_add(1, Ordering::SeqCst);
        self.lock().push(Told {
            asked,
            answered,
            what,
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Told>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn client() -> reqwest::Result<Client> {
    Client::builder()
        .timeout(Duration::from_secs(8))
        .no_proxy()
        .build()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// The status of a change, if the body is one.
fn says(answer: &Value) -> Option<Says> {
    match text(answer, "status")? {
        "PENDING" => Some(Says::Pending),
        "COMPLETED" => Some(Says::Completed),
        "FAILED" => Some(Says::Failed),
        _ => None,
    }
}
