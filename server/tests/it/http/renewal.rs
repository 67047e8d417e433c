//! Renewal of a browser's expired access token: the new pair reaches it whatever else happens to the
//! request, because the old refresh token is spent.

use crate::support::{
    client::{Answer, Client},
    gateway::TestGateway,
};
use std::sync::atomic::Ordering;

const EXPIRED: &str = "phonebill_access=expired; phonebill_refresh=refresh-demo01";

fn with_an_expired_token(gateway: &TestGateway) -> Client {
    gateway.browser().with("cookie", EXPIRED)
}

/// The cookies an answer sets, without those it clears.
fn set(answer: &Answer) -> Vec<&str> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    cookies
        .map(|cookie| cookie.to_str().unwrap())
        .filter(|cookie| !cookie.contains("Max-Age=0"))
        .filter_map(|cookie| cookie.split(';').next())
        .collect()
}

const PAIR: [&str; 2] = [
    "phonebill_access=demo01",
    "phonebill_refresh=refresh-demo01",
];

#[tokio::test]
async fn a_failed_form_and_the_page_that_shows_it_keep_the_session() {
    let gateway = TestGateway::start().await;
    let browser = with_an_expired_token(&gateway);
    let failed = browser.post_form("/product/request", &[]).await;
    assert_eq!(failed.status, 303);
    assert!(browser.cookie("phonebill_flash").is_some());
    assert_eq!(set(&failed)[1..], PAIR, "{failed:?}");

    let page = browser.get("/account/sessions").await;
    assert_eq!(browser.cookie("phonebill_flash"), None, "shown once");
    assert_eq!(set(&page), PAIR, "{page:?}");
}

#[tokio::test]
async fn a_request_that_takes_too_long_keeps_the_session() {
    let gateway = TestGateway::with(&[("PHONEBILL__HTTP__REQUEST_TIMEOUT_MS", "100")]).await;
    let slow = [
        ("lineId", "slow"),
        ("currentProductCode", "P-1"),
        ("targetProductCode", "P-2"),
        ("idempotencyKey", "key-0001"),
    ];
    let browser = with_an_expired_token(&gateway);
    let late = browser.post_form("/product/request", &slow).await;
    assert_eq!(late.status, 503);
    assert!(late.header("content-type").starts_with("text/html"));
    assert_eq!(set(&late), PAIR, "{late:?}");
}

#[tokio::test]
async fn a_mistake_of_ours_keeps_the_session() {
    let gateway = TestGateway::start().await;
    let browser = with_an_expired_token(&gateway);
    let answer = browser.get("/bill/menu?line=panic").await;
    assert_eq!(answer.status, 500);
    assert_eq!(set(&answer), PAIR, "{answer:?}");
}

#[tokio::test]
async fn a_logout_has_the_last_word() {
    let gateway = TestGateway::start().await;
    let answer = with_an_expired_token(&gateway)
        .post_form("/logout", &[])
        .await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login"));
    let told = |cookie: &&str| cookie.starts_with("phonebill_flash=");
    assert!(set(&answer).iter().all(told), "{answer:?}");
    assert_eq!(gateway.ports.logouts.load(Ordering::SeqCst), 1);
}

/// In an emergency, a key is dropped at once (docs/adr/0017).
#[tokio::test]
async fn a_token_of_a_key_that_was_dropped_costs_a_refresh_and_no_login() {
    let gateway = TestGateway::start().await;
    let cookies = "phonebill_access=of-a-dropped-key; phonebill_refresh=refresh-demo01";
    let browser = gateway.browser().with("cookie", cookies);
    let answer = browser.get("/").await;
    assert_eq!(answer.header("location"), "/main");
    assert_eq!(set(&answer), PAIR);
    assert_eq!(gateway.ports.refreshes.load(Ordering::SeqCst), 1);

    // An API client decides itself when to refresh; cookies beside its token are ignored.
    let program = gateway.program("of-a-dropped-key").with("cookie", cookies);
    let refused = program.get("/api/v1/auth/user-info").await;
    assert_eq!(refused.problem(), (401, "TOKEN_INVALID".to_owned()));
    assert_eq!(gateway.ports.refreshes.load(Ordering::SeqCst), 1);
}

/// Meanwhile another replica made another pair for the same token and killed this one (docs/adr/0016):
/// if the dead pair arrived last, the browser would be left with it.
#[tokio::test]
async fn a_pair_that_was_replaced_meanwhile_is_not_handed_over() {
    let gateway = TestGateway::start().await;
    let cookies = "phonebill_access=expired; phonebill_refresh=refresh-replaced01";
    let answer = gateway.browser().with("cookie", cookies).get("/").await;
    assert_eq!(answer.header("location"), "/main", "the session holds");
    assert!(set(&answer).is_empty(), "{answer:?}");
}

/// The answer is remembered for the tabs of one browser only: another browser with the same token means
/// theft, which the session's own rule judges.
#[tokio::test]
async fn what_one_browser_was_given_is_kept_from_another() {
    let gateway = TestGateway::start().await;
    let cookies = "phonebill_refresh=refresh-demo01";
    for (agent, refreshes) in [("one", 1), ("one", 1), ("another", 2)] {
        let browser = gateway.browser().with("user-agent", agent);
        let answer = browser.with("cookie", cookies).get("/").await;
        assert_eq!(set(&answer), PAIR);
        assert_eq!(gateway.ports.refreshes.load(Ordering::SeqCst), refreshes);
    }
}
