//! A walk through the whole API by an independent client.

mod bills;
mod changes;
mod lock;
mod sessions;

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
};
use serde_json::{Value, json};
use server::auth::DEMO_PASSWORD;

on_both_databases! { a_customer_walks_the_whole_api }

async fn a_customer_walks_the_whole_api(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let body = json!({"userId": "demo01", "password": DEMO_PASSWORD, "autoLogin": true});
    let login = app
        .anonymous()
        .post_json("/api/v1/auth/login", body)
        .await
        .json();
    assert_eq!(
        keys(&login),
        [
            "accessToken",
            "expiresIn",
            "refreshExpiresIn",
            "refreshToken",
            "tokenType",
            "user"
        ]
    );
    assert_eq!(
        (text(&login, "tokenType"), &login["expiresIn"]),
        ("Bearer", &json!(1800))
    );
    let refresh_expires_in = login["refreshExpiresIn"].as_u64().unwrap();
    assert!(
        (86_390..=86_400).contains(&refresh_expires_in),
        "{refresh_expires_in}"
    );
    let client = app.anonymous().bearer(text(&login, "accessToken"));
    let user = client.get("/api/v1/auth/user-info").await.json();
    assert_eq!(user, login["user"]);
    assert_eq!(
        keys(&user),
        ["customerId", "lines", "permissions", "userId", "userName"]
    );
    assert_eq!(
        user["permissions"],
        json!(["BILL_INQUIRY", "PRODUCT_CHANGE"])
    );
    let lines = user["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    let line = text(&lines[0], "lineId");
    bills::walk(&client, line).await;
    changes::walk(&app, &client, line).await;
    sessions::walk(&app, &client).await;
    sessions::end(&app, &client, text(&login, "refreshToken")).await;
    app.stop().await;
}

/// The names of the fields, sorted.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// The text of a field.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

/// The items of a list.
async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.json()["items"]
        .as_array()
        .unwrap()
        .clone()
}
