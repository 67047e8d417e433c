//! Maps each problem code to the links that help.

use super::{
    button::Look,
    icon::{Glyph, glyph},
};
use crate::{
    bill_links,
    links::{here, line_asked_for, of_line},
    model::LineId,
    page_request::PageRequest,
    problem::ProblemCode,
    product_links, routes,
    text::frame::Frame,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A link that helps.
pub(super) struct Way {
    pub href: String,
    pub label: String,
    pub look: Look,
    pub glyph: Option<Glyph>,
}

impl Way {
    fn to(href: String, label: &str) -> Self {
        Self {
            href,
            label: label.to_owned(),
            look: Look::Primary,
            glyph: None,
        }
    }
}

/// The links for a problem of the current page: a retry if that can help, else an alternative.
pub(super) fn ways_on(code: ProblemCode) -> Vec<Way> {
    let page = use_context::<PageRequest>();
    let words = Frame::of(page.as_ref().map(|page| page.lang).unwrap_or_default());
    let line = line_asked_for();
    let line = line.as_ref();
    let again = |href| Way {
        glyph: Some(glyph::REFRESH_CW),
        ..Way::to(href, words.retry)
    };
    match code {
        // A month for which no bill can be requested.
        ProblemCode::ValidationFailed if is_here("/bill/result") => {
            vec![Way::to(bill_links::menu(line), words.other_month)]
        }
        code if code.retryable() => own_address().map(again).into_iter().collect(),
        ProblemCode::BillNotFound => {
            vec![Way::to(bill_links::menu(line), words.other_month)]
        }
        ProblemCode::CurrentProductChanged => {
            vec![Way::to(product_links::menu(line), words.see_plan)]
        }
        ProblemCode::LineNotFound | ProblemCode::LineInactive => page
            .map(|page| other_lines(&page, line))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The main screen, of the requested line unless that line is the problem.
pub(super) fn home(code: ProblemCode) -> String {
    let line = line_asked_for().filter(|_| !is_about_the_line(code));
    of_line("/main", line.as_ref())
}

fn is_about_the_line(code: ProblemCode) -> bool {
    matches!(code, ProblemCode::LineNotFound | ProblemCode::LineInactive)
}

fn is_here(path: &str) -> bool {
    use_location().pathname.get_untracked() == path
}

/// The customer's other lines, each at the start of its service. Screens not listed here show a
/// line switch of their own.
fn other_lines(page: &PageRequest, line: Option<&LineId>) -> Vec<Way> {
    let begins = match use_location().pathname.get_untracked().as_str() {
        "/bill/menu" => "/bill/menu",
        "/product/request" => "/product/menu",
        _ => return Vec::new(),
    };
    let words = Frame::of(page.lang);
    let lines = page.user.iter().flat_map(|user| &user.lines);
    // Without a line in the address the first one is meant.
    let first = lines.clone().next().map(|line| &line.line_id);
    let failed = line.or(first);
    lines
        .filter(|line| failed != Some(&line.line_id))
        .map(|line| Way {
            look: Look::Secondary,
            ..Way::to(
                of_line(begins, Some(&line.line_id)),
                &(words.see_line)(&line.line_number.dashed()),
            )
        })
        .collect()
}

/// The address of the current page; `None` if a refused form was posted to an address without a
/// page, because a link there would lead nowhere.
fn own_address() -> Option<String> {
    routes::is_page(&use_location().pathname.get_untracked()).then(here)
}
