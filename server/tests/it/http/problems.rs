//! Problems: each has its status, none shows its cause.

use crate::support::gateway::TestGateway;
use app::problem::ProblemCode;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn every_problem_of_a_port_leaves_with_its_status_and_the_request_id() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    for code in ProblemCode::ALL {
        let answer = client
            .get(&format!(
                "/api/v1/bill/menu?lineId=problem:{}",
                code.as_str()
            ))
            .await;
        assert_eq!(answer.problem(), (code.status(), code.as_str().to_owned()));
        assert_eq!(answer.json()["traceId"], answer.header("x-request-id"));
        assert_eq!(answer.header("retry-after"), "7", "{code:?}");
        assert_eq!(answer.json()["retryAfter"], 7);
    }
}

#[tokio::test]
async fn a_panic_is_answered_and_tells_nothing() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    for _ in 0..3 {
        let answer = client.get("/api/v1/bill/menu?lineId=panic").await;
        assert_eq!(answer.problem(), (500, "INTERNAL".to_owned()));
        assert!(!answer.text().contains("9999"), "{answer:?}");
    }
    assert_eq!(client.get("/api/v1/bill/menu").await.status, 200);
}

#[tokio::test]
async fn tokens_are_refused_by_their_own_code() {
    let gateway = TestGateway::start().await;
    for (token, code) in [
        ("expired", "TOKEN_EXPIRED"),
        ("nonsense", "TOKEN_INVALID"),
        ("ended", "SESSION_ENDED"),
    ] {
        let answer = gateway.program(token).get("/api/v1/auth/user-info").await;
        assert_eq!(answer.problem(), (401, code.to_owned()));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let answer = gateway.anonymous().get("/api/v1/auth/user-info").await;
    assert_eq!(answer.problem(), (401, "TOKEN_MISSING".to_owned()));
}

#[tokio::test]
async fn permissions_are_checked_by_service() {
    let gateway = TestGateway::start().await;
    let path = |service: &str| format!("/api/v1/auth/check-permission/{service}");
    for (user, service, status) in [
        ("demo01", "BILL_INQUIRY", 200),
        ("bill01", "BILL_INQUIRY", 200),
        ("bill01", "PRODUCT_CHANGE", 403),
        ("prod01", "BILL_INQUIRY", 403),
        ("none01", "PRODUCT_CHANGE", 403),
        ("demo01", "EVERYTHING", 404),
        ("demo01", "bill_inquiry", 404),
    ] {
        let answer = gateway.program(user).get(&path(service)).await;
        assert_eq!(answer.status, status, "{user} {service}");
        if status == 200 {
            assert_eq!(
                answer.json(),
                serde_json::json!({"service": service, "granted": true})
            );
        }
    }
}

#[tokio::test]
async fn ids_that_are_none_reach_no_port() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    let change = |id: &str| format!("/api/v1/product/request/{id}");
    for id in ["%00", "a%00b", "..%2f..", "%ff", &"x".repeat(65), "a'b"] {
        let session = format!("/api/v1/auth/sessions/{id}");
        assert_eq!(client.get(&change(id)).await.status, 404, "{id}");
        assert_eq!(client.delete(&session).await.status, 404, "{id}");
    }
    let asked = || gateway.ports.statuses_asked.load(Ordering::SeqCst);
    assert_eq!(asked(), 0);
    client.get(&change("well-formed")).await;
    assert_eq!(asked(), 1);
    assert_eq!(client.delete("/api/v1/auth/sessions/s-1").await.status, 204);
}
