//! The size budget of a first visit to `/login`, as sent with Brotli.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// JavaScript and WebAssembly together, in bytes.
const CODE_LIMIT: usize = 100_000;
/// Everything a first visit loads, in bytes.
const VISIT_LIMIT: usize = 150_000;
/// Reserved for the page itself, which only a running server can measure, in bytes.
const HTML_ALLOWANCE: usize = 6_000;

struct Row {
    what: String,
    raw: usize,
    sent: usize,
    code: bool,
}

/// Prints the table; fails if a limit is exceeded.
pub fn enforce(embedded: &Path) -> Result<()> {
    let rows = measure(embedded)?;
    let (table, over) = judge(&rows);
    eprintln!("\n{table}");
    if !over.is_empty() {
        bail!("over budget: {}", over.join("; "));
    }
    Ok(())
}

fn measure(embedded: &Path) -> Result<Vec<Row>> {
    let manifest = fs::read(embedded.join("site.json")).context("reading site.json")?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).context("site.json")?;
    let mut rows = Vec::new();
    let mut add = |what: &str, file: &str, code: bool| -> Result<()> {
        let size = |name: &str| fs::metadata(embedded.join(name)).map(|data| data.len() as usize);
        let raw = size(file).with_context(|| format!("site.json names {file}"))?;
        let sent = size(&format!("{file}.br")).unwrap_or(raw);
        rows.push(Row {
            what: what.to_owned(),
            raw,
            sent,
            code,
        });
        Ok(())
    };
    for (what, key, code) in [
        ("JavaScript", "js", true),
        ("WebAssembly", "wasm", true),
        ("Style", "css", false),
    ] {
        add(what, manifest[key].as_str().unwrap_or_default(), code)?;
    }
    for (path, name) in manifest["assets"].as_object().into_iter().flatten() {
        // The other font has the characters `/login` does not use; a browser test weighs the real
        // visit.
        let first_visit = ["-first.woff2", "favicon.svg", "favicon.ico"];
        if first_visit.iter().any(|end| path.ends_with(end)) {
            add(path, name.as_str().unwrap_or_default(), false)?;
        }
    }
    rows.push(Row {
        what: "HTML (allowance)".to_owned(),
        raw: 0,
        sent: HTML_ALLOWANCE,
        code: false,
    });
    Ok(rows)
}

/// The table, and one sentence for each exceeded limit.
fn judge(rows: &[Row]) -> (String, Vec<String>) {
    let code: usize = rows.iter().filter(|row| row.code).map(|row| row.sent).sum();
    let visit: usize = rows.iter().map(|row| row.sent).sum();
    let mut table = format!(
        "{:<28}{:>10}{:>10}{:>10}\n",
        "first visit", "raw", "sent", "limit"
    );
    for Row {
        what, raw, sent, ..
    } in rows
    {
        table += &format!("{what:<28}{raw:>10}{sent:>10}\n");
    }
    let sums = [
        ("JavaScript + WebAssembly", code, CODE_LIMIT),
        ("first visit to /login", visit, VISIT_LIMIT),
    ];
    let mut over = Vec::new();
    for (what, sum, limit) in sums {
        table += &format!("{what:<28}{:>10}{sum:>10}{limit:>10}\n", "");
        if sum > limit {
            over.push(format!("{what} is {sum} bytes, the limit is {limit}"));
        }
    }
    (table, over)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sent: usize, code: bool) -> Row {
        Row {
            what: "x".to_owned(),
            raw: sent,
            sent,
            code,
        }
    }

    #[test]
    fn at_the_limit_is_within_and_one_byte_more_is_over() {
        assert!(
            judge(&[row(CODE_LIMIT, true), row(50_000, false)])
                .1
                .is_empty()
        );
        assert_eq!(judge(&[row(CODE_LIMIT + 1, true)]).1.len(), 1);
        assert_eq!(judge(&[row(VISIT_LIMIT + 1, false)]).1.len(), 1);
    }
}
