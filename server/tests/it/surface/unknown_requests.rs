//! A request id that this server never made names nothing, whatever is in it and however it arrives.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    test_app::TestApp,
};
use serde_json::json;

on_both_databases! { an_id_that_was_never_made_is_not_found }

async fn an_id_that_was_never_made_is_not_found(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    for id in [
        "",
        "\0",
        "CHG-\0",
        "CHG-20261121-7K3M9QXV2A",
        "'",
        "\u{feff}",
        &"x".repeat(65),
    ] {
        let body = json!({ "request": id });
        let answer = client.post_json("/rpc/product/status", body).await;
        assert_eq!(answer.problem(), (404, "NOT_FOUND".to_owned()), "{id:?}");
        let query = serde_urlencoded::to_string([("request", id)]).unwrap();
        let page = browser.get(&format!("/product/result?{query}")).await;
        assert_eq!(page.status, 404, "{id:?}");
    }
    app.stop().await;
}
