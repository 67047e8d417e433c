//! Which path shows which screen, and who may see it.

use crate::model::Permission;
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

/// Who may use a route. The gateway enforces it, the menus read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever is signed in and holds the permission.
    Permitted(Permission),
}

/// The screens' paths with who may see them; the one place where this is written.
pub const PAGES: &[(&str, Access)] = &[
    ("/login", Access::Public),
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

/// The application: every route is rendered whole (`SsrMode::Async`), so that it reads the same
/// with and without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <main>
                <Routes fallback=|| "404">
                    <Route path=path!("/login") view=|| "login" ssr=SsrMode::Async/>
                </Routes>
            </main>
        </Router>
    }
}
