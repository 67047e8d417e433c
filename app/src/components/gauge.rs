//! The used part of an allowance.

use super::{
    badge::{Badge, Tone},
    facts::Absent,
    icon::{Glyph, Icon},
};
use crate::{
    model::Allowance,
    text::{Lang, bill_result::UsageWords, frame::Frame},
};
use leptos::prelude::*;

/// The usage, as a meter and in words. An allowance KOS did not report is not mentioned.
#[component]
pub fn Gauge(
    #[prop(into)] name: String,
    glyph: Glyph,
    /// The usage and the allowance; `None` if KOS did not report them.
    usage: Option<(u64, Allowance)>,
    /// Writes a quantity with its unit.
    quantity: fn(Lang, u64) -> String,
    lang: Lang,
    words: &'static UsageWords,
) -> impl IntoView {
    let label = name.clone();
    let body = match usage {
        None => view! { <p class="gauge-words"><Absent lang/></p> }.into_any(),
        Some((used, allowance)) => {
            view! { <Used label used allowance quantity lang words/> }.into_any()
        }
    };
    view! {
        <div class="gauge">
            <h3><Icon glyph/> {name}</h3>
            {body}
        </div>
    }
    .into_any()
}

#[component]
fn Used(
    label: String,
    used: u64,
    allowance: Allowance,
    quantity: fn(Lang, u64) -> String,
    lang: Lang,
    words: &'static UsageWords,
) -> impl IntoView {
    let used_text = quantity(lang, used);
    match allowance {
        Allowance::Unknown => {
            view! { <p class="gauge-words">{(words.used)(&used_text)}</p> }.into_any()
        }
        Allowance::Unlimited => view! {
            <p class="gauge-words">
                {(words.used)(&used_text)}
                <Badge label=Frame::of(lang).unlimited tone=Tone::Primary/>
            </p>
        }
        .into_any(),
        // An allowance of nothing: neither plenty left nor all used up.
        Allowance::Limited(0) => view! {
            <p class="gauge-words">
                {(words.used)(&used_text)}
                <Badge label=words.none_included/>
            </p>
        }
        .into_any(),
        Allowance::Limited(limit) => {
            let (tone, state) = state(used, limit, words);
            let rest = if used > limit {
                (words.over)(&quantity(lang, used - limit))
            } else {
                (words.left)(&quantity(lang, limit - used))
            };
            view! {
                <meter
                    aria-label=label
                    min="0"
                    max=limit
                    low=plenty(limit)
                    high=limit.saturating_sub(1)
                    optimum="0"
                    value=used.min(limit)
                ></meter>
                <p class="gauge-words">
                    <span>{(words.used_of)(&used_text, &quantity(lang, limit))} ", " {rest}</span>
                    <Badge label=state tone/>
                </p>
            }
            .into_any()
        }
    }
}

/// How much is left, in a word: plenty, less than a fifth, nothing.
fn state(used: u64, limit: u64, words: &'static UsageWords) -> (Tone, &'static str) {
    if used >= limit {
        (Tone::Bad, words.full)
    } else if used.saturating_mul(5) >= limit.saturating_mul(4) {
        (Tone::Warn, words.nearly)
    } else {
        (Tone::Good, words.enough)
    }
}

/// The highest usage, of an allowance of at least one, that leaves plenty; beyond it [`state`] and
/// the meter's colour change together.
fn plenty(limit: u64) -> u64 {
    limit.saturating_mul(4).saturating_sub(1) / 5
}

#[cfg(test)]
mod tests {
    use super::{Gauge, Tone, plenty, state};
    use crate::{
        components::icon::glyph,
        model::Allowance,
        text::{Lang, bill_result::BillResult, quantity},
    };
    use leptos::prelude::*;

    #[test]
    fn the_meter_turns_where_the_words_do() {
        let words = &BillResult::of(Lang::default()).usage;
        for limit in 1..=30 {
            for used in 0..=limit {
                let good = state(used, limit, words).0 == Tone::Good;
                assert_eq!(used <= plenty(limit), good, "{used} of {limit}");
            }
        }
    }

    #[test]
    fn an_allowance_of_nothing_is_not_used_up() {
        let lang = Lang::default();
        let words = &BillResult::of(lang).usage;
        let shown = |used, limit| {
            let usage = Some((used, Allowance::Limited(limit)));
            let quantity = quantity::messages;
            view! {
                <Gauge name="" glyph=glyph::MESSAGE_SQUARE usage quantity lang words/>
            }
            .to_html()
        };
        for used in [0, 3] {
            let html = shown(used, 0);
            assert!(html.contains(words.none_included), "{html}");
            assert!(
                !html.contains("<meter") && !html.contains(words.full),
                "{html}"
            );
        }
        let html = shown(3, 3);
        assert!(
            html.contains("<meter") && html.contains(words.full),
            "{html}"
        );
    }
}
