//! Data of a page: asked for while the page is being rendered, without a resource, because nothing
//! of it is needed again in the browser.

use super::problem::{ProblemNote, ProblemPanel};
use crate::{page_request::PageRequest, problem::Problem};
use leptos::{either::Either, prelude::*};
use std::future::Future;

/// Shows what `future` yields. A problem takes the place of the content, under the headline
/// `failure`, and gives its status to the page.
pub fn load<T, V>(
    failure: &'static str,
    future: impl Future<Output = Result<T, Problem>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let page = use_context::<PageRequest>();
    suspended(async move {
        match future.await {
            Ok(data) => Either::Left(view(data)),
            Err(problem) => {
                if let Some(page) = page {
                    page.set_status(problem.status());
                }
                Either::Right(view! { <ProblemPanel problem title=failure/> })
            }
        }
    })
}

/// The same for a part of a page: a problem stays in its place and the page keeps its status.
pub fn load_part<T, V>(
    future: impl Future<Output = Result<T, Problem>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    suspended(async move {
        match future.await {
            Ok(data) => Either::Left(view(data)),
            Err(problem) => Either::Right(view! { <ProblemNote problem/> }),
        }
    })
}

/// Pages are rendered whole, so a fallback would never be sent; what a customer sees of the wait is
/// [`crate::islands::waiting`].
fn suspended<V: IntoView + 'static>(
    view: impl Future<Output = V> + Send + 'static,
) -> impl IntoView {
    view! { <Suspense>{Suspend::new(view)}</Suspense> }.into_any()
}
