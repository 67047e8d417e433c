//! Overload: too many requests, too long, too often.

use crate::support::{client::Answer, gateway::TestGateway, log::Log};
use std::time::Duration;

#[tokio::test]
async fn an_address_that_asks_too_often_waits() {
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__PER_ADDRESS_PER_S", "1"),
        ("PHONEBILL__LIMITS__PER_ADDRESS_BURST", "3"),
    ])
    .await;
    let client = gateway.program("demo01");
    for _ in 0..3 {
        assert_eq!(client.get("/api/v1/auth/user-info").await.status, 200);
    }
    let answer = client.get("/api/v1/auth/user-info").await;
    assert_eq!(answer.problem(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.json()["retryAfter"], 1);
    assert_eq!(answer.header("ratelimit-policy"), "\"address\";q=3;w=3");
    assert_eq!(answer.header("ratelimit"), "\"address\";r=0;t=3");
    // An untrusted peer cannot pose as another address.
    let disguised = gateway
        .program("demo01")
        .with("x-forwarded-for", "198.51.100.7");
    assert_eq!(disguised.get("/api/v1/auth/user-info").await.status, 429);
    assert_eq!(
        client.get("/health/live").await.status,
        200,
        "probes are not counted"
    );
    gateway.clock.advance(Duration::from_secs(1));
    assert_eq!(client.get("/api/v1/auth/user-info").await.status, 200);
}

#[tokio::test]
async fn passwords_are_tried_more_slowly() {
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__LOGIN_PER_MINUTE", "2"),
        ("PHONEBILL__LIMITS__LOGIN_BURST", "2"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "127.0.0.1"),
    ])
    .await;
    let body = serde_json::json!({"userId": "demo01", "password": "wrong-password"});
    let from = |address: &str| gateway.anonymous().with("x-forwarded-for", address);
    for _ in 0..2 {
        assert_eq!(
            from("198.51.100.1")
                .post_json("/api/v1/auth/login", body.clone())
                .await
                .status,
            401
        );
    }
    let answer = from("198.51.100.1")
        .post_json("/api/v1/auth/login", body.clone())
        .await;
    assert_eq!(answer.problem(), (429, "RATE_LIMITED".to_owned()));
    let form = [("userId", "demo01"), ("password", "wrong-password")];
    assert_eq!(
        from("198.51.100.1").post_form("/login", &form).await.status,
        429
    );
    assert_eq!(
        from("198.51.100.1").get("/api/openapi.json").await.status,
        200
    );
    assert_eq!(
        from("198.51.100.2")
            .post_json("/api/v1/auth/login", body)
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn one_session_is_limited_from_wherever_it_asks_and_told_what_is_left() {
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__PER_SESSION_PER_S", "1"),
        ("PHONEBILL__LIMITS__PER_SESSION_BURST", "2"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "127.0.0.1"),
    ])
    .await;
    let from = |user: &str, address: &str| {
        let program = gateway.program(user).with("x-forwarded-for", address);
        async move { program.get("/api/v1/auth/user-info").await }
    };
    let first = from("demo01", "198.51.100.1").await;
    assert_eq!(first.header("ratelimit"), "\"session\";r=1;t=1");
    assert_eq!(from("demo01", "198.51.100.2").await.status, 200);
    let third = from("demo01", "198.51.100.3").await;
    assert_eq!(third.problem(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(third.header("ratelimit-policy"), "\"session\";q=2;w=2");
    assert_eq!(
        gateway.anonymous().get("/api/openapi.json").await.status,
        200
    );
}

#[tokio::test]
async fn one_id_is_tried_only_so_often_from_wherever() {
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__ID_LOGIN_BURST", "2"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "127.0.0.1"),
    ])
    .await;
    let login = |user: &str, address: &str| {
        let body = serde_json::json!({"userId": user, "password": "wrong-password"});
        let program = gateway.anonymous().with("x-forwarded-for", address);
        async move { program.post_json("/api/v1/auth/login", body).await }
    };
    assert_eq!(login("nobody01", "198.51.100.1").await.status, 401);
    assert_eq!(login("nobody01", "198.51.100.2").await.status, 401);
    let third = login("nobody01", "198.51.100.3").await;
    assert_eq!(third.problem(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(third.header("ratelimit-policy"), "\"id-logins\";q=2;w=6");
    assert_eq!(login("nobody02", "198.51.100.3").await.status, 401);
}

#[tokio::test]
async fn an_address_that_guesses_is_slowed_whatever_ids_it_tries() {
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__LOGIN_FAILURES_PER_10_MIN", "3"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "127.0.0.1"),
    ])
    .await;
    let login = |user: String, address: &str| {
        let body = serde_json::json!({"userId": user, "password": "wrong-password"});
        let program = gateway.anonymous().with("x-forwarded-for", address);
        async move { program.post_json("/api/v1/auth/login", body).await }
    };
    for guess in 0..3 {
        let answer = login(format!("nobody{guess}"), "198.51.100.1").await;
        assert_eq!(answer.status, 401);
    }
    let fourth = login("nobody3".to_owned(), "198.51.100.1").await;
    assert_eq!(fourth.problem(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(fourth.header("retry-after"), "200");
    let elsewhere = login("nobody3".to_owned(), "198.51.100.2").await;
    assert_eq!(elsewhere.status, 401);
    gateway.clock.advance(Duration::from_secs(200));
    assert_eq!(
        login("nobody4".to_owned(), "198.51.100.1").await.status,
        401
    );
}

#[tokio::test]
async fn everybody_together_is_limited_whoever_asks_from_wherever() {
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__EVERYBODY_PER_S", "1"),
        ("PHONEBILL__LIMITS__EVERYBODY_BURST", "3"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "127.0.0.1"),
    ])
    .await;
    let from = |number: u8| {
        let program = gateway.program(&format!("user{number}01"));
        let program = program.with("x-forwarded-for", &format!("198.51.100.{number}"));
        async move { program.get("/api/v1/auth/user-info").await }
    };
    for number in 1..=3 {
        assert_eq!(from(number).await.status, 200);
    }
    let fourth = from(4).await;
    assert_eq!(fourth.problem(), (429, "RATE_LIMITED".to_owned()));
    assert_eq!(fourth.header("retry-after"), "1");
    assert_eq!(fourth.header("ratelimit-policy"), "\"everybody\";q=3;w=3");
    let probe = gateway.anonymous().get("/health/live").await;
    assert_eq!(probe.status, 200, "probes are not counted");
    gateway.clock.advance(Duration::from_secs(1));
    assert_eq!(from(5).await.status, 200);
}

#[tokio::test]
async fn more_wrong_passwords_than_usual_are_told_and_refuse_nobody() {
    let log = Log::listen();
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__ALL_LOGIN_FAILURES_PER_MINUTE", "3"),
        ("PHONEBILL__HTTP__TRUSTED_PROXIES", "127.0.0.1"),
    ])
    .await;
    let guess = |number: u8| {
        let user = format!("nobody{number}");
        let body = serde_json::json!({"userId": user, "password": "wrong-password"});
        let program = gateway.anonymous();
        let program = program.with("x-forwarded-for", &format!("198.51.100.{number}"));
        async move { program.post_json("/api/v1/auth/login", body).await.status }
    };
    let told = || log.with("login_failures").len();
    for number in 1..=3 {
        assert_eq!((guess(number).await, told()), (401, 0));
    }
    assert_eq!((guess(4).await, told()), (401, 1));
    let line = log.with("login_failures").remove(0);
    assert!(line.contains("WARN"), "{line}");
    gateway.clock.advance(Duration::from_secs(60));
    assert_eq!((guess(5).await, told()), (401, 1));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_anyway() {
    let gateway = TestGateway::with(&[("PHONEBILL__HTTP__REQUEST_TIMEOUT_MS", "100")]).await;
    let answer = gateway
        .program("demo01")
        .get("/api/v1/bill/menu?lineId=slow")
        .await;
    assert_eq!(answer.problem(), (503, "UNAVAILABLE".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn beyond_the_cap_requests_are_shed_and_probes_are_not() {
    let gateway = TestGateway::with(&[("PHONEBILL__HTTP__MAX_IN_FLIGHT", "1")]).await;
    let slow = gateway.program("demo01");
    let client = gateway.program("demo01");
    let mut held = Box::pin(slow.get("/api/v1/bill/menu?lineId=slow"));
    let shed = async {
        loop {
            let answer = client.get("/api/v1/auth/user-info").await;
            if answer.status != 200 {
                break answer;
            }
        }
    };
    let answer = tokio::select! {
        answer = shed => answer,
        _ = &mut held => unreachable!("it never answers by itself"),
    };
    assert_eq!(answer.problem(), (503, "UNAVAILABLE".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(client.get("/health/live").await.status, 200);
    assert_eq!(client.get("/health/ready").await.status, 200);
    let browser = gateway.browser();
    assert_turned_away(
        &browser.get("/bill/menu?line=x").await,
        503,
        "/bill/menu?line=x",
    );
    // What was posted is not sent again by a link; the login form is a page.
    assert_turned_away(
        &browser.post_form("/product/change", &[]).await,
        503,
        "/product/change",
    );
    assert_turned_away(&browser.post_form("/lang", &[]).await, 503, "/");
}

#[tokio::test]
async fn a_browser_that_asks_too_often_reads_a_page_without_the_app() {
    let gateway = TestGateway::with(&[
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__PER_ADDRESS_PER_S", "1"),
        ("PHONEBILL__LIMITS__PER_ADDRESS_BURST", "1"),
    ])
    .await;
    let browser = gateway.browser();
    assert_eq!(browser.get("/login").await.status, 200);
    let answer = browser.get("/login?next=/bill/menu").await;
    assert_turned_away(&answer, 429, "/login?next=/bill/menu");
    assert!(!answer.header("ratelimit-policy").is_empty(), "{answer:?}");
    let english = browser
        .with("cookie", "phonebill_lang=en")
        .get("/login")
        .await;
    assert!(english.text().contains("<html lang=\"en\">"), "{english:?}");
    assert_eq!(english.header("content-language"), "en");
}

/// A whole page, but none that the app has rendered.
fn assert_turned_away(answer: &Answer, status: u16, again: &str) {
    let page = answer.text();
    assert_eq!(answer.status, status, "{page}");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(page.contains(&format!("href=\"{again}\"")), "{page}");
    assert!(page.contains(answer.header("x-request-id")), "{page}");
    assert!(!page.contains("<script"), "{page}");
}
