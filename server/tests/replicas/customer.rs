//! A customer who uses the product all the time, and records what was shown.

use crate::{
    answers::{client, judge},
    told::Told,
};
use anyhow::{Context, Result, ensure};
use reqwest::{Client, header};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

const PASSWORD: &str = "Demo-pass-2026";
/// Pause of a customer between two requests.
const PAUSE: Duration = Duration::from_millis(15);
/// The page that shows a bill, which makes an inquiry.
const BILL_PAGE: &str = "/bill/result";

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

pub struct Customer {
    origin: String,
    pub customer_id: String,
    http: Client,
    kind: Kind,
    told: Told,
}

static KEYS: AtomicUsize = AtomicUsize::new(0);

impl Customer {
    pub async fn log_in(origin: &str, user_id: &str, line: usize) -> Result<Self> {
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
        let customer_id = answer["user"]["customerId"].as_str();
        let permissions = answer["user"]["permissions"].to_string();
        let kind = Kind::Program {
            token,
            line: answer["user"]["lines"][line]["lineId"].clone(),
            changes: permissions.contains("PRODUCT_CHANGE"),
            reads: permissions.contains("BILL_INQUIRY"),
        };
        Ok(Self {
            origin: origin.to_owned(),
            customer_id: customer_id.context("no customer id")?.to_owned(),
            http,
            kind,
            told: Told::default(),
        })
    }

    pub async fn sign_in(origin: &str, user_id: &str, customer_id: String) -> Result<Self> {
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
            "bill01" => &["/main", "/bill/menu", BILL_PAGE, "/bill/history"],
            _ => &[
                "/main",
                "/bill/menu",
                BILL_PAGE,
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
            customer_id,
            http,
            kind,
            told: Told::default(),
        })
    }

    pub async fn work(mut self, stop: CancellationToken) -> Told {
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
                let shown = self.ask("GET", page, None).await;
                if shown.is_some() && page == BILL_PAGE {
                    let pages = self.told.bill_pages.entry(self.customer_id.clone());
                    *pages.or_default() += 1;
                }
            }
            Kind::Program {
                reads: true, line, ..
            } if turn % 4 != 3 => match turn % 4 {
                0 => {
                    let line = line.clone();
                    self.inquire(&line).await;
                }
                1 => drop(self.ask("GET", "/api/v1/bill/history", None).await),
                _ => drop(self.ask("GET", "/api/v1/auth/user-info", None).await),
            },
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

    /// Asks for the bill of the line.
    async fn inquire(&mut self, line: &Value) {
        let path = "/api/v1/bill/inquiry";
        let body = json!({ "lineId": line });
        if let Some(bill) = self.ask("POST", path, Some((body, None))).await {
            let id = bill["requestId"].as_str().unwrap_or("an unnamed inquiry");
            self.told.bills.insert(id.to_owned());
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
