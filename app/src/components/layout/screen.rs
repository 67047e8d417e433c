//! A screen: header, breadcrumb, title, content, footer.

use super::{Brand, Crumb, Help, LanguageSwitch, top_bar::TopBar, trail::Trail};
use crate::{
    components::skeleton::Skeleton, islands::waiting::Waiting, page_request::PageRequest,
    text::frame::Frame,
};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

/// The frame of a screen. `title` becomes the `h1`.
#[component]
pub fn Screen(
    page: PageRequest,
    #[prop(into)] title: String,
    /// Its name in the breadcrumb and the document title, if the heading says more.
    #[prop(optional)]
    name: Option<&'static str>,
    /// The screens between the main screen and this one; the last is the way back. `None` is the
    /// main screen itself.
    #[prop(default = Some(Vec::new()))]
    trail: Option<Vec<Crumb>>,
    children: Children,
) -> impl IntoView {
    let lang = page.lang;
    let words = Frame::of(lang);
    let signed_in = page.user.is_some();
    let name = name.map_or_else(|| title.clone(), str::to_owned);
    let here = name.clone();
    let trail = trail.filter(|_| signed_in).map(|crumbs| {
        view! { <Trail page=page.clone() crumbs here/> }
    });
    let head = if signed_in {
        Either::Left(view! { <TopBar page/> })
    } else {
        Either::Right(view! {
            <header class="top-bar"><a class="home" href="/login"><Brand lang/></a></header>
        })
    };
    view! {
        <Title text=format!("{name} · {}", words.service)/>
        <a class="skip" href="#content">{words.skip_to_content}</a>
        {head}
        <div class="page">
            {trail}
            <main id="content" tabindex="-1">
                <h1>{title}</h1>
                {children()}
            </main>
            <Skeleton lang/>
            <Waiting/>
        </div>
        <Help lang><LanguageSwitch lang/></Help>
    }
    .into_any()
}
