//! Addresses of screens with their parameters, each value escaped.

use crate::model::LineId;
use leptos::prelude::{GetUntracked, ReadUntracked};
use leptos_router::hooks::{use_location, use_query_map};
use std::fmt::Write;

/// The line in the address of the current page, if any.
pub(crate) fn line_asked_for() -> Option<LineId> {
    let line = use_query_map().read_untracked().get("line");
    line.filter(|line| !line.is_empty()).map(LineId)
}

/// The address of the page being rendered, with its query.
pub(crate) fn here() -> String {
    let location = use_location();
    let path = location.pathname.get_untracked();
    let query = location.search.get_untracked();
    if query.is_empty() {
        path
    } else {
        format!("{path}?{}", query.trim_start_matches('?'))
    }
}

/// The screen at `path` for a line.
pub fn of_line(path: &str, line: Option<&LineId>) -> String {
    address(path, [("line", line.map(|line| line.0.as_str()))])
}

/// `path` with the parameters that have a value, each percent-encoded.
pub fn address<'a>(
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
            escape(value, &mut address);
            separator = '&';
        }
    }
    address
}

/// Appends a query value, percent-encoding every character with a meaning of its own.
fn escape(value: &str, address: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                address.push(char::from(byte));
            }
            // Writing to a `String` cannot fail.
            byte => _ = write!(address, "%{byte:02X}"),
        }
    }
}
