//! The lock, as a client sees it.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    test_app::TestApp,
};
use serde_json::json;

on_both_databases! { five_wrong_passwords_lock_and_say_for_how_long }

async fn five_wrong_passwords_lock_and_say_for_how_long(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    for user_id in ["demo01", "nobody99"] {
        let body = json!({"userId": user_id, "password": "wrong-password"});
        let mut last = None;
        for _ in 0..5 {
            last = Some(
                app.anonymous()
                    .post_json("/api/v1/auth/login", body.clone())
                    .await,
            );
        }
        let answer = last.unwrap();
        assert_eq!(
            answer.problem(),
            (401, "AUTH_LOCKED".to_owned()),
            "{user_id}"
        );
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1_790..=1_800).contains(&wait), "{wait}");
        assert_eq!(answer.json()["retryAfter"], wait);
    }
    app.stop().await;
}
