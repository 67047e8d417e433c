//! Who may see a page.

use super::{
    button::{ButtonLink, Look},
    layout::Screen,
    problem::ProblemPanel,
};
use crate::{
    page_request::PageRequest,
    problem::{Problem, ProblemCode},
    routes::{Access, access},
    text::frame::Frame,
};
use leptos::prelude::*;

/// Whether the request behind `page` may use `path`, by the table of [`crate::routes`]. The
/// gateway enforces the same table; this decides what to show.
pub fn may_visit(page: &PageRequest, path: &str) -> bool {
    match access(path) {
        Access::Public => true,
        Access::SignedIn => page.user.is_some(),
        Access::Permitted(permission) => page.may(permission),
    }
}

/// The screen of `path`, or the reason why it is not shown.
pub fn guarded<V: IntoView + 'static>(
    path: &'static str,
    screen: impl FnOnce(PageRequest) -> V,
) -> AnyView {
    let Some(page) = use_context::<PageRequest>() else {
        // The list of routes is made without a request.
        return ().into_any();
    };
    if may_visit(&page, path) {
        return screen(page).into_any();
    }
    let problem = Problem::of(if page.user.is_some() {
        ProblemCode::PermissionDenied
    } else {
        ProblemCode::TokenMissing
    });
    page.set_status(problem.status());
    let words = Frame::of(page.lang);
    let way_in = page
        .user
        .is_none()
        .then(|| view! { <ButtonLink href="/login" label=words.to_login look=Look::Primary/> });
    let title = problem.title().to_owned();
    view! {
        <Screen page title>
            <ProblemPanel problem/>
            {way_in}
        </Screen>
    }
    .into_any()
}
