//! Malformed bodies: each is refused with its code, none reaches a port.

use crate::support::gateway::TestGateway;
use serde_json::json;

const LOGIN: &str = "/api/v1/auth/login";

#[tokio::test]
async fn login_fields_are_each_told_their_rule() {
    let gateway = TestGateway::start().await;
    let client = gateway.anonymous();
    for (body, expected) in [
        (
            json!({}),
            vec![("userId", "REQUIRED"), ("password", "REQUIRED")],
        ),
        (
            json!({"userId": "", "password": ""}),
            vec![("userId", "REQUIRED"), ("password", "REQUIRED")],
        ),
        (
            json!({"userId": null, "password": "long-enough"}),
            vec![("userId", "REQUIRED")],
        ),
        (
            json!({"userId": "ab", "password": "short"}),
            vec![
                ("userId", "USER_ID_LENGTH"),
                ("password", "PASSWORD_LENGTH"),
            ],
        ),
        (
            json!({"userId": "a b c", "password": "x".repeat(129)}),
            vec![
                ("userId", "USER_ID_LENGTH"),
                ("password", "PASSWORD_LENGTH"),
            ],
        ),
        (
            json!({"userId": "demo01", "password": 12345678}),
            vec![("password", "MALFORMED")],
        ),
        (
            json!({"userId": "demo01", "password": "long-enough", "autoLogin": "yes"}),
            vec![("autoLogin", "MALFORMED")],
        ),
        (
            json!({"userId": "demo01", "password": "long-enough", "admin": true}),
            vec![("admin", "UNKNOWN")],
        ),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(field, code)| (field.to_owned(), code.to_owned()))
            .collect();
        assert_eq!(
            client.post_json(LOGIN, body.clone()).await.fields(),
            expected,
            "{body}"
        );
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let gateway = TestGateway::start().await;
    let client = gateway.anonymous();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=euc-kr",
        "multipart/form-data; boundary=x",
        "x",
    ] {
        let answer = client.post_as(LOGIN, kind, "{}").await;
        assert_eq!(
            answer.problem(),
            (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()),
            "{kind}"
        );
    }
    let untyped = client.send("POST", LOGIN, &[], b"{}".to_vec()).await;
    assert_eq!(
        untyped.problem(),
        (415, "UNSUPPORTED_MEDIA_TYPE".to_owned())
    );
    let duplicate = br#"{"userId":"demo01","userId":"demo02","password":"long-enough"}"#.to_vec();
    let deep = [b"{\"userId\":".to_vec(), vec![b'['; 15_000]].concat();
    let bad_utf8 = b"{\"userId\":\"\xff\xfe\",\"password\":\"long-enough\"}".to_vec();
    let nul = br#"{"userId":"demo\u0000","password":"long-enough"}"#.to_vec();
    for body in [
        duplicate,
        deep,
        bad_utf8,
        nul,
        b"".to_vec(),
        b"{".to_vec(),
        b"{} {}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"NaN".to_vec(),
    ] {
        let answer = client
            .post_as(LOGIN, "application/json", body.clone())
            .await;
        assert_eq!(
            answer.status,
            400,
            "{} {answer:?}",
            String::from_utf8_lossy(&body)
        );
        assert_eq!(answer.code(), "VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_announced_or_not() {
    let gateway = TestGateway::start().await;
    for path in [LOGIN, "/login", "/api/v1/product/check", "/rpc/bill/menu"] {
        let client = gateway.program("demo01");
        let answer = client
            .post_as(path, "application/json", vec![b' '; 16 * 1024 + 1])
            .await;
        assert_eq!(
            answer.problem(),
            (413, "BODY_TOO_LARGE".to_owned()),
            "{path}"
        );
        let answer = chunked(&gateway.origin, path, 20_000).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path} {answer}");
    }
    let client = gateway.anonymous();
    let exact = format!("{{{}}}", " ".repeat(16 * 1024 - 2));
    assert_eq!(
        client
            .post_as(LOGIN, "application/json", exact)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_form_over_the_limit_leaves_its_page_signed_in() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=demo01");
    let long = "x".repeat(20_000);
    let answer = browser
        .post_form("/product/request", &[("lineId", &long)])
        .await;
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.text().contains("action=\"/logout\""), "{answer:?}");
}

/// A POST without a Content-Length.
async fn chunked(origin: &str, path: &str, length: usize) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let host = origin.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer demo01\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
         {length:x}\r\n{}\r\n0\r\n\r\n",
        " ".repeat(length)
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The server may close as soon as it has answered; the answer counts.
    while let Ok(read) = stream.read_buf(&mut answer).await
        && read > 0
    {}
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn an_inquiry_needs_no_body() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    let path = "/api/v1/bill/inquiry";
    let reached = (404, "BILL_NOT_FOUND".to_owned());
    assert_eq!(
        client.send("POST", path, &[], Vec::new()).await.problem(),
        reached
    );
    assert_eq!(client.post_json(path, json!({})).await.problem(), reached);
    assert_eq!(
        client
            .post_json(path, json!({"month": "2026-11"}))
            .await
            .problem(),
        reached
    );
    assert_eq!(
        client
            .post_json(path, json!({"month": "2026-13"}))
            .await
            .fields(),
        [("month".to_owned(), "MALFORMED".to_owned())]
    );
    assert_eq!(
        client.post_json(path, json!({"line": "x"})).await.fields(),
        [("line".to_owned(), "UNKNOWN".to_owned())]
    );
    assert_eq!(client.post_as(path, "text/plain", "{}").await.status, 415);
    assert_eq!(
        client.send("POST", path, &[], b"{}".to_vec()).await.status,
        415
    );
}

#[tokio::test]
async fn a_change_needs_one_well_formed_key() {
    let gateway = TestGateway::start().await;
    let client = gateway.program("demo01");
    let path = "/api/v1/product/request";
    let body = json!({"lineId": "line-1", "currentProductCode": "A", "targetProductCode": "B"})
        .to_string();
    let json_type = ("content-type", "application/json");
    for keys in [
        vec![],
        vec!["short"],
        vec!["has space in it"],
        vec!["twice-the-key", "twice-the-key"],
    ] {
        let mut headers: Vec<_> = keys.iter().map(|key| ("idempotency-key", *key)).collect();
        headers.push(json_type);
        let answer = client
            .send("POST", path, &headers, body.clone().into_bytes())
            .await;
        assert_eq!(
            answer.problem(),
            (400, "IDEMPOTENCY_KEY_MISSING".to_owned()),
            "{keys:?}"
        );
    }
    let headers = [("idempotency-key", "key-12345678"), json_type];
    let answer = client.send("POST", path, &headers, body.into_bytes()).await;
    assert_eq!(answer.problem(), (409, "CHANGE_IN_PROGRESS".to_owned()));
    assert_eq!(answer.json()["requestId"], "r-1");
}
