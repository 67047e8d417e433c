//! The shipped alarms: their limits are the documents' limits, and their commands exist.

use clap::Parser;
use server::cli::Cli;

const ALARMS: &str = include_str!("../../../../deploy/prometheus/phonebill.rules.yml");

/// An alarm's name, expression, patience and sentence.
#[derive(Debug, Default)]
struct Alarm {
    name: &'static str,
    expr: &'static str,
    patience: &'static str,
    summary: &'static str,
}

fn alarms() -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for line in ALARMS.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("- alert: ") {
            alarms.push(Alarm {
                name,
                ..Alarm::default()
            });
        }
        let Some(alarm) = alarms.last_mut() else {
            continue;
        };
        if let Some(expr) = line.strip_prefix("expr: ") {
            alarm.expr = expr;
        } else if let Some(patience) = line.strip_prefix("for: ") {
            alarm.patience = patience;
        } else if let Some(summary) = line.strip_prefix("annotations: { summary: \"") {
            alarm.summary = summary.strip_suffix("\" }").unwrap();
        }
    }
    assert!(alarms.len() > 5);
    alarms
}

/// L5 of the requirements, ADR 15 and `CHANGE.md`: who changes a limit changes it everywhere.
#[test]
fn alarms_are_raised_where_the_documents_say() {
    let limits: Vec<_> = alarms()
        .iter()
        .map(|alarm| {
            let (_, limit) = alarm.expr.rsplit_once(" > ").unwrap();
            (alarm.name, limit, alarm.patience)
        })
        .collect();
    assert_eq!(
        limits,
        [
            ("ChangeWaitsForAPerson", "0", ""),
            ("ChangeAppliedLate", "0", ""),
            ("ChangeStaysOpen", "3600", ""),
            ("EventGivenUp", "0", ""),
            ("DeliveryIsBehind", "60", "1m"),
            ("RecordingIsBehind", "60", "1m"),
            ("InquirySetAside", "0", ""),
            ("InquiryLost", "0", ""),
            ("BreakerStaysOpen", "0", ""),
            ("ValuesAreOld", "0", "5m"),
        ]
    );
}

#[test]
fn an_alarm_names_a_command_that_exists() {
    let mut named = 0;
    for alarm in alarms() {
        assert!(!alarm.summary.is_empty(), "{alarm:?}");
        let Some(at) = alarm.summary.find("phonebill ") else {
            continue;
        };
        let command = alarm.summary[at..].split(' ');
        let parsed = Cli::try_parse_from(command);
        assert!(parsed.is_ok(), "{alarm:?}: {parsed:?}");
        named += 1;
    }
    assert!(named > 2, "{named}");
}

#[test]
fn late_changes_are_listed_by_the_command_that_shows_them() {
    let all = alarms();
    let late = all.iter().find(|alarm| alarm.name == "ChangeAppliedLate");
    assert!(late.unwrap().summary.ends_with("change list --state LATE"));
}

/// A new process begins to count at zero: what has its first value then is no growth.
#[test]
fn what_a_start_finds_is_not_looked_for_in_a_difference() {
    for alarm in alarms() {
        assert!(!alarm.expr.contains("delta("), "{alarm:?}");
    }
}
