//! The tables for the terminal and the documentation.

use super::{
    figures::{Measured, Row},
    mode::Mode,
};
use crate::{shell, workspace};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::process::Command;

const BEGIN: &str = "<!-- figures: written by `cargo xtask bench` -->\n";
const END: &str = "<!-- end of figures -->\n";
const CACHED: &str = "cached inquiry, API";
/// Least share of the mix's inquiries answered without KOS, in percent.
const HIT_RATE: f64 = 85.0;
/// Most times the quiet p99 during a login flood.
const FLOOD: f64 = 2.0;
/// Least share of the mix's KOS calls saved, in percent.
const CALLS_SAVED: f64 = 85.0;

/// A target, and whether it was met.
struct Target {
    what: String,
    wanted: String,
    got: String,
    met: bool,
}

/// Machine, tables, targets.
///
/// # Errors
/// If a row is missing.
pub fn of(measured: &[(Mode, Measured)]) -> Result<String> {
    let mut text = format!(
        "Measured on {}.\n\n![Answers a second beside their limits](performance.svg)\n",
        machine()
    );
    for (mode, figures) in measured {
        write!(
            text,
            "\n### {} mode\n\n| what | arrivals/s | answers/s | p50 ms | p99 ms | CPU µs/answer | KOS calls saved | failed |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
            capitalised(mode.name())
        )?;
        for row in &figures.rows {
            line(&mut text, row)?;
        }
        write!(
            text,
            "\nThe cached answer has {} bytes. Raw argon2id: {:.1} hashes/s on the core. Resident memory {:.0} MiB, \
             at most {:.0} MiB.\n",
            figures.body_bytes,
            figures.hashes_per_second,
            figures.memory_mib,
            figures.memory_peak_mib
        )?;
    }
    text += "\n### Targets\n\n| what | wanted | got | |\n| --- | ---: | ---: | --- |\n";
    for target in targets(measured)? {
        let verdict = if target.met { "met" } else { "missed" };
        let Target {
            what, wanted, got, ..
        } = target;
        writeln!(text, "| {what} | {wanted} | {got} | {verdict} |")?;
    }
    Ok(text)
}

/// The missed targets, in words.
pub fn missed(measured: &[(Mode, Measured)]) -> Vec<String> {
    let targets = targets(measured).unwrap_or_default();
    let missed = targets.into_iter().filter(|target| !target.met);
    missed
        .map(
            |Target {
                 what, wanted, got, ..
             }| format!("{what}: {got}, wanted {wanted}"),
        )
        .collect()
}

fn targets(measured: &[(Mode, Measured)]) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    for (mode, figures) in measured {
        let name = mode.name();
        let (limit, least) = mode.limit();
        let share = figures.share(CACHED, limit)?;
        targets.push(Target {
            what: format!("{name}: {CACHED}, of {limit}"),
            wanted: format!("≥ {least:.0} %"),
            got: format!("{share:.0} %"),
            met: share >= least,
        });
        let hits = figures.hit_rate()?;
        targets.push(Target {
            what: format!("{name}: inquiries of the mix answered without KOS"),
            wanted: format!("≥ {HIT_RATE:.0} %"),
            got: format!("{hits:.1} %"),
            met: hits >= HIT_RATE,
        });
        let saved = figures.calls_saved()?;
        targets.push(Target {
            what: format!("{name}: calls to KOS saved in the mix"),
            wanted: format!("≥ {CALLS_SAVED:.0} %"),
            got: format!("{saved:.1} %"),
            met: saved >= CALLS_SAVED,
        });
        let times = figures.flooded_p99_ms / figures.quiet_p99_ms.max(0.001);
        targets.push(Target {
            what: format!("{name}: p99 of others during a login flood, of quiet"),
            wanted: format!("≤ {FLOOD:.0} ×"),
            got: format!(
                "{times:.1} × ({:.1} → {:.1} ms)",
                figures.quiet_p99_ms, figures.flooded_p99_ms
            ),
            met: times <= FLOOD && figures.flooded_failed == 0.0,
        });
        targets.push(all_answered(name, &figures.rows));
    }
    Ok(targets)
}

/// A row counts only if every request was answered.
fn all_answered(mode: &str, rows: &[Row]) -> Target {
    let failed: Vec<String> = rows
        .iter()
        .filter(|row| !row.all_answered())
        .map(|row| format!("{} of {}", row.failed, row.name))
        .collect();
    Target {
        what: format!("{mode}: requests of the rows that failed"),
        wanted: "0".to_owned(),
        met: failed.is_empty(),
        got: if failed.is_empty() {
            "0".to_owned()
        } else {
            failed.join(", ")
        },
    }
}

fn line(text: &mut String, row: &Row) -> Result<()> {
    let rate = row
        .rate
        .map_or("as answered".to_owned(), |rate| format!("{rate:.0}"));
    let saved = row
        .calls_saved()
        .map_or(String::new(), |percent| format!("{percent:.1} %"));
    writeln!(
        text,
        "| {} | {rate} | {:.0} | {:.2} | {:.2} | {:.0} | {saved} | {} |",
        row.name, row.per_second, row.p50_ms, row.p99_ms, row.cpu_us, row.failed
    )?;
    Ok(())
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Processor, cores, date, commit.
fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("an unknown processor", |name| {
        name.trim_start_matches([' ', '\t', ':'])
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let said = |program: &str, arguments: &[&str]| {
        shell::output(Command::new(program).args(arguments))
            .map_or_else(|_| "?".to_owned(), |text| text.trim().to_owned())
    };
    format!(
        "{model}, {} cores, {}, at commit {}",
        cores.max(info.matches("model name").count()),
        said("date", &["-u", "+%Y-%m-%d"]),
        said("git", &["rev-parse", "--short", "HEAD"])
    )
}

/// Writes report and plot into `docs/`.
///
/// # Errors
/// If the document has lost its markers.
pub fn write(report: &str, plot: &str) -> Result<()> {
    let docs = workspace::root().join("docs");
    fs::write(docs.join("performance.svg"), plot)?;
    let path = docs.join("PERFORMANCE.md");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path:?}"))?;
    fs::write(&path, between_markers(&text, report)?)?;
    println!("written to docs/PERFORMANCE.md");
    Ok(())
}

fn between_markers(text: &str, report: &str) -> Result<String> {
    let (before, rest) = text
        .split_once(BEGIN)
        .context("no marker before the figures")?;
    let (_, after) = rest
        .split_once(END)
        .context("no marker after the figures")?;
    Ok(format!("{before}{BEGIN}\n{report}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, rate: Option<f64>, failed: f64) -> Row {
        Row {
            name: name.to_owned(),
            rate,
            answered: 100.0,
            per_second: 100.0,
            p50_ms: 1.0,
            p99_ms: 2.0,
            cpu_us: 10.0,
            failed,
            hits: 95.0,
            inquiries: 100.0,
            asked: Some((5.0, 95.0)),
        }
    }

    /// A run that meets every target except for `failed` logins.
    fn run(failed: f64) -> Vec<(Mode, Measured)> {
        let measured = Measured {
            rows: vec![
                row("bare", None, 0.0),
                row(CACHED, None, 0.0),
                row("mix", Some(150.0), 0.0),
                row("login", Some(10.0), failed),
            ],
            hashes_per_second: 50.0,
            quiet_p99_ms: 5.0,
            flooded_p99_ms: 6.0,
            flooded_failed: 0.0,
            memory_mib: 60.0,
            memory_peak_mib: 90.0,
            body_bytes: 2_000.0,
        };
        vec![(Mode::Embedded, measured)]
    }

    #[test]
    fn a_run_with_requests_that_failed_misses_a_target() {
        assert_eq!(missed(&run(0.0)), Vec::<String>::new());
        let missed = missed(&run(3.0));
        assert_eq!(
            missed,
            ["embedded: requests of the rows that failed: 3 of login, wanted 0"]
        );
        let mut silent = run(0.0);
        silent[0].1.rows[1].answered = 0.0;
        assert_eq!(super::missed(&silent).len(), 1);
    }

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let text = format!("before\n{BEGIN}old\n{END}after\n");
        let text = between_markers(&text, "new").unwrap();
        assert_eq!(text, format!("before\n{BEGIN}\nnew\n{END}after\n"));
        assert!(between_markers("no markers", "new").is_err());
    }
}
