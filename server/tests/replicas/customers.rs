//! Customers who use the product all the time, and record what they were shown.

use crate::answers::{client, judge};
use anyhow::{Context, Result, ensure};
use reqwest::{Client, header};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const PASSWORD: &str = "Demo-pass-2026";
/// Pause of a customer between two requests.
const PAUSE: Duration = Duration::from_millis(15);

/// What customers were shown.
#[derive(Default)]
pub struct Told {
    pub requests: u64,
    /// Descriptions of failed requests.
    pub failures: Vec<String>,
    pub sessions_lost: u64,
    pub latencies: Vec<Duration>,
    /// Request ids of changes, with the last status shown.
    pub changes: BTreeMap<String, String>,
}

pub struct Customers {
    stop: CancellationToken,
    working: Vec<JoinHandle<Told>>,
}

impl Customers {
    /// Logs the customers in and starts them.
    pub async fn begin(origin: &str) -> Result<Self> {
        let stop = CancellationToken::new();
        let mut working = Vec::new();
        for (user_id, number) in [("demo01", 0), ("demo01", 1), ("prod01", 0), ("bill01", 0)] {
            let customer = Customer::log_in(origin, user_id, number).await?;
            working.push(tokio::spawn(customer.work(stop.clone())));
        }
        for user_id in ["demo01", "bill01"] {
            let reader = Customer::sign_in(origin, user_id).await?;
            working.push(tokio::spawn(reader.work(stop.clone())));
        }
        Ok(Self { stop, working })
    }

    /// Stops; each customer asks once more, with the session from the start and for its changes.
    pub async fn finish(self) -> Result<Told> {
        self.stop.cancel();
        let mut all = Told::default();
        for working in self.working {
            let told = working.await?;
            all.requests += told.requests;
            all.failures.extend(told.failures);
            all.sessions_lost += told.sessions_lost;
            all.latencies.extend(told.latencies);
            all.changes.extend(told.changes);
        }
        Ok(all)
    }
}

enum Kind {
    /// API clients with a token; some also change the plan of a line.
    Program {
        token: String,
        line: Value,
        changes: bool,
        reads: bool,
    },
    /// A browser without JavaScript.
    Reader {
        cookies: String,
        pages: &'static [&'static str],
    },
}

struct Customer {
    origin: String,
    http: Client,
    kind: Kind,
    told: Told,
}

static KEYS: AtomicUsize = AtomicUsize::new(0);

impl Customer {
    async fn log_in(origin: &str, user_id: &str, line: usize) -> Result<Self> {
        let http = client()?;
        let body = json!({ "userId": user_id, "password": PASSWORD });
        let answer = http
            .post(format!("{origin}/api/v1/auth/login"))
            .json(&body)
            .send()
            .await?;
        ensure!(answer.status() == 200, "{user_id}: {}", answer.status());
        let answer: Value = answer.json().await?;
        let token = answer["accessToken"]
            .as_str()
            .context("no token")?
            .to_owned();
        let permissions = answer["user"]["permissions"].to_string();
        let kind = Kind::Program {
            token,
            line: answer["user"]["lines"][line]["lineId"].clone(),
            changes: permissions.contains("PRODUCT_CHANGE"),
            reads: permissions.contains("BILL_INQUIRY"),
        };
        Ok(Self {
            origin: origin.to_owned(),
            http,
            kind,
            told: Told::default(),
        })
    }

    async fn sign_in(origin: &str, user_id: &str) -> Result<Self> {
        let http = client()?;
        let form = [("userId", user_id), ("password", PASSWORD)];
        let login = http
            .post(format!("{origin}/login"))
            .header("origin", origin)
            .form(&form);
        let answer = login.send().await?;
        ensure!(answer.status() == 303, "{user_id}: {}", answer.status());
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
        let cookies: Vec<_> = cookies
            .filter_map(|c| c.to_str().ok()?.split(';').next())
            .collect();
        let pages: &[&str] = match user_id {
            "bill01" => &["/main", "/bill/menu", "/bill/result", "/bill/history"],
            _ => &[
                "/main",
                "/bill/menu",
                "/bill/result",
                "/product/menu",
                "/product/history",
            ],
        };
        let kind = Kind::Reader {
            cookies: cookies.join("; "),
            pages,
        };
        Ok(Self {
            origin: origin.to_owned(),
            http,
            kind,
            told: Told::default(),
        })
    }

    async fn work(mut self, stop: CancellationToken) -> Told {
        let mut turn = 0;
        while !stop.is_cancelled() {
            self.turn(turn).await;
            turn += 1;
            tokio::time::sleep(PAUSE).await;
        }
        for id in self.told.changes.keys().cloned().collect::<Vec<_>>() {
            let path = format!("/api/v1/product/request/{id}");
            if let Some(change) = self.ask("GET", &path, None).await {
                let status = change["status"].as_str().unwrap_or_default();
                self.told.changes.insert(id, status.to_owned());
            }
        }
        self.turn(0).await;
        self.told
    }

    async fn turn(&mut self, turn: usize) {
        match &self.kind {
            Kind::Reader { pages, .. } => {
                let page = pages[turn % pages.len()];
                self.ask("GET", page, None).await;
            }
            Kind::Program {
                reads: true, line, ..
            } if turn % 4 != 3 => {
                let body = json!({ "lineId": line });
                match turn % 4 {
                    0 => {
                        self.ask("POST", "/api/v1/bill/inquiry", Some((body, None)))
                            .await
                    }
                    1 => self.ask("GET", "/api/v1/bill/history", None).await,
                    _ => self.ask("GET", "/api/v1/auth/user-info", None).await,
                };
            }
            Kind::Program {
                changes: true,
                line,
                ..
            } => {
                let line = line.clone();
                self.change(&line).await;
            }
            Kind::Program { .. } => {
                self.ask("GET", "/api/v1/auth/sessions", None).await;
            }
        }
    }

    /// Changes the line to any other plan.
    async fn change(&mut self, line: &Value) {
        let path = format!(
            "/api/v1/product/change?lineId={}",
            line.as_str().unwrap_or_default()
        );
        let Some(offer) = self.ask("GET", &path, None).await else {
            return;
        };
        let products = offer["products"].as_array().cloned().unwrap_or_default();
        let key = KEYS.fetch_add(1, Ordering::Relaxed);
        let Some(target) = products.get(key % products.len().max(1)) else {
            return;
        };
        let body = json!({
            "lineId": line,
            "currentProductCode": offer["currentProduct"]["code"],
            "targetProductCode": target["code"],
        });
        let key = format!("rig-change-{key:08}");
        let change = self
            .ask("POST", "/api/v1/product/request", Some((body, Some(key))))
            .await;
        if let Some(change) = change
            && let (Some(id), Some(status)) =
                (change["requestId"].as_str(), change["status"].as_str())
        {
            self.told.changes.insert(id.to_owned(), status.to_owned());
        }
    }

    /// Sends a request; `None` if it failed, which is recorded.
    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: Option<(Value, Option<String>)>,
    ) -> Option<Value> {
        let url = format!("{}{path}", self.origin);
        let mut request = if method == "POST" {
            self.http.post(url)
        } else {
            self.http.get(url)
        };
        request = match &self.kind {
            Kind::Program { token, .. } => request.bearer_auth(token),
            Kind::Reader { cookies, .. } => request
                .header(header::COOKIE, cookies)
                .header(header::ACCEPT, "text/html"),
        };
        if let Some((body, key)) = body {
            request = request.json(&body);
            if let Some(key) = key {
                request = request.header("idempotency-key", key);
            }
        }
        let began = Instant::now();
        let answer = request.send().await;
        self.told.requests += 1;
        self.told.latencies.push(began.elapsed());
        match judge(answer).await {
            Ok(value) => Some(value),
            Err(why) => {
                // A lost session shows as 401, or for a browser as a redirect to the login.
                if why.starts_with("401") || why.starts_with("303") {
                    self.told.sessions_lost += 1;
                }
                self.told.failures.push(format!("{method} {path}: {why}"));
                None
            }
        }
    }
}
