//! Buttons, and links that look like buttons.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// How prominent a button is; one primary per screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    Primary,
    #[default]
    Secondary,
    Quiet,
}

impl Look {
    /// The CSS classes.
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Secondary => "button secondary",
            Self::Quiet => "button quiet",
        }
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional)] look: Look,
    #[prop(optional_no_strip, into)] glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <a class=look.class() href=href>
            {glyph.map(|glyph| view! { <Icon glyph/> })} {label}
        </a>
    }
    .into_any()
}

/// Submits its form. Never disabled: pressing it early reports what is missing.
#[component]
pub fn SubmitButton(
    #[prop(into)] label: String,
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <button type="submit" class=look.class()>
            {glyph.map(|glyph| view! { <Icon glyph/> })} {label}
        </button>
    }
    .into_any()
}

/// The actions of a screen: at the bottom edge of a phone, under the content of a desktop.
#[component]
pub fn ActionBar(children: Children) -> impl IntoView {
    view! { <div class="action-bar">{children()}</div> }.into_any()
}
