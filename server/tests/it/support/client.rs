//! An HTTP client that shares no code with the server: it follows no redirects and decodes nothing
//! silently.

use http::{HeaderMap, Method};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// An API client with a token, or a browser with cookies.
pub struct Client {
    origin: String,
    http: reqwest::Client,
    headers: Vec<(String, String)>,
    /// A browser's cookies; `None` for an API client.
    jar: Option<Mutex<BTreeMap<String, String>>>,
}

/// A whole answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    /// An API client without credentials.
    pub fn new(origin: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        Self {
            origin: origin.to_owned(),
            http,
            headers: Vec::new(),
            jar: None,
        }
    }

    /// A browser without JavaScript: cookies, `Accept: text/html`, `Sec-Fetch-Site: same-origin`.
    pub fn browser(origin: &str) -> Self {
        Self {
            jar: Some(Mutex::default()),
            ..Self::new(origin)
        }
        .with("accept", "text/html,application/xhtml+xml")
        .with("sec-fetch-site", "same-origin")
    }

    /// The same with a bearer token.
    pub fn bearer(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The same with a header on every request.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Vec::new()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], Vec::new()).await
    }

    pub async fn post_json(&self, path: &str, body: Value) -> Answer {
        self.post_as(path, "application/json", body.to_string())
            .await
    }

    /// A POST of any content type.
    pub async fn post_as(&self, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send("POST", path, &[("content-type", kind)], body.into())
            .await
    }

    /// A form post.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.post_as(path, "application/x-www-form-urlencoded", body)
            .await
    }

    /// Any request.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let url = format!("{}{path}", self.origin);
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookies) = self.cookies() {
            request = request.header("cookie", cookies);
        }
        if !body.is_empty() {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        self.keep_cookies(response.headers());
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// The value of a cookie in the browser.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let jar = self
            .jar
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        jar.get(name).cloned()
    }

    fn cookies(&self) -> Option<String> {
        let jar = self
            .jar
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<_> = jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let Some(jar) = &self.jar else { return };
        let mut jar = jar.lock().unwrap_or_else(PoisonError::into_inner);
        for cookie in headers.get_all("set-cookie") {
            let text = cookie.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The header's value; empty if absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The problem's code, after a check of the problem's form.
    pub fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{self:?}");
        for name in ["type", "title", "detail"] {
            assert!(
                problem[name].as_str().is_some_and(|text| !text.is_empty()),
                "{name} {self:?}"
            );
        }
        problem["code"].as_str().unwrap().to_owned()
    }

    /// Status and code, for one assertion.
    pub fn problem(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// The fields named by a `VALIDATION_FAILED`, with their codes.
    pub fn fields(&self) -> Vec<(String, String)> {
        assert_eq!(self.problem(), (400, "VALIDATION_FAILED".to_owned()));
        let problem = self.json();
        let fields = problem["fields"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        fields
            .iter()
            .map(|field| (text(&field["field"]), text(&field["code"])))
            .collect()
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} {:?} {}",
            self.status,
            self.headers,
            String::from_utf8_lossy(&self.body)
        )
    }
}
