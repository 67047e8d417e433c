//! The login form (SCR-001): messages beside fields, focus, and the reason for asking.

use crate::support::{client::Client, fake_ports::PASSWORD, gateway::TestGateway};
use app::{
    problem::FieldCode,
    text::{Lang, login::Login, problem},
};

/// The page after a refused login.
async fn refused(browser: &Client, user_id: &str, password: &str) -> String {
    let form = [("userId", user_id), ("password", password)];
    let answer = browser.post_form("/login", &form).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    browser.get(answer.header("location")).await.text()
}

/// The tag of the element with that id.
fn tag<'a>(page: &'a str, id: &str) -> &'a str {
    let at = page.find(&format!("id=\"{id}\"")).unwrap();
    let start = page[..at].rfind('<').unwrap();
    &page[start..start + page[start..].find('>').unwrap()]
}

#[tokio::test]
async fn an_empty_field_says_what_belongs_there_and_the_first_has_the_focus() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    let empty = |name| problem::field(Lang::Ko, name, FieldCode::Required);
    let (id, password) = (empty("userId"), empty("password"));
    assert_ne!(id, password);
    for (user_id, entered, said, focused) in [
        ("", "", &[id, password][..], "userId"),
        ("", PASSWORD, &[id][..], "userId"),
        ("demo01", "", &[password][..], "password"),
    ] {
        let page = refused(&browser, user_id, entered).await;
        for sentence in [id, password] {
            let times = usize::from(said.contains(&sentence));
            assert_eq!(page.matches(sentence).count(), times, "{sentence}\n{page}");
        }
        assert!(!page.contains("role=\"alert\""), "{page}");
        assert_eq!(page.matches("autofocus").count(), 1, "{page}");
        assert!(tag(&page, focused).contains("autofocus"), "{page}");
    }
}

#[tokio::test]
async fn a_space_behind_the_id_is_no_part_of_it_and_a_password_is_taken_as_typed() {
    let gateway = TestGateway::start().await;
    let spaced = format!("{PASSWORD} ");
    for (user_id, password, place) in [
        ("demo01 ", PASSWORD, "/main"),
        (" demo01", PASSWORD, "/main"),
        ("demo01", spaced.as_str(), "/login"),
    ] {
        let form = [("userId", user_id), ("password", password)];
        let answer = gateway.browser().post_form("/login", &form).await;
        assert_eq!(answer.header("location"), place, "{user_id:?} {password:?}");
    }
}

/// 128 bytes hold 42 Hangul syllables.
#[tokio::test]
async fn a_password_that_is_too_long_in_hangul_is_told_how_long_it_may_be() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    let said = problem::field(Lang::Ko, "password", FieldCode::PasswordLength);
    for (syllables, too_long) in [(42, false), (43, true)] {
        let page = refused(&browser, "demo01", &"\u{ac00}".repeat(syllables)).await;
        assert_eq!(page.contains(said), too_long, "{syllables}\n{page}");
    }
    assert!(said.contains("42"), "{said}");
}

#[tokio::test]
async fn whoever_was_on_the_way_elsewhere_is_told_why_a_login_is_asked_for() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    let needed = Login::of(Lang::default()).needed;
    let led = browser.get("/bill/menu").await;
    assert_eq!(led.header("location"), "/login?next=/bill/menu");
    let page = browser.get(led.header("location")).await.text();
    assert!(page.contains(needed), "{page}");
    assert!(!browser.get("/login").await.text().contains(needed));

    let form = [
        ("userId", "demo01"),
        ("password", "wrong-password"),
        ("next", "/bill/menu"),
    ];
    let wrong = browser.post_form("/login?next=/bill/menu", &form).await;
    let page = browser.get(wrong.header("location")).await.text();
    assert!(page.contains("role=\"alert\""), "{page}");
    assert!(!page.contains(needed), "{page}");
}

#[tokio::test]
async fn a_browser_keeps_for_a_year_that_it_has_logged_in_and_shows_it_at_the_next_login() {
    let gateway = TestGateway::start().await;
    let form = [("userId", "locked01"), ("password", PASSWORD)];
    let stranger = gateway.browser().post_form("/login", &form).await;
    assert_eq!(stranger.header("location"), "/login");
    let mut set = stranger.headers.get_all("set-cookie").iter();
    assert!(!set.any(|set| set.to_str().unwrap().starts_with("phonebill_device")));

    let owner = gateway.browser();
    let owner = owner.with("cookie", "phonebill_device=browser-of-locked01");
    let let_in = owner.post_form("/login", &form).await;
    assert_eq!(let_in.header("location"), "/main");
    let kept =
        "phonebill_device=browser-of-locked01; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000";
    let mut set = let_in.headers.get_all("set-cookie").iter();
    assert!(set.any(|set| set == kept), "{let_in:?}");

    // It stays when the customer leaves, and programs get none.
    let browser = gateway.browser();
    let demo = [("userId", "demo01"), ("password", PASSWORD)];
    browser.post_form("/login", &demo).await;
    browser.post_form("/logout", &[]).await;
    let kept = browser.cookie("phonebill_device");
    assert_eq!(kept.as_deref(), Some("browser-of-demo01"));
    let body = serde_json::json!({"userId": "demo01", "password": PASSWORD});
    let program = gateway.anonymous();
    let answer = program.post_json("/api/v1/auth/login", body).await;
    assert_eq!(answer.header("set-cookie"), "");
}
