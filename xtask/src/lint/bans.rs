//! Words that do not belong in the product's code, each with the reason. Functions that clippy can
//! resolve are banned in `clippy.toml`.

use super::Finding;
use super::source::{SourceFile, has_word};

struct Ban {
    words: &'static [&'static str],
    reason: &'static str,
    applies: fn(&str) -> bool,
}

/// Product code, not the automation.
fn product(path: &str) -> bool {
    ["app/", "frontend/", "server/", "simulator/"]
        .iter()
        .any(|part| path.starts_with(part))
}

fn ambient(path: &str) -> bool {
    product(path) && !path.starts_with("server/src/clock")
}

fn no_sql(path: &str) -> bool {
    let in_store = path
        .rsplit('/')
        .take(2)
        .any(|part| part.starts_with("store"));
    product(path) && !path.starts_with("server/src/db/") && !in_store
}

const BANS: [Ban; 4] = [
    Ban {
        words: &["textarea"],
        reason: "leptos 0.8 does not escape its text",
        applies: product,
    },
    Ban {
        // Not in `clippy.toml`, because tests may have deadlines.
        words: &["Instant::now"],
        reason: "time is injected",
        applies: ambient,
    },
    Ban {
        words: &["sqlx::query", "sqlx::raw_sql"],
        reason: "SQL lives in `db` and in the stores",
        applies: no_sql,
    },
    Ban {
        words: &["println!"],
        reason: "the server logs; only the command line prints",
        applies: |path| path.starts_with("server/src/") && !path.starts_with("server/src/cli"),
    },
];

/// Every banned word in code it does not belong in.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for ban in BANS.iter().filter(|ban| (ban.applies)(&file.path)) {
            for (number, line) in file.code_lines() {
                for word in ban.words.iter().filter(|word| begins_word(line, word)) {
                    let message = format!("`{word}`: {}", ban.reason);
                    findings.push(Finding::new(&file.path, number, message));
                }
            }
        }
    }
    findings
}

/// `sqlx::query` also stands for `sqlx::query_as`.
fn begins_word(line: &str, word: &str) -> bool {
    has_word(line, word) || (word.starts_with("sqlx::") && line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&[SourceFile::of(path, text)]).len()
    }

    #[test]
    fn every_ban_bites() {
        for ban in &BANS {
            for word in ban.words {
                let found = count("server/src/bill/service.rs", &format!("{word}()"));
                assert_eq!(found, 1, "{word}");
            }
        }
        assert_eq!(count("server/src/bill/service.rs", "sqlx::query_as(X)"), 1);
        assert_eq!(count("app/src/pages/login.rs", "<textarea>"), 1);
    }

    #[test]
    fn exceptions_hold() {
        for (path, text) in [
            ("server/src/clock.rs", "Instant::now()"),
            ("server/src/bill/store.rs", "sqlx::query(X)"),
            ("server/src/auth/store_sessions.rs", "sqlx::query(X)"),
            ("server/src/auth/store/sessions.rs", "sqlx::query(X)"),
            ("server/src/cli/serve.rs", "println!()"),
            ("server/src/bill/service.rs", "// never println!"),
            ("server/tests/it/a.rs", "Instant::now()"),
        ] {
            assert_eq!(count(path, text), 0, "{path}");
        }
    }
}
