//! The addresses of the bill screens with their parameters.

use crate::{
    links::{address, of_line},
    model::{BillingMonth, Cursor, InquiryRecord, Line, LineId},
};

/// SCR-003.
pub fn menu(line: Option<&LineId>) -> String {
    of_line("/bill/menu", line)
}

/// SCR-004.
pub fn result(line: &LineId, month: BillingMonth) -> String {
    let month = month.to_string();
    let parameters = [("line", Some(line.0.as_str())), ("month", Some(&month))];
    address("/bill/result", parameters)
}

/// SCR-004 of a past inquiry, with the number of its line. `None` if it would be refused now: the
/// month is too old, or the line no longer belongs to the customer.
pub fn again(
    record: &InquiryRecord,
    lines: &[Line],
    current: BillingMonth,
) -> Option<(String, String)> {
    let line = lines.iter().find(|line| line.line_id == record.line_id)?;
    let askable = current.selectable().contains(&record.month);
    askable.then(|| {
        (
            result(&line.line_id, record.month),
            line.line_number.dashed(),
        )
    })
}

/// The history of one line or all, from `cursor` on.
pub fn history(line: Option<&LineId>, cursor: Option<&Cursor>) -> String {
    let line = line.map(|line| line.0.as_str());
    let cursor = cursor.map(|cursor| cursor.0.as_str());
    address("/bill/history", [("line", line), ("cursor", cursor)])
}

#[cfg(test)]
mod tests {
    use super::{again, history, menu, result};
    use crate::model::{
        BillingMonth, Cursor, InquiryRecord, InquiryStatus, KstInstant, Line, LineId,
    };

    #[test]
    fn an_inquiry_is_made_again_only_where_it_can_be() {
        let lines = [Line {
            line_id: LineId("l".into()),
            line_number: "01012345678".parse().unwrap(),
        }];
        let current: BillingMonth = "2026-11".parse().unwrap();
        for (line, month, possible) in [
            ("l", "2026-11", true),
            ("l", "2026-06", true),
            ("l", "2026-05", false),
            ("gone", "2026-11", false),
        ] {
            let record = InquiryRecord {
                request_id: String::new(),
                line_id: LineId(line.into()),
                month: month.parse().unwrap(),
                requested_at: KstInstant(String::new()),
                processed_at: None,
                status: InquiryStatus::Completed,
                source: None,
                result_code: "OK".into(),
                delivered_at: None,
            };
            let way = again(&record, &lines, current);
            let expected = format!("/bill/result?line=l&month={month}");
            let expected = possible.then(|| (expected, "010-1234-5678".to_owned()));
            assert_eq!(way, expected, "{line} {month}");
        }
    }

    #[test]
    fn parameters_are_escaped_and_absent_ones_left_out() {
        let line = LineId("a&b=c d".into());
        let month = "2026-11".parse().unwrap();
        assert_eq!(menu(None), "/bill/menu");
        assert_eq!(menu(Some(&line)), "/bill/menu?line=a%26b%3Dc%20d");
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
