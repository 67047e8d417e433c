//! The common part of the histories: the page and line in the address, and one page with links to
//! the others.

use super::button::{ButtonLink, Look};
use crate::{
    links::line_asked_for,
    model::{Cursor, Line, LineId},
    page_request::PageRequest,
    text::{Lang, frame::Frame},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The part of a history that the current address asks for.
#[derive(Clone)]
pub struct Asked {
    /// The lines to choose from.
    pub lines: Vec<Line>,
    /// The chosen line; `None` stands for all.
    pub line: Option<LineId>,
    /// Where the page begins; by default at the newest.
    pub cursor: Option<Cursor>,
}

impl Asked {
    /// Reads the address of the current page.
    pub fn of(page: &PageRequest) -> Self {
        let line = line_asked_for();
        Self {
            lines: page.lines(line.as_ref()).0,
            line,
            cursor: use_query_map().read_untracked().get("cursor").map(Cursor),
        }
    }
}

/// Fragment of the list: a link to another page of the history moves the focus to it.
const LIST: &str = "#history";

/// One page of a history, newest first. The children replace it if the history is empty.
#[component]
pub fn HistoryPart(
    lang: Lang,
    /// The accessible name of the list.
    label: &'static str,
    class: &'static str,
    rows: Vec<AnyView>,
    asked: Asked,
    /// Where the next page begins.
    next: Option<Cursor>,
    /// The address of a line's history from a cursor on.
    address: fn(Option<&LineId>, Option<&Cursor>) -> String,
    children: Children,
) -> impl IntoView {
    if rows.is_empty() && asked.cursor.is_none() {
        return children();
    }
    let frame = Frame::of(lang);
    let line = asked.line.as_ref();
    let newest = asked.cursor.is_some().then(|| {
        let href = address(line, None) + LIST;
        view! { <ButtonLink href label=frame.first_page look=Look::Quiet/> }
    });
    let next = next.map(|cursor| {
        let href = address(line, Some(&cursor)) + LIST;
        view! { <ButtonLink href label=frame.next_page/> }
    });
    let ways = (newest.is_some() || next.is_some()).then(|| {
        view! { <nav class="actions" aria-label=frame.history_pages>{next} {newest}</nav> }
    });
    view! {
        <ol class=class id=&LIST[1..] tabindex="-1" aria-label=label>{rows}</ol>
        {ways}
    }
    .into_any()
}
