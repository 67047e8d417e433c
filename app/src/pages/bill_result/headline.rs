//! The total, and why it differs from that of the month before.

use super::amount_name::AmountName;
use crate::{
    bill_story::{BillStory, Turn, story_if_comparable},
    components::{
        bill_age::BillAge,
        icon::{Icon, glyph},
        money::{Delta, Money},
    },
    model::{Bill, MonthTotal, TrendTotal, Won},
    text::{Lang, bill_result::BillResult as Words, frame::Frame},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Reasons listed, the last one for all others.
const REASONS: usize = 4;

/// The comparison with the previous month.
pub(super) enum Before {
    Told(BillStory),
    /// There is no earlier bill, or only an outdated one.
    Incomparable,
    /// KOS does not return it now.
    NotNow,
}

impl Before {
    /// `trend` shows why the `earlier` bill is missing, if it is.
    pub(super) fn of(bill: &Bill, earlier: Option<Bill>, trend: &[MonthTotal]) -> Self {
        let not_now = MonthTotal {
            month: bill.month.previous(),
            total: TrendTotal::NotNow,
        };
        match earlier.and_then(|earlier| story_if_comparable(&earlier, bill)) {
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
    let earlier = bill.month.previous();
    let comparison = match before {
        Before::Told(story) => {
            let delta = story.delta;
            view! {
                <p><Delta won=delta text=(words.compared)(earlier, delta)/></p>
                <Reasons story lang words/>
            }
            .into_any()
        }
        Before::Incomparable => {
            view! { <p class="hint">{(words.no_previous)(earlier)}</p> }.into_any()
        }
        Before::NotNow => {
            view! { <p class="hint">{(words.previous_not_now)(earlier)}</p> }.into_any()
        }
    };
    let title = (words.title)(bill.month);
    view! {
        <Title text=format!("{title} · {}", frame.service)/>
        <section class="card headline">
            <p class="visually-hidden" role="status">{(words.done)(bill.month, bill.total)}</p>
            <h2 class="headline-label">{words.total}</h2>
            <p class="total"><Money won=bill.total/></p>
            {comparison}
            <p class="headline-foot">
                <span lang=lang.of_kos()>{bill.product.name}</span> " · " {bill.line_number.dashed()}
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
            .gist(REASONS)
            .into_iter()
            .map(|reason| {
                let (class, glyph) = if reason.amount > Won(0) {
                    ("more", glyph::ARROW_UP)
                } else {
                    ("less", glyph::ARROW_DOWN)
                };
                let name = (reason.turn != Turn::Other)
                    .then(|| view! { <AmountName lang name=reason.name/> " " });
                let text = (words.reason)(reason.turn, reason.amount);
                view! { <li class=class><Icon glyph/> <span>{name} {text}</span></li> }
            })
            .collect_view();
        view! { <ul class="reasons" aria-label=words.reasons>{items}</ul> }
    })
}
