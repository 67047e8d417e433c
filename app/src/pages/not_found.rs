//! The 404 page.

use crate::{
    components::{
        button::{ButtonLink, Look},
        empty::Empty,
        layout::Screen,
    },
    page_request::PageRequest,
    text::{frame::Frame, not_found::NotFound as Words},
};
use leptos::prelude::*;

/// Any address without a route.
#[component]
pub fn NotFound() -> impl IntoView {
    let page = use_context::<PageRequest>()?;
    page.set_status(404);
    let words = Words::of(page.lang);
    let frame = Frame::of(page.lang);
    let (href, label) = if page.user.is_some() {
        ("/main", frame.to_main)
    } else {
        ("/login", frame.to_login)
    };
    Some(
        view! {
            <Screen page title=words.title>
                <Empty title=words.heading text=words.text>
                    <ButtonLink href label look=Look::Primary/>
                </Empty>
            </Screen>
        }
        .into_any(),
    )
}
