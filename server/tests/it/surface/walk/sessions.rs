//! Sessions, refresh, logout.

use super::{items, keys, text};
use crate::support::{client::Client, test_app::TestApp};
use serde_json::json;

pub(super) async fn walk(app: &TestApp, client: &Client) {
    let other = app.login("demo01").await;
    let listed = items(client, "/api/v1/auth/sessions").await;
    assert_eq!(listed.len(), 2);
    assert_eq!(
        keys(&listed[0]),
        ["createdAt", "current", "device", "lastSeenAt", "sessionId"]
    );
    let theirs = listed
        .iter()
        .find(|session| session["current"] == false)
        .unwrap();
    let path = format!("/api/v1/auth/sessions/{}", text(theirs, "sessionId"));
    assert_eq!(
        app.login("bill01").await.delete(&path).await.problem(),
        (404, "NOT_FOUND".to_owned())
    );
    assert_eq!(client.delete(&path).await.status, 204);
    let ended = other.get("/api/v1/auth/user-info").await;
    assert_eq!(ended.problem(), (401, "SESSION_ENDED".to_owned()));
}

pub(super) async fn end(app: &TestApp, client: &Client, refresh_token: &str) {
    let refresh = |token: &str| {
        let body = json!({ "refreshToken": token });
        let client = app.anonymous();
        async move { client.post_json("/api/v1/auth/refresh", body).await }
    };
    let pair = refresh(refresh_token).await.json();
    assert_eq!(
        keys(&pair),
        [
            "accessToken",
            "expiresIn",
            "refreshExpiresIn",
            "refreshToken",
            "tokenType"
        ]
    );
    let renewed = app.anonymous().bearer(text(&pair, "accessToken"));
    assert_eq!(renewed.get("/api/v1/auth/user-info").await.status, 200);
    let logout = renewed
        .send("POST", "/api/v1/auth/logout", &[], Vec::new())
        .await;
    assert_eq!((logout.status, logout.body.len()), (204, 0));
    for dead in [client, &renewed] {
        assert_eq!(
            dead.get("/api/v1/auth/user-info").await.problem(),
            (401, "SESSION_ENDED".to_owned())
        );
    }
    assert_eq!(
        refresh(text(&pair, "refreshToken")).await.problem(),
        (401, "REFRESH_INVALID".to_owned())
    );
}
