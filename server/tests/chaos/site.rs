//! The product as its customers reach it: requests and answers.

use anyhow::{Context, Result, ensure};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError, atomic::AtomicUsize};

const PASSWORD: &str = "Demo-pass-2026";
/// The class of a problem inside a page.
const PROBLEM_IN_PAGE: &str = "class=\"problem-";
/// Stands for a page that is 200 but lacks a part.
pub const A_PART_IS_MISSING: &str = "a part is missing";

/// What all customers share.
pub struct Site {
    pub origin: String,
    pub http: Client,
    /// Token of a customer who looks at pages, with the line, its plan and another one.
    pub reader: String,
    pub line: String,
    pub current: String,
    pub target: String,
    /// Token of a customer who asks for bills.
    pub bills: String,
    pub months: Vec<String>,
    pub next_bill: AtomicUsize,
    /// Token of a customer who changes plans.
    pub mover: String,
    pub next_key: AtomicUsize,
    /// The answers to requests for changes.
    pub changes: Mutex<Vec<ChangeTold>>,
}

/// A line whose plan can be changed now.
#[derive(Clone, Debug)]
pub struct Movable {
    pub line: String,
    pub current: String,
    pub target: String,
    /// The plan after the next one: the plan it comes from may not be on sale.
    pub next: String,
}

/// A requested change, by its idempotency key.
#[derive(Clone, Debug)]
pub struct ChangeTold {
    pub key: String,
    pub said: Said,
}

/// An answer, or its absence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// 0: no answer.
    pub status: u16,
    /// The problem's code, or why there is no answer, or [`A_PART_IS_MISSING`].
    pub code: String,
}

impl Site {
    pub fn remember(&self, told: ChangeTold) {
        let changes = self.changes.lock();
        changes.unwrap_or_else(PoisonError::into_inner).push(told);
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.origin))
    }

    pub fn post(&self, path: &str, token: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.origin);
        self.http.post(url).bearer_auth(token)
    }

    pub fn page(&self, path: &str) -> RequestBuilder {
        self.get(&format!("{path}?line={}", self.line))
            .bearer_auth(&self.reader)
            .header("accept", "text/html")
    }

    /// Asks for a given bill.
    pub fn bill(&self, bill: &Value) -> RequestBuilder {
        self.post("/api/v1/bill/inquiry", &self.bills).json(bill)
    }

    /// Asks for a bill asked for before.
    pub fn cached_bill(&self) -> RequestBuilder {
        self.post("/api/v1/bill/inquiry", &self.reader)
            .json(&json!({"lineId": self.line}))
    }

    pub fn check(&self) -> RequestBuilder {
        self.post("/api/v1/product/check", &self.reader)
            .json(&draft(&self.line, &self.current, &self.target))
    }

    pub fn login(&self, user: &str) -> RequestBuilder {
        let url = format!("{}/api/v1/auth/login", self.origin);
        let body = json!({"userId": user, "password": PASSWORD});
        self.http.post(url).json(&body)
    }

    pub fn options(&self, token: &str, line: &str) -> RequestBuilder {
        let path = format!("/api/v1/product/change?lineId={line}");
        self.get(&path).bearer_auth(token)
    }

    /// The access token, and the customer.
    pub async fn sign_in(&self, user: &str) -> Result<(String, Value)> {
        let answer = body(self.login(user)).await?;
        let token = answer["accessToken"].as_str().context("no token")?;
        Ok((token.to_owned(), answer["user"].clone()))
    }

    pub async fn choice(&self, token: &str, line: &str) -> Result<Movable> {
        let options = body(self.options(token, line)).await?;
        let code = |product: &Value| {
            let code = product["code"].as_str().context("no plan");
            code.map(str::to_owned)
        };
        Ok(Movable {
            line: line.to_owned(),
            current: code(&options["currentProduct"])?,
            target: code(&options["products"][0])?,
            next: code(&options["products"][1])?,
        })
    }
}

impl Said {
    pub fn is_well(&self) -> bool {
        self.status == 200 && self.code.is_empty()
    }

    pub fn nothing(why: impl ToString) -> Self {
        Self {
            status: 0,
            code: why.to_string(),
        }
    }
}

/// The JSON of an answer; fails unless it is 200.
pub async fn body(request: RequestBuilder) -> Result<Value> {
    let answer = request.send().await?;
    let (status, url) = (answer.status(), answer.url().to_string());
    let text = answer.text().await?;
    ensure!(status == 200, "{url}: {status} {text}");
    Ok(serde_json::from_str(&text)?)
}

/// An answer counts once its whole body has arrived.
pub async fn said(request: RequestBuilder) -> Said {
    let told = async {
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok::<_, reqwest::Error>((status, answer.text().await?))
    };
    match told.await {
        Err(error) => Said::nothing(format!("{error:?}")),
        Ok((status, text)) => {
            let body: Value = serde_json::from_str(&text).unwrap_or_default();
            let code = match body["code"].as_str() {
                Some(code) => code,
                None if text.contains(PROBLEM_IN_PAGE) && status == 200 => A_PART_IS_MISSING,
                None => "",
            };
            Said {
                status,
                code: code.to_owned(),
            }
        }
    }
}

/// The request body of a change of plan.
pub fn draft(line: &str, from: &str, to: &str) -> Value {
    json!({"lineId": line, "currentProductCode": from, "targetProductCode": to})
}
