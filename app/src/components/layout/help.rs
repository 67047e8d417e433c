//! Where to ask for help, and the other language: the same block at the same place on every screen.

use crate::{
    components::icon::{Icon, glyph},
    text::{Lang, frame::Frame},
};
use leptos::prelude::*;

/// The footer of every screen.
#[component]
pub fn Help(
    #[prop(optional)] lang: Lang,
    /// The way to the other language, where it can lead back.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let words = Frame::of(lang);
    view! {
        <footer class="help">
            <p class="help-title">{words.help_title}</p>
            <p>
                <a class="help-phone" href=words.help_link()>
                    <Icon glyph=glyph::PHONE/> {words.help_phone}
                </a>
                <span>{words.help_hours}</span>
            </p>
            {children.map(|children| children())}
        </footer>
    }
    .into_any()
}
