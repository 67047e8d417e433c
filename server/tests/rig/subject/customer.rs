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
/// Longer than a change may take.
const PATIENCE: Duration = Duration::from_secs(15);
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

/// An answer that arrived whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    pub body: String,
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

    /// Presses; `None` without an answer.
    pub async fn press(&self, origin: &str, press: &Press) -> Option<Answer> {
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
        let (asked, answered) = self.ask(request).await?;
        let answer: Value = serde_json::from_str(&answered.body).unwrap_or_default();
        let rejected = text(&answer, "code") == Some("CHANGE_REJECTED");
        let says = says(&answer).or(rejected.then_some(Says::Failed));
        let request_id = says.and_then(|_| text(&answer, "requestId").map(str::to_owned));
        self.note(
            asked,
            Shown::Answer {
                account: USER.into(),
                key: press.key.clone(),
                status: answered.status,
                body: answered.body.clone(),
                request_id,
                says,
            },
        );
        Some(answered)
    }

    /// Presses until there is an answer or time is up, since the machine may be busy.
    pub async fn press_until(self, origin: String, press: Option<Press>, over: Arc<AtomicBool>) {
        let Some(press) = press else { return };
        while !over.load(Ordering::Relaxed) {
            let answer = self.press(&origin, &press).await;
            if answer.is_some_and(|answer| answer.is_final()) {
                return;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }

    /// Looks at a change; returns its state if there is an answer.
    pub async fn look(&self, origin: &str, request_id: &str) -> Option<Says> {
        let url = format!("{origin}/api/v1/product/request/{request_id}");
        let (asked, answer) = self.ask(self.http.get(url)).await?;
        let answer: Value = serde_json::from_str(&answer.body).ok()?;
        let says = says(&answer)?;
        let request_id = request_id.to_owned();
        self.note(asked, Shown::Status { request_id, says });
        Some(says)
    }

    /// Opens the page of changes; returns the line's plan and its alternatives.
    pub async fn choose(&self, origin: &str, line_id: &str, number: &str) -> Option<Choice> {
        self.open(origin, line_id, number).await?.choice()
    }

    /// Opens the page of changes.
    pub async fn open(&self, origin: &str, line_id: &str, number: &str) -> Option<Answer> {
        let url = format!("{origin}/api/v1/product/change?lineId={line_id}");
        let (asked, answer) = self.ask(self.http.get(url)).await?;
        if let Some(choice) = answer.choice() {
            let (line, plan) = (number.to_owned(), choice.current);
            self.note(asked, Shown::Page { line, plan });
        }
        Some(answer)
    }

    /// Looks at the bill of a line, of the current month by default.
    pub async fn look_at_bill(
        &self,
        origin: &str,
        line_id: &str,
        month: Option<&str>,
    ) -> Option<Answer> {
        let url = format!("{origin}/api/v1/bill/inquiry");
        let inquiry = json!({"lineId": line_id, "month": month});
        let (asked, answer) = self.ask(self.http.post(url).json(&inquiry)).await?;
        if answer.status == 200 {
            let bill: Value = serde_json::from_str(&answer.body).ok()?;
            let request_id = text(&bill, "requestId")?.to_owned();
            self.note(asked, Shown::Bill { request_id });
        }
        Some(answer)
    }

    /// Opens a page, or asks the API for what no law is about.
    pub async fn get(&self, origin: &str, path: &str) -> Option<Answer> {
        let request = self.http.get(format!("{origin}{path}"));
        let request = request.header("accept", "text/html");
        Some(self.ask(request).await?.1)
    }

    /// Sends a request and records when.
    async fn ask(&self, request: RequestBuilder) -> Option<(u64, Answer)> {
        let asked = self.moments.fetch_add(1, Ordering::SeqCst);
        let answer = request.bearer_auth(&self.token).send().await.ok()?;
        let status = answer.status().as_u16();
        let body = answer.text().await.ok()?;
        Some((asked, Answer { status, body }))
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

impl Answer {
    /// Whether the request need not be sent again.
    pub fn is_final(&self) -> bool {
        self.status < 500
    }

    /// The plans on the page of changes.
    pub fn choice(&self) -> Option<Choice> {
        if self.status != 200 {
            return None;
        }
        let page: Value = serde_json::from_str(&self.body).ok()?;
        let current = text(page.get("currentProduct")?, "code")?.to_owned();
        let targets = page.get("products")?.as_array()?.iter();
        let targets = targets.filter_map(|plan| text(plan, "code").map(str::to_owned));
        let targets = targets.collect();
        Some(Choice { current, targets })
    }
}

fn client() -> reqwest::Result<Client> {
    Client::builder().timeout(PATIENCE).no_proxy().build()
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
