//! Loading a page's data while it is rendered; without a resource, because the browser does not
//! need it again.

use super::problem::{ProblemNote, ProblemPanel};
use crate::{
    in_language::InLanguage,
    page_request::{PageRequest, language},
    problem::Problem,
};
use leptos::{either::Either, prelude::*};
use std::future::Future;

/// Renders the result of `future`. A problem replaces the content, under the headline `failure`,
/// and sets the page's status.
pub fn load<T, V>(
    failure: &'static str,
    future: impl Future<Output = Result<T, Problem>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let (page, lang) = (use_context::<PageRequest>(), language());
    suspended(async move {
        match future.await {
            Ok(data) => Either::Left(view(data)),
            Err(problem) => {
                if let Some(page) = page {
                    page.set_status(problem.status());
                }
                let problem = problem.in_language(lang);
                Either::Right(view! { <ProblemPanel problem title=failure/> })
            }
        }
    })
}

/// As [`load`], for a part of a page: a problem replaces that part only, and the page keeps its
/// status.
pub fn load_part<T, V>(
    future: impl Future<Output = Result<T, Problem>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let lang = language();
    suspended(async move {
        match future.await {
            Ok(data) => Either::Left(view(data)),
            Err(problem) => {
                let problem = problem.in_language(lang);
                Either::Right(view! { <ProblemNote problem/> })
            }
        }
    })
}

/// Pages are rendered whole, so a fallback would never be sent; [`crate::islands::waiting`] shows
/// the wait.
fn suspended<V: IntoView + 'static>(
    view: impl Future<Output = V> + Send + 'static,
) -> impl IntoView {
    view! { <Suspense>{Suspend::new(view)}</Suspense> }.into_any()
}
