//! What PostgreSQL complained of while tests used it.

/// The setting by which each line begins with its SQLSTATE.
pub const PREFIX: &str = "log_line_prefix=%e ";

/// What tests bring about on purpose, by SQLSTATE, and how. A deadlock or a serialization failure is
/// none: no statement of the product should run into one.
const EXPECTED: [(&str, &str); 14] = [
    ("08006", "a process that is killed"),
    ("23502", "a value that is missing"),
    ("23503", "a row that others refer to"),
    ("23505", "a row that is already there"),
    ("23514", "a value that breaks a rule"),
    ("25006", "a database that only reads"),
    ("25P03", "a transaction that rests for too long"),
    ("28000", "somebody it does not know"),
    ("3D000", "a database that is not there"),
    ("42P01", "a table that is kept away"),
    ("55P03", "a lock that somebody else holds"),
    (
        "57P01",
        "connections that are ended, as by the removal of a test's database",
    ),
    ("57P03", "asking whether it has started"),
    ("P0001", "history that somebody tries to rewrite"),
];

/// Its lines of an error or worse that no test brings about.
pub fn complaints(log: &str) -> Vec<&str> {
    let lines = log.lines();
    lines.filter(|line| !is_expected(line)).collect()
}

fn is_expected(line: &str) -> bool {
    let Some((code, told)) = line.split_once(' ') else {
        return true;
    };
    let is_error = ["ERROR:", "FATAL:", "PANIC:"]
        .iter()
        .any(|level| told.starts_with(level));
    !is_error || EXPECTED.iter().any(|(expected, _)| *expected == code)
}

#[cfg(test)]
mod tests {
    use super::complaints;

    #[test]
    fn an_error_that_no_test_brings_about_is_told_and_nothing_else() {
        let deadlock = "40P01 ERROR:  deadlock detected";
        let panic = "XX000 PANIC:  could not write to file";
        let log = [
            "00000 LOG:  database system is ready to accept connections",
            "01000 WARNING:  there is no transaction in progress",
            "23505 ERROR:  duplicate key value violates unique constraint \"one\"",
            "23505 DETAIL:  Key (id)=(ERROR: 1) already exists.",
            deadlock,
            "40P01 STATEMENT:  UPDATE one",
            "\tSET id = 'FATAL: none'",
            panic,
        ]
        .join("\n");
        assert_eq!(complaints(&log), [deadlock, panic]);
        assert!(complaints("").is_empty());
    }
}
