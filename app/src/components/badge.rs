//! A short state in words, with a colour for its meaning.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// The meaning of a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Primary,
    Good,
    Bad,
    Warn,
}

impl Tone {
    /// The CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Primary => "tone-primary",
            Self::Good => "tone-good",
            Self::Bad => "tone-bad",
            Self::Warn => "tone-warn",
        }
    }
}

/// A pill with a word, never a colour alone.
#[component]
pub fn Badge(
    #[prop(into)] label: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            {glyph.map(|glyph| view! { <Icon glyph/> })} {label}
        </span>
    }
    .into_any()
}
