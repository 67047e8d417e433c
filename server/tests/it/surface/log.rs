//! What the log says of a request.

use crate::support::{
    backends::{TestDatabase, on_sqlite},
    client::Client,
    log::Log,
    test_app::TestApp,
};

/// On one thread, because the log of a test is heard on one.
#[tokio::test]
async fn a_session_that_a_renewal_ends_is_logged_with_its_request() {
    on_sqlite(renewed_by_two_browsers).await;
}

async fn renewed_by_two_browsers(database: TestDatabase) {
    let log = Log::listen();
    let app = TestApp::start(&database).await;
    let browser = app.browser("demo01").await;
    let token = browser.cookie("phonebill_refresh").unwrap();
    // Two browsers come with one token: the second one has stolen it.
    for name in ["Chrome", "Firefox"] {
        Client::browser(app.origin())
            .with("user-agent", name)
            .with("cookie", &format!("phonebill_refresh={token}"))
            .get("/main")
            .await;
    }
    let ended = log.with("REFRESH_REUSED");
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert!(ended[0].contains("request{id="), "{ended:?}");
    app.stop().await;
}
