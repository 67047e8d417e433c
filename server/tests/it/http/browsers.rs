//! Browsers without JavaScript: forms, cookies, redirects, problems as pages.

use crate::support::{fake_ports::PASSWORD, gateway::TestGateway};
use serde_json::json;
use std::sync::atomic::Ordering;

fn login(next: &'static str) -> [(&'static str, &'static str); 3] {
    [("userId", "demo01"), ("password", PASSWORD), ("next", next)]
}

#[tokio::test]
async fn a_form_logs_in_and_out() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    let answer = browser.post_form("/login", &login("/bill/menu")).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/bill/menu")
    );
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(browser.get("/").await.header("location"), "/main");
    let answer = browser.post_form("/logout", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login"));
    assert!(answer.header("clear-site-data").contains("\"cache\""));
    assert_eq!(gateway.ports.logouts.load(Ordering::SeqCst), 1);
    assert_eq!(browser.cookie("phonebill_access"), None);
    assert_eq!(browser.cookie("phonebill_refresh"), None);
    assert_eq!(
        browser.get("/main").await.header("location"),
        "/login?next=/main"
    );
}

#[tokio::test]
async fn a_login_leads_to_own_paths_only() {
    let gateway = TestGateway::start().await;
    for (next, arrives) in [
        ("/bill/menu", "/bill/menu"),
        ("https://evil.example", "/main"),
        ("//evil.example", "/main"),
        ("/\\evil.example", "/main"),
        ("/%0d%0ax:1", "/%0d%0ax:1"),
        ("javascript:x", "/main"),
        ("/rpc/bill/menu", "/main"),
    ] {
        let answer = gateway.browser().post_form("/login", &login(next)).await;
        let led = (answer.status, answer.header("location"));
        assert_eq!(led, (303, arrives), "{next}");
    }
}

#[tokio::test]
async fn whoever_is_signed_in_is_led_past_the_login() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    browser.post_form("/login", &login("/main")).await;
    for (address, next) in [
        ("/login", "/main"),
        ("/login?next=", "/main"),
        (
            "/login?next=/bill/result%3Fmonth%3D2026-11",
            "/bill/result?month=2026-11",
        ),
        ("/login?next=//evil.example", "/main"),
        ("/login?next=/login", "/main"),
        ("/login?next=%ff&next=/main", "/main"),
    ] {
        let answer = browser.get(address).await;
        let led = (answer.status, answer.header("location"));
        assert_eq!(led, (303, next), "{address}");
    }
    // The problem of a failed login to another account is shown, once.
    let form = [("userId", "bill01"), ("password", "wrong-password")];
    browser.post_form("/login", &form).await;
    let page = browser.get("/login").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("role=\"alert\""), "{page:?}");
    assert_eq!(browser.get("/login").await.status, 303);
}

/// No combination of cookies leads into a redirect loop.
#[tokio::test]
async fn cookies_that_hold_by_half_lead_in_or_to_the_form() {
    const TOLD: &str = "/login?next=/main";
    let gateway = TestGateway::start().await;
    for (cookies, arrives) in [
        (
            "phonebill_access=expired; phonebill_refresh=refresh-demo01",
            "/main",
        ),
        ("phonebill_refresh=refresh-demo01", "/main"),
        ("phonebill_access=expired; phonebill_refresh=dead", TOLD),
        ("phonebill_refresh=dead", TOLD),
        ("phonebill_access=ended", TOLD),
    ] {
        let browser = gateway.browser().with("cookie", cookies);
        let answer = browser.get("/login").await;
        let led = (answer.status, answer.header("location"));
        assert_eq!(led, (303, arrives), "{cookies}");
        if let Some(told) = browser.cookie("phonebill_flash") {
            // Even if it kept the others.
            let cookies = format!("{cookies}; phonebill_flash={told}");
            let browser = gateway.browser().with("cookie", &cookies);
            assert_eq!(browser.get(arrives).await.status, 200, "{cookies}");
            continue;
        }
        let renewed = browser.cookie("phonebill_refresh");
        assert_eq!(renewed.as_deref(), Some("refresh-demo01"), "{cookies}");
        assert_eq!(browser.get(arrives).await.status, 200, "{cookies}");
    }
    // The session may still be good.
    let unknown = gateway
        .browser()
        .with("cookie", "phonebill_access=nobody-knows");
    assert_eq!(unknown.get("/login").await.status, 200);
}

#[tokio::test]
async fn a_wrong_password_returns_to_the_form_without_saying_more() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    let form = [("userId", "demo01"), ("password", "wrong-password")];
    let answer = browser.post_form("/login", &form).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login"));
    assert!(browser.cookie("phonebill_flash").is_some());
    assert_eq!(browser.cookie("phonebill_access"), None);
}

/// The cookies of the old session are overwritten: nobody could end it from this browser later.
#[tokio::test]
async fn a_new_login_ends_the_session_it_takes_the_place_of() {
    let gateway = TestGateway::start().await;
    let ended = || gateway.ports.logouts.load(Ordering::SeqCst);
    let cookies = [
        ("phonebill_access=bill01", 1),
        // Found by the refresh token only.
        (
            "phonebill_access=expired; phonebill_refresh=refresh-bill01",
            1,
        ),
        ("phonebill_access=ended", 0),
        // It cannot be ended now; the customer is let in all the same.
        ("phonebill_access=stuck01", 0),
    ];
    for (cookies, ends) in cookies {
        let before = ended();
        let browser = gateway.browser().with("cookie", cookies);
        let wrong = [("userId", "demo01"), ("password", "wrong-password")];
        browser.post_form("/login", &wrong).await;
        assert_eq!(ended(), before, "{cookies}: a refused login ends nothing");
        let answer = browser.post_form("/login", &login("/main")).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/main"));
        let set = browser.cookie("phonebill_access");
        assert_eq!(set.as_deref(), Some("demo01"), "{cookies}");
        assert_eq!(ended() - before, ends, "{cookies}");
    }
    // A program keeps its tokens itself, and is given no cookie in place of the old ones.
    let browser = gateway.browser().with("cookie", "phonebill_access=bill01");
    let before = ended();
    let body = json!({ "userId": "demo01", "password": PASSWORD });
    let answer = browser.post_json("/api/v1/auth/login", body).await;
    assert_eq!((answer.status, ended()), (200, before), "{answer:?}");
    assert_eq!(answer.headers.get("set-cookie"), None);
}

#[tokio::test]
async fn an_expired_access_token_is_renewed_on_the_way() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with(
        "cookie",
        "phonebill_access=expired; phonebill_refresh=refresh-demo01",
    );
    let answer = browser.get("/").await;
    assert_eq!(answer.header("location"), "/main");
    assert_eq!(
        browser.cookie("phonebill_access").as_deref(),
        Some("demo01")
    );
}

#[tokio::test]
async fn tabs_that_wake_together_spend_one_refresh_token() {
    let gateway = TestGateway::start().await;
    let tab = || async {
        let browser = gateway.browser().with(
            "cookie",
            "phonebill_access=expired; phonebill_refresh=refresh-demo01",
        );
        browser.get("/").await.header("location").to_owned()
    };
    let tabs = futures::future::join_all((0..20).map(|_| tab())).await;
    assert!(tabs.iter().all(|location| location == "/main"), "{tabs:?}");
    assert_eq!(gateway.ports.refreshes.load(Ordering::SeqCst), 1);
}

/// While the database is away, the session may still be good.
#[tokio::test]
async fn a_session_that_cannot_be_looked_up_is_told_and_kept() {
    let gateway = TestGateway::start().await;
    let cookies = "phonebill_access=nobody-knows";
    let browser = gateway.browser().with("cookie", cookies);
    for answer in [
        browser.get("/main").await,
        browser.post_form("/product/request", &[]).await,
    ] {
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.header("content-type").starts_with("text/html"));
        assert_eq!(answer.headers.get("set-cookie"), None);
    }
}

#[tokio::test]
async fn a_person_gets_a_page_and_a_program_gets_json() {
    let gateway = TestGateway::start().await;
    for path in ["/nowhere", "/bill/nowhere"] {
        let page = gateway.browser().get(path).await;
        assert_eq!(page.status, 404);
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{page:?}"
        );
        assert_eq!(
            gateway.anonymous().get(path).await.problem(),
            (404, "NOT_FOUND".to_owned())
        );
    }
    let refused = gateway.browser().with("sec-fetch-site", "cross-site");
    let page = refused.post_form("/login", &login("/main")).await;
    assert_eq!(page.status, 403);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{page:?}"
    );
    let id = page.header("x-request-id").to_owned();
    assert!(page.text().contains(&id), "the page shows the request id");
}
