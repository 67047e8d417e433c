//! The addresses of the bill screens with their parameters.

use crate::{
    links::address,
    model::{BillingMonth, Cursor, LineId},
};

/// SCR-003, with `month` preselected.
pub fn menu(line: Option<&LineId>, month: Option<BillingMonth>) -> String {
    of_month("/bill/menu", line, month)
}

/// SCR-004.
pub fn result(line: &LineId, month: BillingMonth) -> String {
    of_month("/bill/result", Some(line), Some(month))
}

/// The history, of one line or all, from `cursor` on.
pub fn history(line: Option<&LineId>, cursor: Option<&Cursor>) -> String {
    let line = line.map(|line| line.0.as_str());
    let cursor = cursor.map(|cursor| cursor.0.as_str());
    address("/bill/history", [("line", line), ("cursor", cursor)])
}

fn of_month(path: &str, line: Option<&LineId>, month: Option<BillingMonth>) -> String {
    let month = month.map(|month| month.to_string());
    let line = line.map(|line| line.0.as_str());
    address(path, [("line", line), ("month", month.as_deref())])
}

#[cfg(test)]
mod tests {
    use super::{history, menu, result};
    use crate::model::{Cursor, LineId};

    #[test]
    fn parameters_are_escaped_and_absent_ones_left_out() {
        let line = LineId("a&b=c d".into());
        let month = "2026-11".parse().unwrap();
        assert_eq!(menu(None, None), "/bill/menu");
        assert_eq!(menu(Some(&line), None), "/bill/menu?line=a%26b%3Dc%20d");
        assert_eq!(
            menu(Some(&line), Some(month)),
            "/bill/menu?line=a%26b%3Dc%20d&month=2026-11"
        );
        assert_eq!(
            result(&line, month),
            "/bill/result?line=a%26b%3Dc%20d&month=2026-11"
        );
        let cursor = Cursor("x+y".into());
        assert_eq!(history(None, None), "/bill/history");
        assert_eq!(history(None, Some(&cursor)), "/bill/history?cursor=x%2By");
        assert_eq!(
            history(Some(&LineId("l".into())), Some(&cursor)),
            "/bill/history?line=l&cursor=x%2By"
        );
    }
}
