//! The errors PostgreSQL logged while tests used it.

/// The setting that starts each log line with its SQLSTATE.
pub const PREFIX: &str = "log_line_prefix=%e ";

/// The errors that tests cause on purpose, by SQLSTATE. Deadlocks and serialization failures are not
/// among them: no statement of the product should run into one.
const EXPECTED: [&str; 14] = [
    "08006", // a client that was killed
    "23502", // a missing value
    "23503", // a row that others refer to
    "23505", // a row that exists already
    "23514", // a value that violates a CHECK
    "25006", // a read-only database
    "25P03", // a transaction idle for too long
    "28000", // an unknown user
    "3D000", // a database that does not exist
    "42P01", // a table that a test has hidden
    "55P03", // a lock that somebody else holds
    "57P01", // connections ended, as by dropping a test's database
    "57P03", // asking whether the server has started
    "P0001", // rewriting the history
];

/// The lines of an error or worse that no test causes on purpose.
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
    !is_error || EXPECTED.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::complaints;

    #[test]
    fn only_errors_that_no_test_causes_are_reported() {
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
