//! The OpenAPI document, the contract's page and the router list the same operations.

use crate::support::gateway::TestGateway;
use std::collections::BTreeSet;

const CONTRACT: &str = include_str!("../../../../docs/api.md");

/// Method (in lower case) and path of every operation in the tables of `docs/api.md`.
fn contract() -> BTreeSet<(String, String)> {
    let rows = CONTRACT.lines().filter(|line| line.starts_with("| "));
    let operations = rows.filter_map(|row| row.split('|').nth(1));
    let mut found = BTreeSet::new();
    for cell in operations {
        for (at, method) in ["GET `/", "POST `/", "DELETE `/"]
            .iter()
            .flat_map(|start| cell.match_indices(start))
        {
            let method = method.trim_end_matches(" `/").to_lowercase();
            let path = cell[at..].split('`').nth(1).unwrap();
            found.insert((method, format!("/api/v1{path}")));
        }
    }
    assert_eq!(found.len(), 16, "{found:?}");
    found
}

#[tokio::test]
async fn the_document_lists_what_the_contract_lists() {
    let gateway = TestGateway::start().await;
    let document = gateway.anonymous().get("/api/openapi.json").await.json();
    assert!(
        document["openapi"].as_str().unwrap().starts_with("3.1"),
        "{}",
        document["openapi"]
    );
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            documented.insert((method.clone(), path.clone()));
        }
    }
    assert_eq!(documented, contract());
}

#[tokio::test]
async fn every_documented_operation_answers_and_refuses_strangers() {
    let gateway = TestGateway::start().await;
    for (method, template) in contract() {
        let path = template
            .replace("{service}", "BILL_INQUIRY")
            .replace("{sessionId}", "s-1")
            .replace("{requestId}", "r-1");
        let answer = gateway
            .anonymous()
            .send(&method.to_uppercase(), &path, &[], Vec::new())
            .await;
        let public = ["/login", "/refresh"].iter().any(|end| path.ends_with(end));
        let expected = if public {
            (415, "UNSUPPORTED_MEDIA_TYPE")
        } else {
            (401, "TOKEN_MISSING")
        };
        assert_eq!(
            answer.problem(),
            (expected.0, expected.1.to_owned()),
            "{method} {path}"
        );
        let wrong_method = gateway
            .program("demo01")
            .send("POST", &path, &[], Vec::new())
            .await;
        if method != "post" && path != "/api/v1/product/request" {
            assert_eq!(
                wrong_method.problem(),
                (405, "METHOD_NOT_ALLOWED".to_owned()),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn every_answer_given_here_is_documented() {
    let gateway = TestGateway::start().await;
    let document = gateway.anonymous().get("/api/openapi.json").await.json();
    for (method, path) in contract() {
        let operation = &document["paths"][&path][&method];
        let responses = operation["responses"].as_object().unwrap();
        for status in ["429", "500", "503"] {
            assert!(responses.contains_key(status), "{method} {path} {status}");
        }
        for (status, response) in responses {
            assert!(
                response["headers"]["X-Request-Id"].is_object(),
                "{method} {path} {status}"
            );
            if status.as_str() >= "400" {
                assert!(
                    response["content"]["application/problem+json"].is_object(),
                    "{path} {status}"
                );
            }
        }
        let secured = operation["security"].is_array();
        assert_eq!(
            secured,
            responses.contains_key("401")
                && !path.ends_with("/login")
                && !path.ends_with("/refresh"),
            "{path}"
        );
    }
    let request = &document["paths"]["/api/v1/product/request"]["post"];
    assert!(request["responses"]["202"]["headers"]["Location"].is_object());
    assert!(
        request["parameters"]
            .to_string()
            .contains("Idempotency-Key")
    );
    for path in ["/api/v1/product/menu", "/api/v1/product/change"] {
        let conflict = &document["paths"][path]["get"]["responses"]["409"];
        assert_eq!(conflict["description"], "LINE_INACTIVE", "{path}");
    }
    let busy = &document["paths"]["/api/v1/bill/inquiry"]["post"]["responses"]["503"];
    assert!(
        busy["description"]
            .as_str()
            .unwrap()
            .contains("KOS_UNAVAILABLE")
    );
    assert!(busy["headers"]["Retry-After"].is_object());
}

#[tokio::test]
async fn references_in_the_document_resolve() {
    let gateway = TestGateway::start().await;
    let document = gateway.anonymous().get("/api/openapi.json").await.json();
    let text = document.to_string();
    let references: BTreeSet<_> = text
        .split("\"$ref\":\"#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(
        references.contains("Problem") && references.contains("Bill"),
        "{references:?}"
    );
    for name in references {
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn people_can_read_it_too() {
    let gateway = TestGateway::start().await;
    let page = gateway.browser().get("/api/docs").await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{page:?}"
    );
    let html = page.text();
    for (method, path) in contract() {
        let operation = format!("{} {path}", method.to_uppercase());
        assert!(html.contains(&operation), "{operation}");
    }
    // The page's scripts are our own files, and the policy lets them run.
    let policy = page.header("content-security-policy");
    let scripts: Vec<_> = html.split("<script").skip(1).collect();
    assert_eq!(scripts.len(), 2);
    for script in scripts {
        let nonce = script.split("nonce=\"").nth(1).unwrap();
        let nonce = nonce.split('"').next().unwrap();
        assert!(policy.contains(&format!("'nonce-{nonce}'")), "{script}");
    }
    assert!(
        !html.contains("//cdn") && !html.contains("src=\"http"),
        "{html}"
    );
    assert!(html.starts_with("<!DOCTYPE html>"));
}
