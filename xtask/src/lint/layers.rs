//! The directions inside `server`: command line → gateway → features → services → foundations.

use super::{Finding, source::SourceFile};

/// Top-level modules of the server, from the top. A module may name those of later rows.
const ROWS: [&[&str]; 5] = [
    &["main", "cli", "bootstrap"],
    &["http"],
    &["auth", "bill", "product"],
    &[
        "kos",
        "mvno",
        "outbox",
        "cache",
        "resilience",
        "db",
        "telemetry",
    ],
    &[
        "clock",
        "ids",
        "tasks",
        "error",
        "config",
        "metrics",
        "shutdown",
        "crash_point",
    ],
];
/// In its own row a module may name only these; they form no cycle.
const SIDEWAYS: [(&str, &str); 13] = [
    ("cli", "bootstrap"),
    ("kos", "cache"),
    ("kos", "db"),
    ("kos", "resilience"),
    ("kos", "telemetry"),
    ("outbox", "db"),
    ("outbox", "mvno"),
    ("outbox", "resilience"),
    ("mvno", "resilience"),
    ("cache", "telemetry"),
    ("telemetry", "resilience"),
    ("error", "tasks"),
    ("ids", "clock"),
];

/// Every import in `server/src` against the direction, and every module without a row.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(check_file)
        .collect()
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let Some(inside) = file.path.strip_prefix("server/src/") else {
        return Vec::new();
    };
    let place: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
    let place = place.strip_suffix(&["mod"]).unwrap_or(&place);
    let Some(module) = place.first().copied().filter(|module| *module != "lib") else {
        return Vec::new();
    };
    let Some(from) = row_of(module) else {
        let message = format!("`{module}` has no row in xtask's layers");
        return vec![Finding::new(&file.path, 0, message)];
    };
    let mut findings = Vec::new();
    for (line, to) in modules_named(file, place.len()) {
        let allowed = to == module
            || row_of(&to).is_none_or(|row| row > from)
            || SIDEWAYS.contains(&(module, to.as_str()));
        if !allowed {
            let message = format!("`{module}` may not use `crate::{to}`");
            findings.push(Finding::new(&file.path, line, message));
        }
    }
    if from > 0 {
        let named = file
            .code_lines()
            .filter(|(_, line)| super::source::has_word(line, "simulator::"));
        findings.extend(named.map(|(line, _)| {
            Finding::new(
                &file.path,
                line,
                "only `bootstrap` and `cli` may name the simulator",
            )
        }));
    }
    findings
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// The top-level modules that a file names, by `crate::…`, `crate::{…}`, or enough `super::`, each
/// with its line.
fn modules_named(file: &SourceFile, depth: usize) -> Vec<(usize, String)> {
    let code: String = file
        .code_lines()
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    let mut roots: Vec<usize> = code
        .match_indices("crate::")
        .map(|(at, word)| at + word.len())
        .collect();
    let climb = "super::".repeat(depth);
    roots.extend(code.match_indices(&climb).map(|(at, word)| at + word.len()));
    let mut named = Vec::new();
    for start in roots {
        for (at, name) in first_segments(&code[start..]) {
            named.push((code[..start + at].matches('\n').count() + 1, name));
        }
    }
    named.sort();
    named
}

/// `a` of `a::b`; `a` and `c` of `{a::b, c::{d, e}}`; each with its offset.
fn first_segments(path: &str) -> Vec<(usize, String)> {
    let identifier = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    if !path.starts_with('{') {
        return vec![(0, identifier(path))];
    }
    let (mut depth, mut at_start, mut found) = (0, false, Vec::new());
    for (at, character) in path.char_indices() {
        match character {
            '{' => (depth, at_start) = (depth + 1, depth == 0),
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => at_start = true,
            c if at_start && !c.is_whitespace() => {
                found.push((at, identifier(&path[at..])));
                at_start = false;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile::of(path, text)])
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_feature_that_imports_another_is_found_in_every_spelling() {
        let wanted = "server/src/bill/service.rs:1: `bill` may not use `crate::auth`";
        for text in [
            "use crate::auth::Session;",
            "use crate::{auth::Session, kos::{KosClient, wire}};",
            "use super::super::auth::Session;",
            "fn f(session: &crate::auth::Session) {}",
        ] {
            assert_eq!(
                messages("server/src/bill/service.rs", text),
                [wanted],
                "{text}"
            );
        }
    }

    #[test]
    fn the_arrow_points_down() {
        assert!(messages("server/src/http/router.rs", "use crate::bill::BillInquiry;").is_empty());
        assert!(messages("server/src/kos/call.rs", "use crate::resilience::Breaker;").is_empty());
        assert!(messages("server/src/bill/mod.rs", "use super::kos::KosClient;").is_empty());
        assert!(messages("server/src/bill/store.rs", "use super::service::Bill;").is_empty());
        assert_eq!(
            messages("server/src/kos/call.rs", "\nuse crate::http::Router;").len(),
            1
        );
        assert_eq!(
            messages("server/src/clock.rs", "use crate::db::Db;").len(),
            1
        );
    }

    #[test]
    fn within_a_row_only_the_drawn_arrows_hold_and_none_of_them_leads_back() {
        let kos = "use crate::kos::KosClient;";
        for upward in ["resilience/breaker.rs", "cache/aside.rs", "mvno/client.rs"] {
            assert_eq!(
                messages(&format!("server/src/{upward}"), kos).len(),
                1,
                "{upward}"
            );
        }
        assert_eq!(
            messages("server/src/clock.rs", "use crate::ids::Ids;").len(),
            1
        );
        assert_eq!(
            messages("server/src/bootstrap/mod.rs", "use crate::cli::Cli;").len(),
            1
        );
        assert!(messages("server/src/error.rs", "use crate::tasks::Panicked;").is_empty());

        for (from, to) in SIDEWAYS {
            assert_eq!(row_of(from), row_of(to), "{from} and {to} are in two rows");
            let mut reached = vec![to];
            let mut at = 0;
            while let Some(module) = reached.get(at).copied() {
                let next = SIDEWAYS.iter().filter(|(below, _)| *below == module);
                reached.extend(next.map(|(_, next)| *next));
                at += 1;
                assert!(!reached.contains(&from), "{from} is reached from itself");
            }
        }
    }

    #[test]
    fn only_the_root_names_the_simulator_and_every_module_has_a_place() {
        assert_eq!(
            messages("server/src/kos/call.rs", "simulator::start()").len(),
            1
        );
        assert!(messages("server/src/bootstrap/kos.rs", "simulator::start()").is_empty());
        assert_eq!(messages("server/src/drawer.rs", "").len(), 1);
    }
}
