//! The error page: a refusal by the gateway, in the common frame.

use crate::{
    components::{layout::Screen, problem::ProblemPanel},
    page_request::PageRequest,
    problem::Problem,
};
use leptos::prelude::*;

/// The problem that kept the page from being rendered.
#[component]
pub fn ErrorPage(problem: Problem) -> impl IntoView {
    let page = use_context::<PageRequest>()?;
    page.set_status(problem.status());
    let title = problem.title().to_owned();
    Some(view! {
        <Screen page title>
            <ProblemPanel problem/>
        </Screen>
    })
}
