//! Headers of every answer, successes and problems.

use crate::support::gateway::TestGateway;
use std::collections::HashSet;

/// One path per kind of answer.
const KINDS: [&str; 10] = [
    "/",
    "/login",
    "/main",
    "/nowhere",
    "/api/openapi.json",
    "/api/v1/bill/menu",
    "/api/v1/bill/menu?lineId=panic",
    "/api/v1/product/menu",
    "/health/live",
    "/speculation-rules.json",
];

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let gateway = TestGateway::start().await;
    for path in KINDS {
        for client in [
            gateway.anonymous(),
            gateway.program("demo01"),
            gateway.browser(),
        ] {
            let answer = client.get(path).await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), value, "{path} {name}");
            }
            assert!(!answer.header("permissions-policy").is_empty(), "{path}");
            assert!(!answer.header("cache-control").is_empty(), "{path}");
            assert!(
                answer
                    .header("content-security-policy")
                    .contains("default-src 'none'"),
                "{path}"
            );
            assert_eq!(answer.header("server"), "", "{path}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn secure_cookies_bring_hsts_and_the_host_prefix() {
    let gateway = TestGateway::with(&[("PHONEBILL__HTTP__SECURE_COOKIES", "on")]).await;
    let form = [
        ("userId", "demo01"),
        ("password", crate::support::fake_ports::PASSWORD),
    ];
    let answer = gateway.browser().post_form("/login", &form).await;
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=63072000")
    );
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 3);
    for cookie in cookies {
        let cookie = cookie.to_str().unwrap();
        assert!(
            cookie.starts_with("__Host-") && cookie.contains("Secure"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn the_nonce_is_new_each_time_and_stands_in_nonce_attributes_only() {
    let gateway = TestGateway::start().await;
    let mut seen = HashSet::new();
    for _ in 0..50 {
        let page = gateway.browser().get("/login").await;
        let policy = page.header("content-security-policy");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next());
        let nonce = nonce.expect("a page's policy has a nonce").to_owned();
        let html = page.text();
        let attributes = html.matches(&format!("nonce=\"{nonce}\"")).count();
        assert!(attributes > 0, "the scripts carry it");
        assert_eq!(
            html.matches(&nonce).count(),
            attributes,
            "and nothing else does"
        );
        assert!(seen.insert(nonce));
    }
}

#[tokio::test]
async fn the_callers_request_id_is_kept_when_it_is_one() {
    let gateway = TestGateway::start().await;
    for (sent, kept) in [
        ("caller-id-1", true),
        ("short", false),
        ("with space 12", false),
        ("a<script>aaaa", false),
    ] {
        for path in [
            "/api/v1/auth/user-info",
            "/nowhere",
            "/api/v1/bill/menu?lineId=panic",
        ] {
            let answer = gateway
                .program("demo01")
                .with("x-request-id", sent)
                .get(path)
                .await;
            let id = answer.header("x-request-id");
            assert_eq!(id == sent, kept, "{sent} {path}");
            if answer.status >= 400 {
                assert_eq!(answer.json()["traceId"], id, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn pages_are_announced_for_speculation_and_programs_are_not_bothered() {
    let gateway = TestGateway::start().await;
    let page = gateway.browser().get("/login").await;
    assert_eq!(
        page.header("speculation-rules"),
        "\"/speculation-rules.json\""
    );
    let rules = gateway.anonymous().get("/speculation-rules.json").await;
    assert_eq!(
        rules.header("content-type"),
        "application/speculationrules+json"
    );
    assert_eq!(rules.json()["prerender"][0]["eagerness"], "moderate");
    assert_eq!(
        gateway
            .anonymous()
            .get("/api/openapi.json")
            .await
            .header("speculation-rules"),
        ""
    );
}

#[tokio::test]
async fn long_text_is_compressed_when_asked() {
    let gateway = TestGateway::start().await;
    for coding in ["br", "gzip"] {
        let answer = gateway
            .anonymous()
            .with("accept-encoding", coding)
            .get("/api/openapi.json")
            .await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(
            answer
                .header("vary")
                .to_ascii_lowercase()
                .contains("accept-encoding")
        );
    }
    for (accepted, coding) in [
        // Ruby's default.
        ("gzip;q=1.0,deflate;q=0.6,identity;q=0.3", "gzip"),
        ("br;q=0.8, *;q=0.05", "br"),
        ("br;q=0.0, gzip", "gzip"),
        // Not even the uncompressed form is accepted: it is sent all the same.
        ("gzip;q=0, identity;q=0", ""),
        ("*;q=0.000", ""),
        ("", ""),
    ] {
        let client = gateway.anonymous().with("accept-encoding", accepted);
        let answer = client.get("/api/openapi.json").await;
        assert_eq!(answer.status, 200, "{accepted}");
        assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
    }
    let unasked = gateway.anonymous().get("/api/openapi.json").await;
    assert_eq!(unasked.header("content-encoding"), "");
}
