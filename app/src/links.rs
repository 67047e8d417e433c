//! Addresses of screens with their parameters, each value escaped.

use crate::model::LineId;
use leptos::prelude::ReadUntracked;
use leptos_router::{hooks::use_query_map, location::Url};

/// The line that the address of the page being rendered names.
pub(crate) fn line_asked_for() -> Option<LineId> {
    use_query_map().read_untracked().get("line").map(LineId)
}

/// The screen at `path` for a line.
pub fn of_line(path: &str, line: Option<&LineId>) -> String {
    address(path, [("line", line.map(|line| line.0.as_str()))])
}

/// `path` with those parameters that have a value.
pub(crate) fn address<'a>(
    path: &str,
    parameters: impl IntoIterator<Item = (&'static str, Option<&'a str>)>,
) -> String {
    let mut address = path.to_owned();
    let mut separator = '?';
    for (name, value) in parameters {
        if let Some(value) = value {
            address.push(separator);
            address.push_str(name);
            address.push('=');
            if value
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b'-' == b || b'_' == b)
            {
                address.push_str(value);
            } else {
                address.push_str(&Url::escape(value));
            }
            separator = '&';
        }
    }
    address
}
