//! Customers whose session has ended: the login, with the reason and the way back.

use crate::support::{client::Answer, fake_ports::PASSWORD, gateway::TestGateway};
use app::{
    problem::{Problem, ProblemCode},
    text::{Lang, login::Login, sessions::Sessions},
};

const VISIT: &str = "/product/request?line=l&from=P-1&to=P-2&key=key-0001";

/// The names of the cookies set, and whether each is cleared.
fn cookies(answer: &Answer) -> Vec<(String, bool)> {
    let set = answer.headers.get_all("set-cookie").iter();
    set.map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        let name = cookie.split('=').next().unwrap().to_owned();
        (name, cookie.contains("Max-Age=0"))
    })
    .collect()
}

#[tokio::test]
async fn a_session_that_ended_is_forgotten_and_the_login_says_why() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=ended");
    let answer = browser.get("/bill/result?month=2026-11").await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.header("location"),
        "/login?next=/bill/result%3Fmonth%3D2026-11"
    );
    let [access, refresh, flash] =
        ["access", "refresh", "flash"].map(|of| format!("phonebill_{of}"));
    assert_eq!(
        cookies(&answer),
        [(access, true), (refresh, true), (flash, false)]
    );
    let page = shown(&gateway, &browser.cookie("phonebill_flash"), &answer).await;
    let ended = Problem::of(ProblemCode::SessionEnded);
    assert!(page.contains(ended.detail()), "{page}");
    assert!(
        !page.contains(Login::of(Lang::default()).not_done),
        "{page}"
    );
}

/// The login page for a browser that has dropped its session cookies.
async fn shown(gateway: &TestGateway, flash: &Option<String>, answer: &Answer) -> String {
    let flash = flash.as_deref().unwrap_or_default();
    let browser = gateway
        .browser()
        .with("cookie", &format!("phonebill_flash={flash}"));
    let page = browser.get(answer.header("location")).await;
    assert_eq!(page.status, 200);
    page.text()
}

/// For example by a bookmark of the login page.
#[tokio::test]
async fn a_session_that_ended_is_told_at_the_login_too_and_once() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=ended");
    let answer = browser.get("/login?next=/bill/menu").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/login?next=/bill/menu")
    );
    let gone = |name: &str| cookies(&answer).contains(&(format!("phonebill_{name}"), true));
    assert!(gone("access") && gone("refresh"));
    let page = shown(&gateway, &browser.cookie("phonebill_flash"), &answer).await;
    let ended = Problem::of(ProblemCode::SessionEnded);
    assert!(page.contains(ended.detail()), "{page}");
}

#[tokio::test]
async fn a_post_that_comes_too_late_is_said_to_have_done_nothing_and_leads_back() {
    let gateway = TestGateway::start().await;
    for (cookie, code) in [
        ("phonebill_access=ended", ProblemCode::SessionEnded),
        // The browser has dropped its cookies itself.
        ("other=1", ProblemCode::TokenMissing),
    ] {
        for (path, next) in [
            (
                VISIT,
                "/product/request%3Fline%3Dl%26from%3DP-1%26to%3DP-2%26key%3Dkey-0001",
            ),
            ("/account/sessions/s-1/end", "/main"),
        ] {
            let browser = gateway.browser().with("cookie", cookie);
            let answer = browser.post_form(path, &[]).await;
            assert_eq!(answer.status, 303, "{path}");
            assert_eq!(answer.header("location"), format!("/login?next={next}"));
            let page = shown(&gateway, &browser.cookie("phonebill_flash"), &answer).await;
            for said in [
                Problem::of(code).detail(),
                Login::of(Lang::default()).not_done,
            ] {
                assert!(page.contains(said), "{path} lacks {said}\n{page}");
            }
        }
    }
}

/// After the day of an automatic login, the browser's dead cookie still shows that there was a session.
#[tokio::test]
async fn an_automatic_login_that_has_run_out_is_told() {
    let gateway = TestGateway::start().await;
    let form = [("userId", "demo01"), ("password", PASSWORD)];
    let kept_for = async |form: &[(&str, &str)]| {
        let answer = gateway.browser().post_form("/login", form).await;
        let set = answer.headers.get_all("set-cookie").iter();
        let set = set.map(|cookie| cookie.to_str().unwrap());
        let kept: Vec<Option<u32>> = set
            .filter(|cookie| !cookie.starts_with("phonebill_device"))
            .map(|cookie| {
                let (_, seconds) = cookie.split_once("Max-Age=")?;
                seconds.split(';').next()?.parse().ok()
            })
            .collect();
        kept
    };
    let day = 24 * 3_600;
    let automatic = [form[0], form[1], ("autoLogin", "on")];
    assert_eq!(kept_for(&automatic).await, [Some(day), Some(32 * day)]);
    assert_eq!(kept_for(&form).await, [None, None], "ends with the browser");

    let browser = gateway.browser().with("cookie", "phonebill_refresh=dead");
    let answer = browser.get("/bill/menu").await;
    assert_eq!(answer.header("location"), "/login?next=/bill/menu");
    let page = shown(&gateway, &browser.cookie("phonebill_flash"), &answer).await;
    let expired = Problem::of(ProblemCode::RefreshInvalid);
    assert!(page.contains(expired.detail()), "{page}");
    assert!(cookies(&answer).contains(&("phonebill_refresh".to_owned(), true)));
}

/// A customer who never signed in has lost no session.
#[tokio::test]
async fn a_stranger_is_told_nothing() {
    let gateway = TestGateway::start().await;
    let answer = gateway.browser().get("/bill/menu").await;
    assert_eq!(answer.header("location"), "/login?next=/bill/menu");
    assert!(
        cookies(&answer)
            .iter()
            .all(|(name, _)| name != "phonebill_flash")
    );
}

/// The page after a logout confirms it, once.
#[tokio::test]
async fn a_logout_says_so_on_the_login_page() {
    let gateway = TestGateway::start().await;
    let said = Login::of(Lang::default()).logged_out;
    for token in ["demo01", "ended"] {
        let signed_in = gateway
            .browser()
            .with("cookie", &format!("phonebill_access={token}"));
        let answer = signed_in.post_form("/logout", &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login"));
        let page = shown(&gateway, &signed_in.cookie("phonebill_flash"), &answer).await;
        assert!(page.contains(said), "{token}\n{page}");
        assert!(!page.contains("role=\"alert\""), "{token}\n{page}");
    }
    let page = gateway.browser().get("/login").await.text();
    assert!(!page.contains(said), "{page}");
}

#[tokio::test]
async fn a_device_that_was_logged_out_is_said_to_be() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    let form = [("userId", "demo01"), ("password", PASSWORD)];
    browser.post_form("/login", &form).await;
    let said = Sessions::of(Lang::default()).ended;
    let answer = browser.post_form("/account/sessions/s-2/end", &[]).await;
    let next = answer.header("location");
    assert_eq!((answer.status, next), (303, "/account/sessions"));
    assert!(browser.get(next).await.text().contains(said));
    assert!(!browser.get(next).await.text().contains(said), "shown once");
}

/// Most customers come by the address without a path.
#[tokio::test]
async fn a_session_that_ended_is_told_at_the_start_page_too() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=ended");
    let answer = browser.get("/").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/login?next=/")
    );
    let page = shown(&gateway, &browser.cookie("phonebill_flash"), &answer).await;
    let ended = Problem::of(ProblemCode::SessionEnded);
    assert!(page.contains(ended.detail()), "{page}");
    let stranger = gateway.browser().get("/").await;
    assert_eq!(
        (stranger.status, stranger.header("location")),
        (303, "/login")
    );
}
