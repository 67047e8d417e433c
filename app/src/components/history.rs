//! What the histories share: which part of which line the address asks for, and that part with the
//! ways to the others.

use super::button::{ButtonLink, Look};
use crate::{
    links::line_asked_for,
    model::{Cursor, Line, LineId},
    page_request::PageRequest,
    text::{Lang, frame::Frame},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What the address of the page being rendered asks for.
#[derive(Clone)]
pub struct Asked {
    /// Those there are to choose from.
    pub lines: Vec<Line>,
    /// All of them unless one is named.
    pub line: Option<LineId>,
    /// Where the part begins; the newest unless told.
    pub cursor: Option<Cursor>,
}

impl Asked {
    pub fn of(page: &PageRequest) -> Self {
        let line = line_asked_for();
        Self {
            lines: page.lines(line.as_ref()).0,
            line,
            cursor: use_query_map().read_untracked().get("cursor").map(Cursor),
        }
    }
}

/// The list within the page, which takes the focus when another part of it is turned to.
const LIST: &str = "#history";

/// One part of a history, newest first. The children take its place where there is no history.
#[component]
pub fn HistoryPart(
    lang: Lang,
    /// Of the list.
    class: &'static str,
    rows: Vec<AnyView>,
    asked: Asked,
    /// Where the next part begins.
    next: Option<Cursor>,
    /// The history of a line from there on.
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
        <ol class=class id=&LIST[1..] tabindex="-1">{rows}</ol>
        {ways}
    }
    .into_any()
}
