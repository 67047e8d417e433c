//! Every operation × callers and inputs. The operations come from the OpenAPI document, so none can be
//! added that is not covered here.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::{Answer, Client},
    test_app::TestApp,
};
use app::{
    model::Permission,
    problem::{Problem, ProblemCode},
    routes::PAGES,
};
use serde_json::{Value, json};

on_both_databases! {
    every_operation_refuses_whom_and_what_it_must,
    every_page_asks_for_its_customer,
    a_page_of_the_other_service_is_refused_with_the_menus_there_are,
}

/// An operation of the OpenAPI document.
struct Operation {
    method: String,
    template: String,
}

/// Every operation of the document: 16, as `spec/api.md` lists them.
async fn operations(app: &TestApp) -> Vec<Operation> {
    let document = app.anonymous().get("/api/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap().clone();
    let mut found = Vec::new();
    for (template, item) in paths {
        for method in item.as_object().unwrap().keys() {
            found.push(Operation {
                method: method.to_uppercase(),
                template: template.clone(),
            });
        }
    }
    assert_eq!(found.len(), 16);
    found
}

/// The permission that the API's contract asks of a path. Written here by path, not read from the
/// document: document and gateway share one access table, so the document repeats its mistakes.
fn permission(path: &str) -> Option<Permission> {
    let service = path.trim_start_matches("/api/v1");
    // The operation that asks about a permission is asked for BILL_INQUIRY.
    if service.starts_with("/bill/") || service.starts_with("/auth/check-permission/") {
        Some(Permission::BillInquiry)
    } else if service.starts_with("/product/") {
        Some(Permission::ProductChange)
    } else {
        None
    }
}

impl Operation {
    async fn ask(&self, client: &Client, line: Option<&str>) -> Answer {
        let path = self
            .template
            .replace("{service}", "BILL_INQUIRY")
            .replace("{sessionId}", "0190-no-session")
            .replace("{requestId}", "0190-no-change");
        let query = line
            .filter(|_| self.method == "GET")
            .map(|line| format!("?lineId={line}"));
        let path = path + &query.unwrap_or_default();
        let body = self.body(line);
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "inventory-key-1"),
        ];
        match body {
            Some(body) => {
                client
                    .send(&self.method, &path, &headers, body.to_string().into_bytes())
                    .await
            }
            None => client.send(&self.method, &path, &[], Vec::new()).await,
        }
    }

    fn body(&self, line: Option<&str>) -> Option<Value> {
        let line = line.unwrap_or("no-line");
        match self.template.trim_start_matches("/api/v1") {
            "/auth/login" => Some(json!({"userId": "nobody01", "password": "long-enough"})),
            "/auth/refresh" => Some(json!({"refreshToken": "no-token"})),
            "/bill/inquiry" => Some(json!({"lineId": line})),
            "/product/check" | "/product/request" if self.method == "POST" => {
                Some(json!({"lineId": line, "currentProductCode": "A", "targetProductCode": "B"}))
            }
            _ => None,
        }
    }

    /// Whether it needs no token: the operations that issue tokens.
    fn is_public(&self) -> bool {
        ["/auth/login", "/auth/refresh"]
            .iter()
            .any(|path| self.template.ends_with(path))
    }

    /// Whether it takes a line id.
    fn is_about_a_line(&self) -> bool {
        let named = ["/bill/", "/product/"]
            .iter()
            .any(|part| self.template.contains(part));
        named && !self.template.contains('{')
    }
}

async fn every_operation_refuses_whom_and_what_it_must(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let anonymous = app.anonymous();
    let nonsense = app.anonymous().bearer("not.a.token");
    let [demo, bill, prod, none] = ["demo01", "bill01", "prod01", "none01"];
    let [demo, bill, prod, none] = [
        app.login(demo).await,
        app.login(bill).await,
        app.login(prod).await,
        app.login(none).await,
    ];
    let foreign = prod.get("/api/v1/product/menu").await.json()["line"]["lineId"].clone();
    let foreign = foreign.as_str().unwrap();
    for operation in operations(&app).await {
        let name = format!("{} {}", operation.method, operation.template);
        if operation.is_public() {
            let answer = operation.ask(&anonymous, None).await;
            assert_eq!(answer.status, 401, "{name} {answer:?}");
            malformed(&operation, &anonymous).await;
            continue;
        }
        let answer = operation.ask(&anonymous, None).await;
        assert_eq!(
            answer.problem(),
            (401, "TOKEN_MISSING".to_owned()),
            "{name}"
        );
        let answer = operation.ask(&nonsense, None).await;
        assert_eq!(
            answer.problem(),
            (401, "TOKEN_INVALID".to_owned()),
            "{name}"
        );
        for (client, held) in [
            (&bill, &[Permission::BillInquiry][..]),
            (&prod, &[Permission::ProductChange]),
            (&none, &[]),
        ] {
            if operation.template.ends_with("/logout") {
                continue; // it would end the session that the next operations need
            }
            let denied =
                permission(&operation.template).is_some_and(|asked| !held.contains(&asked));
            let answer = operation.ask(client, None).await;
            let refused = (answer.status == 403).then(|| answer.code());
            let expected = denied.then_some("PERMISSION_DENIED");
            assert_eq!(refused.as_deref(), expected, "{name} {held:?} {answer:?}");
        }
        if operation.is_about_a_line() {
            let other = operation.ask(&demo, Some(foreign)).await;
            let missing = operation.ask(&demo, Some("no-such-line")).await;
            assert_eq!(
                other.problem(),
                (404, "LINE_NOT_FOUND".to_owned()),
                "{name}"
            );
            assert_eq!(missing.problem(), other.problem(), "{name}");
            assert_eq!(without_trace(&other), without_trace(&missing), "{name}");
            let hostile = operation.ask(&demo, Some("%00'%22%3b--")).await;
            assert_eq!(
                hostile.problem(),
                (404, "LINE_NOT_FOUND".to_owned()),
                "{name}"
            );
        }
        if !operation.template.ends_with("/logout") {
            malformed(&operation, &demo).await;
        }
    }
    app.stop().await;
}

fn without_trace(answer: &Answer) -> Value {
    let mut problem = answer.json();
    problem.as_object_mut().unwrap().remove("traceId");
    problem
}

/// A malformed request is the caller's mistake: never a 5xx.
async fn malformed(operation: &Operation, client: &Client) {
    let path = operation
        .template
        .replace("{service}", "%ff")
        .replace("{sessionId}", "%00")
        .replace("{requestId}", "%00");
    let query = format!("{path}?limit=0&limit=x&from=%00&month=%ff&colour=red");
    let json_type = ("content-type", "application/json");
    let key = ("idempotency-key", "inventory-key-2");
    for body in [
        &b"\xff\xfe"[..],
        b"{\"x\":1}",
        b"[[[[",
        b"{}{}",
        b"\"\\ud800\"",
        &[b'['; 15_000],
    ] {
        for path in [&path, &query] {
            let method = &operation.method;
            let body = if method == "POST" {
                body.to_vec()
            } else {
                Vec::new()
            };
            let answer = client.send(method, path, &[json_type, key], body).await;
            assert!(answer.status < 500, "{method} {path} {answer:?}");
        }
    }
}

async fn every_page_asks_for_its_customer(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let stranger = Client::browser(app.origin());
    let none = app.browser("none01").await;
    let demo = app.browser("demo01").await;
    for (path, _) in PAGES {
        let answer = stranger.get(path).await;
        if *path == "/login" {
            assert_eq!(answer.status, 200, "{path}");
        } else {
            assert_eq!(answer.status, 303, "{path}");
            assert!(
                answer.header("location").starts_with("/login?next="),
                "{path}"
            );
        }
        let answer = none.get(path).await;
        let expected = match (*path, permission(path)) {
            ("/login", _) => 303,
            (_, Some(_)) => 403,
            (_, None) => 200,
        };
        assert_eq!(answer.status, expected, "{path}");
        let answer = demo.get(path).await;
        assert!(answer.status < 500, "{path} {}", answer.status);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        if *path == "/login" {
            continue;
        }
        assert!(
            answer.header("content-type").starts_with("text/html"),
            "{path}"
        );
    }
    app.stop().await;
}

async fn a_page_of_the_other_service_is_refused_with_the_menus_there_are(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let denied = Problem::of(ProblemCode::PermissionDenied);
    for (user_id, own, other) in [
        ("bill01", "/bill/", "/product/"),
        ("prod01", "/product/", "/bill/"),
    ] {
        let (browser, program) = (app.browser(user_id).await, app.login(user_id).await);
        for (path, _) in PAGES.iter().filter(|(path, _)| path.starts_with(other)) {
            let page = browser.get(path).await;
            assert_eq!(page.status, 403, "{user_id} {path}");
            let html = page.text();
            assert!(html.contains(denied.detail()), "{user_id} {path}\n{html}");
            assert!(
                html.contains(page.header("x-request-id")),
                "{user_id} {path}"
            );
            assert!(
                html.contains(&format!("href=\"{own}menu\"")),
                "{user_id} {path}"
            );
            assert!(
                !html.contains(&format!("href=\"{other}")),
                "{user_id} {path}"
            );
            // An API client gets the gateway's own answer, not a page.
            let refused = program.get(path).await.problem();
            assert_eq!(refused, (403, "PERMISSION_DENIED".to_owned()), "{path}");
        }
    }
    app.stop().await;
}
