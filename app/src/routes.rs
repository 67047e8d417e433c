//! The routes: which path shows which screen, and who may see it.

use crate::{
    model::Permission,
    page_request::{PageProblem, PageRequest},
    pages::{
        bill_history::BillHistory, bill_menu::BillMenu, bill_result::BillResult, error::ErrorPage,
        login::Login, main::Main, not_found::NotFound, product_change::ProductChange,
        product_history::ProductHistory, product_menu::ProductMenu,
        product_request::ProductRequest, product_result::ProductResult, sessions::Sessions,
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

/// Who may use a route. The gateway enforces it, pages do not check again, and the menus read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Signed-out visitors only; signed-in users are redirected.
    SignedOut,
    /// Any signed-in user.
    SignedIn,
    /// Signed-in users with the permission.
    Permitted(Permission),
}

/// The screens' paths and who may see them; the only such table.
pub const PAGES: &[(&str, Access)] = &[
    ("/login", Access::SignedOut),
    ("/main", Access::SignedIn),
    ("/account/sessions", Access::SignedIn),
    ("/bill/menu", Access::Permitted(Permission::BillInquiry)),
    ("/bill/result", Access::Permitted(Permission::BillInquiry)),
    ("/bill/history", Access::Permitted(Permission::BillInquiry)),
    (
        "/product/menu",
        Access::Permitted(Permission::ProductChange),
    ),
    (
        "/product/change",
        Access::Permitted(Permission::ProductChange),
    ),
    (
        "/product/request",
        Access::Permitted(Permission::ProductChange),
    ),
    (
        "/product/result",
        Access::Permitted(Permission::ProductChange),
    ),
    (
        "/product/history",
        Access::Permitted(Permission::ProductChange),
    ),
];

/// Whether the menus offer the page at `path`; a path outside the table is offered to nobody.
pub fn may_visit(page: &PageRequest, path: &str) -> bool {
    let row = PAGES.iter().find(|(row, _)| *row == path);
    row.is_some_and(|(_, access)| match *access {
        Access::Public => true,
        Access::SignedOut => page.user.is_none(),
        Access::SignedIn => page.user.is_some(),
        Access::Permitted(permission) => page.may(permission),
    })
}

/// Whether a link to `path` leads to a page; `/` redirects to one.
pub fn is_page(path: &str) -> bool {
    path == "/" || PAGES.iter().any(|(page, _)| *page == path)
}

/// The application: every route is rendered whole (`SsrMode::Async`), so that it reads the same
/// with and without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    if let Some(PageProblem(problem)) = use_context() {
        return Either::Left(view! { <Router><ErrorPage problem/></Router> });
    }
    Either::Right(view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=Login ssr=SsrMode::Async/>
                <Route path=path!("/main") view=Main ssr=SsrMode::Async/>
                <Route path=path!("/account/sessions") view=Sessions ssr=SsrMode::Async/>
                <Route path=path!("/bill/menu") view=BillMenu ssr=SsrMode::Async/>
                <Route path=path!("/bill/result") view=BillResult ssr=SsrMode::Async/>
                <Route path=path!("/bill/history") view=BillHistory ssr=SsrMode::Async/>
                <Route path=path!("/product/menu") view=ProductMenu ssr=SsrMode::Async/>
                <Route path=path!("/product/change") view=ProductChange ssr=SsrMode::Async/>
                <Route path=path!("/product/request") view=ProductRequest ssr=SsrMode::Async/>
                <Route path=path!("/product/result") view=ProductResult ssr=SsrMode::Async/>
                <Route path=path!("/product/history") view=ProductHistory ssr=SsrMode::Async/>
            </Routes>
        </Router>
    })
}
