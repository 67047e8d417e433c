//! What a customer meets whose session is over: the login, with the reason, and the way back.

use crate::support::{client::Answer, gateway::TestGateway};
use app::{
    problem::{Problem, ProblemCode},
    text::{Lang, login::Login},
};

const VISIT: &str = "/product/request?line=l&from=P-1&to=P-2&key=key-0001";

/// The cookies set, without their values.
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

/// The login page as the browser sees it that has been told to forget its session.
async fn shown(gateway: &TestGateway, flash: &Option<String>, answer: &Answer) -> String {
    let flash = flash.as_deref().unwrap_or_default();
    let browser = gateway
        .browser()
        .with("cookie", &format!("phonebill_flash={flash}"));
    let page = browser.get(answer.header("location")).await;
    assert_eq!(page.status, 200);
    page.text()
}

#[tokio::test]
async fn a_post_that_comes_too_late_is_said_to_have_done_nothing_and_leads_back() {
    let gateway = TestGateway::start().await;
    for (cookie, code) in [
        ("phonebill_access=ended", ProblemCode::SessionEnded),
        // The browser has let go of its cookies by itself.
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

/// Whoever opens a page without ever having signed in has not lost anything.
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
