//! Cross-site requests: on every route, an unsafe request of another site is refused before anything
//! happens.

use crate::support::{client::Client, gateway::TestGateway};
use std::sync::atomic::Ordering;

const UNSAFE: [(&str, &str); 10] = [
    ("POST", "/login"),
    ("POST", "/logout"),
    ("POST", "/lang"),
    ("POST", "/product/request"),
    ("POST", "/account/sessions/s-1/end"),
    ("POST", "/account/sessions/end-others"),
    ("POST", "/rpc/bill/inquire"),
    ("POST", "/api/v1/auth/logout"),
    ("POST", "/api/v1/product/request"),
    ("DELETE", "/api/v1/auth/sessions/s-1"),
];

fn with_session(gateway: &TestGateway) -> Client {
    gateway
        .anonymous()
        .with("cookie", "phonebill_access=demo01")
}

#[tokio::test]
async fn foreign_origins_are_refused_on_every_unsafe_route() {
    let gateway = TestGateway::start().await;
    let ours = gateway.origin.clone();
    let foreign: Vec<Vec<(&str, String)>> = vec![
        vec![],
        vec![("sec-fetch-site", "cross-site".into())],
        vec![("sec-fetch-site", "same-site".into())],
        vec![
            ("sec-fetch-site", "cross-site".into()),
            ("origin", ours.clone()),
        ],
        vec![("origin", "http://evil.example".into())],
        vec![("origin", "null".into())],
        vec![("origin", ours.replace("http://", "https://"))],
        vec![("origin", format!("{ours}/"))],
        vec![("origin", ours.replace("http://", "http://user@"))],
        vec![("origin", ours.clone()), ("origin", ours.clone())],
    ];
    for (method, path) in UNSAFE {
        for headers in &foreign {
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let answer = with_session(&gateway)
                .send(method, path, &headers, Vec::new())
                .await;
            assert_eq!(
                answer.problem(),
                (403, "CSRF_REJECTED".to_owned()),
                "{method} {path} {headers:?}"
            );
        }
    }
    assert_eq!(gateway.ports.logouts.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn our_own_pages_pass() {
    let gateway = TestGateway::start().await;
    let ours = gateway.origin.clone();
    for headers in [
        [("sec-fetch-site", "same-origin")],
        [("sec-fetch-site", "none")],
        [("origin", ours.as_str())],
    ] {
        for (method, path) in UNSAFE {
            let answer = with_session(&gateway)
                .send(method, path, &headers, Vec::new())
                .await;
            assert_ne!(answer.status, 403, "{method} {path} {headers:?} {answer:?}");
        }
    }
}

#[tokio::test]
async fn no_answer_invites_other_sites() {
    let gateway = TestGateway::start().await;
    let preflight = [
        ("origin", "http://evil.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    for path in ["/api/v1/auth/login", "/rpc/bill/menu", "/login", "/nowhere"] {
        let answer = gateway
            .anonymous()
            .send("OPTIONS", path, &preflight, Vec::new())
            .await;
        assert_eq!(
            answer.problem(),
            (405, "METHOD_NOT_ALLOWED".to_owned()),
            "{path}"
        );
        let cors = answer
            .headers
            .keys()
            .find(|name| name.as_str().starts_with("access-control"));
        assert_eq!(cors, None, "{path}");
    }
}
