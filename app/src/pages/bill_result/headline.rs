//! The one big number, and why it is what it is.

use crate::{
    bill_story::{BillStory, told_story},
    components::{
        bill_age::BillAge,
        icon::{Icon, glyph},
        money::{Delta, Money},
    },
    model::{Bill, MonthTotal, ToldTotal, Won},
    text::{Lang, amount_names::shown, bill_result::BillResult as Words, frame::Frame},
};
use leptos::prelude::*;

/// How many reasons are told; the rest is in the breakdown.
const REASONS: usize = 3;

/// What is said of the month before.
pub(super) enum Before {
    Told(BillStory),
    /// There is no such bill to compare with, or only one that is out of date.
    Incomparable,
    /// KOS does not tell it now.
    NotNow,
}

impl Before {
    /// `trend` tells why the `earlier` bill is missing, where it is.
    pub(super) fn of(bill: &Bill, earlier: Option<Bill>, trend: &[MonthTotal]) -> Self {
        let not_now = MonthTotal {
            month: bill.month.previous(),
            total: ToldTotal::NotNow,
        };
        match earlier.and_then(|earlier| told_story(&earlier, bill)) {
            Some(story) => Self::Told(story),
            None if trend.contains(&not_now) => Self::NotNow,
            None => Self::Incomparable,
        }
    }
}

#[component]
pub(super) fn Headline(
    bill: Bill,
    before: Before,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let frame = Frame::of(lang);
    let comparison = match before {
        Before::Told(story) => {
            let delta = story.delta;
            view! {
                <p><Delta won=delta words=&frame.previous_month/></p>
                <Reasons story lang words/>
            }
            .into_any()
        }
        Before::Incomparable => view! { <p class="hint">{words.no_previous}</p> }.into_any(),
        Before::NotNow => view! { <p class="hint">{words.previous_not_now}</p> }.into_any(),
    };
    view! {
        <section class="card headline">
            <p class="visually-hidden" role="status">{(words.done)(bill.month, bill.total)}</p>
            <h2 class="headline-label">{words.total}</h2>
            <p class="total"><Money won=bill.total/></p>
            {comparison}
            <p class="headline-foot">
                {bill.product.name} " · " {bill.line_number.dashed()}
            </p>
            <BillAge freshness=bill.freshness lang/>
        </section>
    }
    .into_any()
}

#[component]
fn Reasons(story: BillStory, lang: Lang, words: &'static Words) -> impl IntoView {
    (!story.reasons.is_empty()).then(|| {
        let items = story
            .reasons
            .into_iter()
            .take(REASONS)
            .map(|reason| {
                let (class, glyph) = if reason.amount > Won(0) {
                    ("more", glyph::ARROW_UP)
                } else {
                    ("less", glyph::ARROW_DOWN)
                };
                let text =
                    (words.reason)(reason.turn, shown(lang, &reason.name), reason.amount.abs());
                view! { <li class=class><Icon glyph/> {text}</li> }
            })
            .collect_view();
        view! { <ul class="reasons" aria-label=words.reasons>{items}</ul> }
    })
}
