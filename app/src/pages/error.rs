//! The error page: what the gateway refused, said in the frame of every screen.

use crate::{
    components::{layout::Screen, problem::ProblemPanel},
    page_request::PageRequest,
    problem::Problem,
};
use leptos::prelude::*;

/// Whatever kept the page from being rendered.
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
