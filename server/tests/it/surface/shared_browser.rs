//! One browser, two customers; one customer, two browsers.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
};
use server::auth::DEMO_PASSWORD;

on_both_databases! {
    the_next_customer_of_a_browser_ends_the_session_of_the_one_before,
    a_customer_whose_id_others_lock_gets_in_from_the_browser_they_use,
}

async fn the_next_customer_of_a_browser_ends_the_session_of_the_one_before(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let browser = app.browser("demo01").await;
    let kept = ["access", "refresh"].map(|name| {
        let name = format!("phonebill_{name}");
        let value = browser.cookie(&name).unwrap();
        format!("{name}={value}")
    });
    let elsewhere = app.browser("demo01").await;

    let form = [("userId", "bill01"), ("password", DEMO_PASSWORD)];
    let answer = browser.post_form("/login", &form).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/main"));
    for cookies in [kept.join("; "), kept[0].clone(), kept[1].clone()] {
        let old = Client::browser(app.origin()).with("cookie", &cookies);
        let answer = old.get("/main").await;
        let led = (answer.status, answer.header("location"));
        assert_eq!(led, (303, "/login?next=/main"), "{cookies}");
    }
    assert_eq!(browser.get("/main").await.status, 200);
    assert_eq!(elsewhere.get("/main").await.status, 200, "another browser");
    app.stop().await;
}

async fn a_customer_whose_id_others_lock_gets_in_from_the_browser_they_use(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let used = app.browser("demo01").await;
    used.post_form("/logout", &[]).await;
    let attacker = Client::browser(app.origin());
    let wrong = [("userId", "demo01"), ("password", "a wrong password")];
    for _ in 0..5 {
        attacker.post_form("/login", &wrong).await;
    }
    let right = [("userId", "demo01"), ("password", DEMO_PASSWORD)];
    let elsewhere = attacker.post_form("/login", &right).await;
    assert_eq!(elsewhere.header("location"), "/login", "locked");
    let owner = used.post_form("/login", &right).await;
    assert_eq!(owner.header("location"), "/main");
    app.stop().await;
}
