//! Answers against expectations, and false expectations that must be found.

use crate::{
    expected::{AT_ONCE, Expected},
    faults::Fault,
    ledgers::Ledgers,
    load::Record,
    routes::Route,
    site::Said,
};
use std::{
    collections::BTreeSet,
    fmt,
    time::{Duration, Instant},
};

/// The time limit of the product for using a Redis again that answers (H4).
const CACHE_BACK_IN: Duration = Duration::from_secs(5);

/// The measurements of all routes under one fault.
pub struct Row {
    pub cells: Vec<Cell>,
    /// The growth of the p99 of all answers together.
    pub added: Duration,
    /// The time until the product reported that Redis answers, from the fault's end; `None`: it never did.
    pub cache_back_in: Option<Duration>,
}

/// The measurements of one route under one fault.
#[derive(Clone, Debug)]
pub struct Cell {
    pub route: Route,
    /// The requests during the fault.
    pub asked: usize,
    pub said: BTreeSet<Said>,
    /// The growth of its p99.
    pub added: Duration,
    /// The growth of its median beyond a quarter, which a busy machine explains.
    pub mostly_added: Duration,
    /// The time of the last bad answer, from the fault's end; `None`: bad answers never ended.
    pub back_in: Option<Duration>,
}

/// A row, measured.
pub fn row(during: &Record, after: &Record, quiet: &Record, over: Instant) -> Row {
    let cell = |route| {
        let (during_it, since) = (during.answers(route), after.answers(route));
        let all = || during_it.iter().chain(since);
        let bad = all().filter(|answer| !answer.said.is_well());
        let late = bad.map(|answer| (answer.asked + answer.took).saturating_duration_since(over));
        let well_again = since.last().is_some_and(|answer| answer.said.is_well());
        Cell {
            route,
            asked: during_it.len(),
            said: all().map(|answer| answer.said.clone()).collect(),
            added: during.p99(route).saturating_sub(quiet.p99(route)),
            mostly_added: during
                .median(route)
                .saturating_sub(quiet.median(route) * 5 / 4),
            back_in: well_again.then(|| late.max().unwrap_or_default()),
        }
    };
    Row {
        cells: Route::ALL.into_iter().map(cell).collect(),
        added: during.p99_of_all().saturating_sub(quiet.p99_of_all()),
        cache_back_in: Some(Duration::ZERO),
    }
}

/// The differences between a row and its expectation.
pub fn breaches_of(fault: &Fault, row: &Row) -> Vec<String> {
    let mut found = Vec::new();
    for cell in &row.cells {
        let route = cell.route.name();
        for breach in breaches(cell, &expected(fault, cell.route)) {
            found.push(format!("{} × {route} {breach}", fault.name));
        }
    }
    if fault.touches.is_empty() && row.added > AT_ONCE {
        let added = row.added.as_millis();
        found.push(format!("{} was slower by {added} ms over all", fault.name));
    }
    match row.cache_back_in {
        Some(back_in) if back_in <= CACHE_BACK_IN => {}
        late => found.push(format!(
            "{}: Redis was used again after {late:?}",
            fault.name
        )),
    }
    found
}

/// The expectation for a cell.
pub fn expected(fault: &Fault, route: Route) -> Expected {
    let touched = fault.touches.iter().find(|(touched, _)| *touched == route);
    touched.map_or(Expected::UNTOUCHED, |(_, expected)| *expected)
}

/// The differences between a cell and its expectation.
pub fn breaches(cell: &Cell, expected: &Expected) -> Vec<String> {
    let mut found = Vec::new();
    let named = |said: &Said| {
        let mut words = expected.may_say.iter();
        words.any(|(status, code)| (said.status, said.code.as_str()) == (*status, *code))
    };
    for said in &cell.said {
        if !said.is_well() && !named(said) {
            found.push(format!("said {} {}", said.status, said.code));
        }
    }
    if cell.asked == 0 {
        found.push("was never asked".into());
    }
    if expected.must && !cell.said.iter().any(named) {
        found.push("was untouched, so the fault was none".into());
    }
    if cell.mostly_added < expected.mostly_slower_by_at_least {
        found.push("was as quick as ever, so the fault was none".into());
    }
    if cell.added > expected.slower_by {
        found.push(format!("was slower by {} ms", cell.added.as_millis()));
    }
    if cell.mostly_added > expected.mostly_slower_by {
        let added = cell.mostly_added.as_millis();
        found.push(format!("was slower by {added} ms for most"));
    }
    match cell.back_in {
        None => found.push("never was normal again".into()),
        Some(back_in) if back_in > expected.back_in => {
            found.push(format!("needed {} ms to recover", back_in.as_millis()));
        }
        Some(_) => {}
    }
    found
}

/// The planted falsehoods, each of which must be found.
#[derive(Default)]
pub struct Planted {
    tried: usize,
    missed: Vec<String>,
}

impl Planted {
    pub fn plant(&mut self, fault: &Fault, row: &Row, quiet: &Record) {
        let now = Instant::now();
        let peace = self::row(quiet, quiet, quiet, now);
        for (cell, peace) in row.cells.iter().zip(&peace.cells) {
            let expected = expected(fault, cell.route);
            let name = |what: &str| format!("{} × {}: {what}", fault.name, cell.route.name());
            if expected.proves_the_fault() {
                self.held_against(name("a fault that is none"), peace, &expected);
            }
            if !expected.must {
                continue;
            }
            let speechless = Expected {
                may_say: &[],
                must: false,
                ..expected
            };
            self.held_against(name("says nothing but 200"), cell, &speechless);
            if cell.back_in.is_some_and(|back_in| !back_in.is_zero()) {
                let at_once = Expected {
                    back_in: Duration::ZERO,
                    ..expected
                };
                self.held_against(name("normal at once"), cell, &at_once);
            }
            if !cell.added.is_zero() {
                let as_quick = Expected {
                    slower_by: Duration::ZERO,
                    ..expected
                };
                self.held_against(name("as quick as ever"), cell, &as_quick);
            }
            if !cell.mostly_added.is_zero() {
                let as_quick = Expected {
                    mostly_slower_by: Duration::ZERO,
                    ..expected
                };
                self.held_against(name("as quick as ever for most"), cell, &as_quick);
            }
        }
    }

    /// Each time, one ledger is wrong.
    pub fn plant_in_ledgers(&mut self, ledgers: &Ledgers) {
        for (name, falsified) in ledgers.falsified() {
            let found = falsified.contradictions().len() > ledgers.contradictions().len();
            self.tried(name, found);
        }
    }

    fn held_against(&mut self, name: String, cell: &Cell, falsely: &Expected) {
        self.tried(name, !breaches(cell, falsely).is_empty());
    }

    /// Counts a falsehood that must be found.
    pub fn tried(&mut self, name: impl Into<String>, found: bool) {
        self.tried += 1;
        if !found {
            self.missed.push(name.into());
        }
    }

    pub fn all_found(&self) -> bool {
        self.missed.is_empty()
    }
}

impl fmt::Display for Planted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.tried - self.missed.len();
        write!(out, "planted: {} falsehoods, {found} found", self.tried)?;
        for missed in &self.missed {
            write!(out, "\n  not found: {missed}")?;
        }
        Ok(())
    }
}
