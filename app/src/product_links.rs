//! The addresses of the product screens with their parameters.

use crate::{
    links::{address, of_line},
    model::{Cursor, LineId, ProductCode, RequestId},
    plan_filter::PlanFilter,
};

/// SCR-005.
pub fn menu(line: Option<&LineId>) -> String {
    of_line("/product/menu", line)
}

/// SCR-006 with the plans that pass `filter`, and `chosen` preselected.
pub fn change(line: &LineId, filter: &PlanFilter, chosen: Option<&ProductCode>) -> String {
    let parameters = filter.parameters();
    let parameters = parameters
        .iter()
        .map(|(name, value)| (*name, Some(value.as_str())));
    address(
        "/product/change",
        [("line", Some(line.0.as_str()))]
            .into_iter()
            .chain(parameters)
            .chain([("to", chosen.map(ProductCode::as_str))]),
    )
}

/// SCR-006 of a line, without a filter, and `chosen` preselected.
pub fn change_line(line: Option<&LineId>, chosen: Option<&ProductCode>) -> String {
    let line = line.map(|line| line.0.as_str());
    let chosen = chosen.map(ProductCode::as_str);
    address("/product/change", [("line", line), ("to", chosen)])
}

/// SCR-007. Without a key the visit gets a new one; with `checked` the server makes the checks.
pub fn request(
    line: Option<&LineId>,
    from: Option<&ProductCode>,
    to: &ProductCode,
    key: Option<&str>,
    checked: bool,
) -> String {
    address(
        "/product/request",
        [
            ("line", line.map(|line| line.0.as_str())),
            ("from", from.map(ProductCode::as_str)),
            ("to", Some(to.as_str())),
            ("key", key),
            ("checked", checked.then_some("1")),
        ],
    )
}

/// SCR-008. The change knows its line; `line` is the one the screen leads back to.
pub fn result(request: &RequestId, line: Option<&LineId>) -> String {
    address(
        "/product/result",
        [
            ("request", Some(request.0.as_str())),
            ("line", line.map(|line| line.0.as_str())),
        ],
    )
}

/// The history of one line or all, from `cursor` on.
pub fn history(line: Option<&LineId>, cursor: Option<&Cursor>) -> String {
    address(
        "/product/history",
        [
            ("line", line.map(|line| line.0.as_str())),
            ("cursor", cursor.map(|cursor| cursor.0.as_str())),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::{change, history, menu, request};
    use crate::{
        model::{Cursor, LineId},
        plan_filter::PlanFilter,
    };

    #[test]
    fn parameters_are_escaped_and_absent_ones_left_out() {
        let line = LineId("a&b=c d".into());
        assert_eq!(menu(None), "/product/menu");
        assert_eq!(menu(Some(&line)), "/product/menu?line=a%26b%3Dc%20d");
        assert_eq!(
            history(None, Some(&Cursor("x+y".into()))),
            "/product/history?cursor=x%2By"
        );
        let filter = PlanFilter::parse(Some("5G"), None, None);
        let plan = "P-1".parse().unwrap();
        assert_eq!(
            change(&LineId("l".into()), &filter, Some(&plan)),
            "/product/change?line=l&network=5G&to=P-1"
        );
        assert_eq!(
            request(Some(&LineId("l".into())), None, &plan, None, true),
            "/product/request?line=l&to=P-1&checked=1"
        );
    }
}
