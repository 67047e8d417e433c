//! The files of `fixtures/`, the contract's answers: the simulator serves them, and the server's KOS
//! client decodes the same files. `cargo test -p simulator -- --ignored` rewrites them.

use crate::support::{SECRET, change, demo_change, stand};
use serde_json::{Value, json};
use simulator::{Capabilities, NO_BILL_LINE};
use std::path::PathBuf;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(format!("{name}.json"))
}

/// The answers of both contracts, by file name.
async fn answers() -> Vec<(&'static str, String)> {
    let mut answers = Vec::new();
    let base = stand(Capabilities::BASE, None, &[]).await;
    let extended = stand(Capabilities::ALL, None, &[]).await;
    let bill = |line: &str, month: &str| {
        Some(json!({"lineNumber": line, "billingMonth": month, "requestId": "req-0001"}))
    };
    let line = |line: &str| Some(json!({"lineNumber": line, "requestId": "req-0001"}));
    let (inquiry, product, order) = ("/bill/inquiry", "/product/inquiry", "/product/change");
    let refused = |to: &str, id: &str| Some(change("01012345678", "LTE-BASIC-001", to, id));
    let suspended = change("01056789012", "5G-SLIM-001", "LTE-BASIC-001", "req-2002");
    let moved = change("01012345678", "LTE-LITE-001", "LTE-SENIOR-001", "req-2006");
    for (name, stand, path, body) in [
        (
            "bill-inquiry.base",
            &base,
            inquiry,
            bill("01023456789", "202610"),
        ),
        (
            "bill-inquiry.extended",
            &extended,
            inquiry,
            bill("01023456789", "202610"),
        ),
        (
            "bill-inquiry.overdue",
            &extended,
            inquiry,
            bill("01034567890", "202610"),
        ),
        (
            "bill-inquiry.over-usage",
            &extended,
            inquiry,
            bill("01045678901", "202610"),
        ),
        (
            "bill-inquiry.refused-1001",
            &base,
            inquiry,
            bill("01012340000", "202610"),
        ),
        (
            "bill-inquiry.refused-1002",
            &base,
            inquiry,
            bill("01012349999", "202610"),
        ),
        (
            "bill-inquiry.refused-1003",
            &base,
            inquiry,
            bill(NO_BILL_LINE, "202608"),
        ),
        (
            "bill-inquiry.refused-9003",
            &base,
            inquiry,
            bill("010-1234-5678", "202610"),
        ),
        (
            "available-months",
            &base,
            "/bill/available-months/01012345678",
            None,
        ),
        (
            "available-months.gap",
            &base,
            "/bill/available-months/01010031003",
            None,
        ),
        ("product-inquiry", &base, product, line("01012345678")),
        (
            "product-inquiry.suspended",
            &base,
            product,
            line("01056789012"),
        ),
        (
            "product-inquiry.refused-3001",
            &base,
            product,
            line("01012340000"),
        ),
        (
            "product-inquiry.refused-3002",
            &base,
            product,
            line("01012349999"),
        ),
        ("product-list.base", &base, "/product/list", None),
        ("product-list.extended", &extended, "/product/list", None),
        (
            "product-change",
            &base,
            order,
            Some(demo_change("req-0002")),
        ),
        (
            "product-change.k3-first",
            &extended,
            order,
            Some(demo_change("req-0002")),
        ),
        (
            "product-change.k3-repeated-2007",
            &extended,
            order,
            Some(demo_change("req-0002")),
        ),
        ("product-change.refused-2002", &base, order, Some(suspended)),
        (
            "product-change.refused-2003",
            &base,
            order,
            refused("NO-SUCH-PLAN", "req-2003"),
        ),
        (
            "product-change.refused-2004",
            &base,
            order,
            refused("3G-OLD-001", "req-2004"),
        ),
        (
            "product-change.refused-2005",
            &base,
            order,
            refused("5G-PURE-001", "req-2005"),
        ),
        ("product-change.refused-2006", &extended, order, Some(moved)),
        ("change-status", &extended, "/product/change/req-0002", None),
        (
            "change-status.refused-2404",
            &extended,
            "/product/change/req-9999",
            None,
        ),
    ] {
        answers.push((name, stand.ask(path, body.as_ref()).await));
    }
    let accepted = crate::ap::deliver(&extended, &crate::ap::event("event-0001"), SECRET).await;
    answers.push(("mvno-results.accepted", accepted.unwrap().1.to_string()));
    answers
}

#[tokio::test]
async fn the_simulator_serves_the_fixtures() {
    let answers = answers().await;
    for (name, answer) in &answers {
        let text = std::fs::read_to_string(file(name)).unwrap_or_else(|_| panic!("no {name}"));
        let expected: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(answer).unwrap(),
            expected,
            "{name}"
        );
        // Values compare 69000.00 equal to 69000.0: the text must agree as well.
        assert_eq!(indent(answer), text, "{name}");
    }
    let folder = std::fs::read_dir(file("x").parent().unwrap()).unwrap();
    assert_eq!(
        folder.count(),
        answers.len(),
        "every fixture has an answer it belongs to"
    );
}

#[tokio::test]
#[ignore = "writes the fixtures; run it after a change of the contract and read the difference"]
async fn write_the_fixtures() {
    for (name, answer) in answers().await {
        std::fs::write(file(name), indent(&answer)).unwrap();
    }
}

/// Indents JSON text without reading its numbers, so that `69000.00` stays.
fn indent(json: &str) -> String {
    let (mut text, mut depth, mut in_string, mut escaped) = (String::new(), 0, false, false);
    let mut before = ' ';
    for c in json.chars() {
        let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            text.push(c);
        } else {
            match c {
                '{' | '[' => {
                    if "{[".contains(before) {
                        text.push_str(&line(depth));
                    }
                    depth += 1;
                    text.push(c);
                }
                '}' | ']' => {
                    depth -= 1;
                    if !"{[".contains(before) {
                        text.push_str(&line(depth));
                    }
                    text.push(c);
                }
                _ => {
                    if "{[".contains(before) {
                        text.push_str(&line(depth));
                    }
                    in_string = c == '"';
                    text.push(c);
                    match c {
                        ',' => text.push_str(&line(depth)),
                        ':' => text.push(' '),
                        _ => {}
                    }
                }
            }
        }
        before = c;
    }
    text.push('\n');
    text
}
