//! An independent client walks the whole API.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
    wait::until,
};
use serde_json::{Value, json};
use server::auth::DEMO_PASSWORD;

on_both_databases! {
    a_customer_walks_the_whole_api,
    an_unclear_change_is_accepted_and_then_settled,
    five_wrong_passwords_lock_and_say_for_how_long,
}

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

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

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
    bills(&client, line).await;
    changes(&app, &client, line).await;
    sessions(&app, &client).await;
    ends(&app, &client, text(&login, "refreshToken")).await;
    app.stop().await;
}

async fn bills(client: &Client, line: &str) {
    let menu = client.get("/api/v1/bill/menu").await.json();
    assert_eq!(keys(&menu), ["currentMonth", "lineId", "lines", "months"]);
    assert_eq!(
        (
            text(&menu, "lineId"),
            menu["months"].as_array().unwrap().len()
        ),
        (line, 6)
    );
    let this_month = text(&menu, "currentMonth");
    let bill = client
        .post_json("/api/v1/bill/inquiry", json!({}))
        .await
        .json();
    assert_eq!(
        keys(&bill),
        [
            "charges",
            "contract",
            "discounts",
            "freshness",
            "installment",
            "lineId",
            "lineNumber",
            "month",
            "payment",
            "product",
            "requestId",
            "terminationFee",
            "total",
            "usage"
        ]
    );
    assert_eq!(
        (text(&bill, "month"), text(&bill, "lineId")),
        (this_month, line)
    );
    assert_eq!(text(&bill["freshness"], "source"), "KOS");
    assert!(text(&bill["freshness"], "asOf").ends_with("+09:00"));
    let sum = |name: &str| -> i64 {
        let items = bill[name].as_array().unwrap();
        items
            .iter()
            .map(|item| item["amount"].as_i64().unwrap())
            .sum()
    };
    assert_eq!(
        bill["total"].as_i64().unwrap(),
        sum("charges") - sum("discounts")
    );
    let again = client
        .post_json(
            "/api/v1/bill/inquiry",
            json!({"lineId": line, "month": this_month}),
        )
        .await
        .json();
    assert_eq!(text(&again["freshness"], "source"), "CACHE");
    for (month, code) in [
        ("2099-01", "MONTH_IN_FUTURE"),
        ("2020-01", "MONTH_TOO_OLD"),
        ("2026-1", "MALFORMED"),
    ] {
        let answer = client
            .post_json("/api/v1/bill/inquiry", json!({"month": month}))
            .await;
        assert_eq!(answer.fields(), [("month".to_owned(), code.to_owned())]);
    }
    until("both inquiries are in the history", async || {
        items(client, "/api/v1/bill/history").await.len() >= 2
    })
    .await;
    let page = client.get("/api/v1/bill/history?limit=1").await.json();
    assert_eq!(
        keys(&page["items"][0]),
        [
            "deliveredAt",
            "lineId",
            "month",
            "processedAt",
            "requestId",
            "requestedAt",
            "resultCode",
            "source",
            "status"
        ]
    );
    let next = client
        .get(&format!(
            "/api/v1/bill/history?limit=1&cursor={}",
            text(&page, "nextCursor")
        ))
        .await
        .json();
    assert_ne!(page["items"][0]["requestId"], next["items"][0]["requestId"]);
    assert_eq!(
        client
            .get("/api/v1/bill/history?cursor=%00nonsense")
            .await
            .status,
        400
    );
    assert_eq!(
        client
            .get("/api/v1/bill/history?from=2020-01-01&to=2020-12-31")
            .await
            .json()["items"],
        json!([])
    );
}

async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.json()["items"]
        .as_array()
        .unwrap()
        .clone()
}

async fn changes(app: &TestApp, client: &Client, line: &str) {
    let menu = client.get("/api/v1/product/menu").await.json();
    assert_eq!(
        keys(&menu),
        [
            "availableProducts",
            "currentProduct",
            "customerId",
            "line",
            "userName"
        ]
    );
    assert_eq!(text(&menu["line"], "status"), "ACTIVE");
    let options = client
        .get(&format!("/api/v1/product/change?lineId={line}"))
        .await
        .json();
    let current = text(&options["currentProduct"], "code").to_owned();
    let target = options["products"][0].clone();
    assert_eq!(
        target["feeDelta"].as_i64().unwrap(),
        target["monthlyFee"].as_i64().unwrap()
            - options["currentProduct"]["monthlyFee"].as_i64().unwrap()
    );
    let target = text(&target, "code").to_owned();
    let draft = json!({"lineId": line, "currentProductCode": current, "targetProductCode": target});
    let check = client
        .post_json("/api/v1/product/check", draft.clone())
        .await
        .json();
    assert_eq!(check["passed"], true);
    let kinds: Vec<_> = check["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| text(check, "type").to_owned())
        .collect();
    assert_eq!(kinds, ["PRODUCT_ON_SALE", "OPERATOR_MATCH", "LINE_IN_USE"]);
    let keyed = app.anonymous();
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "walk-key-0001"),
    ];
    let body = || draft.to_string().into_bytes();
    assert_eq!(
        keyed
            .send("POST", "/api/v1/product/request", &headers, body())
            .await
            .status,
        401
    );
    let first = client
        .send("POST", "/api/v1/product/request", &headers, body())
        .await;
    assert_eq!(first.status, 200, "{first:?}");
    let change = first.json();
    assert_eq!(
        keys(&change),
        [
            "effectiveDate",
            "failure",
            "from",
            "kosOrderNumber",
            "lineId",
            "lineNumber",
            "processedAt",
            "requestId",
            "requestedAt",
            "status",
            "to"
        ]
    );
    assert_eq!(
        (text(&change, "status"), text(&change["to"], "code")),
        ("COMPLETED", target.as_str())
    );
    let again = client
        .send("POST", "/api/v1/product/request", &headers, body())
        .await;
    assert_eq!(
        (again.status, &again.body),
        (200, &first.body),
        "the same answer, byte for byte"
    );
    let other = json!({"lineId": line, "currentProductCode": target, "targetProductCode": current})
        .to_string();
    let reused = client
        .send(
            "POST",
            "/api/v1/product/request",
            &headers,
            other.into_bytes(),
        )
        .await;
    assert_eq!(reused.problem(), (422, "IDEMPOTENCY_KEY_REUSED".to_owned()));
    let stale = client.post_json("/api/v1/product/check", draft).await;
    assert_eq!(stale.problem(), (409, "CURRENT_PRODUCT_CHANGED".to_owned()));
    let path = format!("/api/v1/product/request/{}", text(&change, "requestId"));
    assert_eq!(client.get(&path).await.json(), change);
    assert_eq!(
        app.login("susp01").await.get(&path).await.problem(),
        (404, "NOT_FOUND".to_owned())
    );
    assert_eq!(items(client, "/api/v1/product/history").await[0], change);
    let menu = client.get("/api/v1/product/menu").await.json();
    assert_eq!(text(&menu["currentProduct"], "code"), target);
}

async fn sessions(app: &TestApp, client: &Client) {
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

async fn ends(app: &TestApp, client: &Client, refresh_token: &str) {
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

async fn an_unclear_change_is_accepted_and_then_settled(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let client = app.login("prod01").await;
    let options = client.get("/api/v1/product/change").await.json();
    let draft = json!({
        "lineId": options["line"]["lineId"],
        "currentProductCode": options["currentProduct"]["code"],
        "targetProductCode": options["products"][0]["code"],
    });
    app.faults(&[
        "kos.change=lost_answer*1",
        "kos.change_status=error_before:503*1",
    ]);
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "unclear-key-1"),
    ];
    let answer = client
        .send(
            "POST",
            "/api/v1/product/request",
            &headers,
            draft.to_string().into_bytes(),
        )
        .await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(text(&answer.json(), "status"), "PENDING");
    let place = answer.header("location").to_owned();
    assert_eq!(
        place,
        format!(
            "/api/v1/product/request/{}",
            text(&answer.json(), "requestId")
        )
    );
    app.faults(&[]);
    until("the change is settled", async || {
        client.get(&place).await.json()["status"] == "COMPLETED"
    })
    .await;
    app.stop().await;
}

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
