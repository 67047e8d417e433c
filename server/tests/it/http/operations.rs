//! Health and metrics.

use crate::support::{
    client::Client,
    fake_ports::PASSWORD,
    gateway::{TestGateway, healthy},
};
use server::http::Health;

#[tokio::test]
async fn readiness_is_about_the_database_and_draining_only() {
    for (health, status) in [
        (healthy(), 200),
        (
            Health {
                database: false,
                ..healthy()
            },
            503,
        ),
        (
            Health {
                schema: false,
                ..healthy()
            },
            503,
        ),
        (
            Health {
                draining: true,
                ..healthy()
            },
            503,
        ),
    ] {
        let gateway = TestGateway::with_health(&[], health).await;
        for origin in [&gateway.origin, &gateway.admin_origin] {
            let client = Client::new(origin);
            assert_eq!(client.get("/health/ready").await.status, status);
            assert_eq!(client.get("/health/live").await.status, 200);
        }
    }
}

/// A program that does not fit the schema, or does not know, must neither read nor write.
#[tokio::test]
async fn nobody_is_served_before_the_schema_is_known_to_fit() {
    let unknown = Health {
        schema: false,
        ..healthy()
    };
    let gateway = TestGateway::with_health(&[], unknown).await;
    let body = serde_json::json!({"userId": "demo01", "password": PASSWORD});
    let program = gateway.program("demo01");
    for answer in [
        program.post_json("/api/v1/auth/login", body).await,
        program.get("/api/v1/auth/user-info").await,
        program.get("/api/openapi.json").await,
        program
            .post_json("/rpc/bill/menu", serde_json::json!({}))
            .await,
    ] {
        assert_eq!(answer.problem(), (503, "UNAVAILABLE".to_owned()));
        assert_eq!(answer.header("retry-after"), "1");
    }
    let browser = gateway.browser();
    for page in ["/", "/login", "/bill/menu"] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, 503, "{page}");
        // No page that the app has rendered.
        assert!(!answer.text().contains("<script"), "{answer:?}");
    }
    // There may be no assets in a test.
    for untouched in ["/health/live", "/favicon.svg"] {
        assert_ne!(browser.get(untouched).await.status, 503, "{untouched}");
    }
}

#[tokio::test]
async fn metrics_count_by_template_and_live_on_the_admin_address_only() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    for id in ["first-id", "second-id"] {
        client
            .get(&format!("/api/v1/product/request/{id}?secret=1"))
            .await;
    }
    client.get("/nowhere/at/all").await;
    client.send("BREW", "/", &[], Vec::new()).await;
    assert_eq!(client.get("/metrics").await.status, 404);
    let text = Client::new(&gateway.admin_origin)
        .get("/metrics")
        .await
        .text();
    let line = "phonebill_http_requests_total{method=\"GET\",route=\"/api/v1/product/request/{requestId}\",status=\"404\"} 2";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("method=\"OTHER\""), "{text}");
    for raw in ["first-id", "secret", "nowhere", "BREW"] {
        assert!(!text.contains(raw), "{raw}");
    }
}

#[tokio::test]
async fn unknown_methods_are_refused_everywhere() {
    let gateway = TestGateway::start().await;
    for path in [
        "/",
        "/login",
        "/nowhere",
        "/api/v1/auth/login",
        "/health/live",
        "/speculation-rules.json",
    ] {
        for method in ["TRACE", "PUT", "PATCH", "BREW", "PROPFIND"] {
            let answer = gateway
                .program("demo01")
                .send(method, path, &[], Vec::new())
                .await;
            assert_eq!(
                answer.problem(),
                (405, "METHOD_NOT_ALLOWED".to_owned()),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_refused_method_names_those_that_the_route_has() {
    let gateway = TestGateway::start().await;
    for (method, path, allow) in [
        ("PUT", "/login", "GET, HEAD, POST"),
        ("OPTIONS", "/login", "GET, HEAD, POST"),
        ("DELETE", "/login", "GET, HEAD, POST"),
        ("PATCH", "/api/v1/bill/menu", "GET, HEAD"),
        ("POST", "/api/v1/bill/menu", "GET, HEAD"),
        ("GET", "/api/v1/auth/login", "POST"),
        ("PUT", "/api/v1/auth/sessions/some-session", "DELETE"),
        ("TRACE", "/rpc/bill/menu", "POST"),
        ("GET", "/rpc/bill/menu", "POST"),
        ("PUT", "/health/live", "GET, HEAD"),
        ("POST", "/health/live", "GET, HEAD"),
        ("PUT", "/nowhere", "GET, HEAD"),
    ] {
        let answer = gateway
            .program("demo01")
            .send(method, path, &[], Vec::new())
            .await;
        assert_eq!(
            (
                answer.status,
                answer.header("allow").replace(",", ", ").replace("  ", " ")
            ),
            (405, allow.to_owned()),
            "{method} {path}"
        );
        assert_eq!(answer.headers.get_all("allow").iter().count(), 1);
    }
}
