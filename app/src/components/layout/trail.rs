//! The breadcrumb.

use crate::{
    components::icon::{Icon, glyph},
    links::of_line,
    page_request::PageRequest,
    text::frame::Frame,
};
use leptos::prelude::*;

/// A screen on the way from the main screen to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: &'static str,
    /// Its path and query.
    pub href: String,
}

impl Crumb {
    /// `href` is the path with its query.
    pub fn new(label: &'static str, href: impl Into<String>) -> Self {
        Self {
            label,
            href: href.into(),
        }
    }
}

/// The breadcrumb from the main screen to the screen titled `here`, with a link back to the one
/// before it.
#[component]
pub(super) fn Trail(page: PageRequest, crumbs: Vec<Crumb>, here: String) -> impl IntoView {
    let words = Frame::of(page.lang);
    // Keeps the selected line on the way back.
    let home = of_line("/main", page.line_to_keep().as_ref());
    let back = crumbs
        .last()
        .map_or_else(|| home.clone(), |crumb| crumb.href.clone());
    view! {
        <nav class="trail" aria-label=words.trail>
            <a class="back" href=back><Icon glyph=glyph::CHEVRON_LEFT/> {words.back}</a>
            <ol>
                <li><a href=home>{words.home}</a></li>
                {crumbs
                    .into_iter()
                    .map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a></li> })
                    .collect_view()}
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
    .into_any()
}
