//! The matrix as Markdown.

use crate::{
    faults::Fault,
    judge::{Cell, Row, breaches_of},
    load::Record,
    routes::Route,
    site::{A_PART_IS_MISSING, Said},
};
use std::{fmt, time::Duration};

/// A Redis that is used again sooner was in use all the time.
const WORTH_SAYING: Duration = Duration::from_millis(50);

/// The rows so far.
pub struct Table {
    rows: Vec<String>,
    breaches: Vec<String>,
}

impl Table {
    pub fn new(quiet: &Record) -> Self {
        let names: Vec<_> = Route::ALL.iter().map(|route| route.name()).collect();
        let p99: Vec<_> = Route::ALL
            .iter()
            .map(|route| milliseconds(quiet.p99(*route)))
            .collect();
        Self {
            rows: vec![
                format!("| fault | {} |", names.join(" | ")),
                format!("| --- |{}", " --- |".repeat(names.len())),
                format!("| *none: p99* | {} |", p99.join(" | ")),
            ],
            breaches: Vec::new(),
        }
    }

    /// Adds a row; returns its differences from the expectation.
    pub fn add(&mut self, fault: &Fault, row: &Row) -> String {
        let shown: Vec<_> = row.cells.iter().map(show).collect();
        let cache = match row.cache_back_in {
            Some(back_in) if back_in >= WORTH_SAYING => {
                format!(" (used again {:.1} s)", back_in.as_secs_f64())
            }
            _ => String::new(),
        };
        let shown = shown.join(" | ");
        self.rows
            .push(format!("| {}{cache} | {shown} |", fault.name));
        let found = breaches_of(fault, row);
        let said = match &found[..] {
            [] => "as written".to_owned(),
            found => found.join("\n  "),
        };
        self.breaches.extend(found);
        said
    }

    pub fn is_as_written(&self) -> bool {
        self.breaches.is_empty()
    }
}

/// The answers unless all were 200, the growth of the p99, and the recovery if there was one.
fn show(cell: &Cell) -> String {
    let mut words: Vec<_> = cell.said.iter().map(word).collect();
    words.dedup();
    let said = match words.join("/") {
        well if well == "200" => String::new(),
        words => format!("{words} "),
    };
    let back_in = match cell.back_in {
        None => " never".to_owned(),
        Some(Duration::ZERO) => String::new(),
        Some(back_in) => format!(" {:.1} s", back_in.as_secs_f64()),
    };
    format!("{said}+{}{back_in}", milliseconds(cell.added))
}

/// The status, or that a page lacks a part.
fn word(said: &Said) -> String {
    match said.code.as_str() {
        A_PART_IS_MISSING => "in part".to_owned(),
        _ => said.status.to_string(),
    }
}

fn milliseconds(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.rows.join("\n"))?;
        let breaches = self.breaches.len();
        write!(out, "\nchaos: {breaches} cells not as written down")?;
        for breach in &self.breaches {
            write!(out, "\n  {breach}")?;
        }
        Ok(())
    }
}
