//! The bar at the top of every screen after login.

use super::Brand;
use crate::{
    components::icon::{Icon, glyph},
    links::of_line,
    page_request::PageRequest,
    routes::may_visit,
    text::frame::Frame,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The menu entry that a path belongs to: its own, or the first screen of its service.
fn entry_of(path: &str) -> &str {
    match path {
        "/bill/result" => "/bill/menu",
        "/product/change" | "/product/request" | "/product/result" => "/product/menu",
        path => path,
    }
}

/// Home, the menu by permission, and logout.
#[component]
pub(super) fn TopBar(page: PageRequest) -> impl IntoView {
    let words = Frame::of(page.lang);
    let here = use_location().pathname.get_untracked();
    // Keeps the selected line.
    let line = page.line_to_keep();
    let to = |path| of_line(path, line.as_ref());
    let entries = [
        ("/bill/menu", words.bill),
        ("/bill/history", words.bill_history),
        ("/product/menu", words.product),
        ("/product/history", words.product_history),
        ("/account/sessions", words.sessions),
    ]
    .into_iter()
    .filter(|(path, _)| may_visit(&page, path))
    .map(|(path, label)| {
        let current = match path == here {
            true => Some("page"),
            false => (path == entry_of(&here)).then_some("true"),
        };
        view! { <li><a href=to(path) aria-current=current>{label}</a></li> }
    })
    .collect_view();
    view! {
        <header class="top-bar">
            <a class="home" href=to("/main")><Brand lang=page.lang/></a>
            <nav aria-label=words.menu>
                <ul>{entries}</ul>
            </nav>
            <form method="post" action="/logout">
                <button type="submit" class="button quiet">
                    <Icon glyph=glyph::LOG_OUT/> {words.logout}
                </button>
            </form>
        </header>
    }
    .into_any()
}
