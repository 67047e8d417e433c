//! What was asked for, and what came of it.

use crate::{
    components::{
        card::Card,
        facts::{Absent, Fact, Facts},
        icon::glyph,
        money::Money,
    },
    model::{Change, ChangeStatus, KstInstant, Won},
    text::{
        Lang, date, instant, product_plan::ProductPlan, product_result::ProductResult as Words,
    },
};
use leptos::prelude::*;

/// The facts of the change; those KOS did not report are shown as absent.
#[component]
pub(super) fn Details(lang: Lang, change: Change, fee: Option<Won>) -> impl IntoView {
    let words = Words::of(lang);
    let completed = change.status == ChangeStatus::Completed;
    let before = match change.status {
        ChangeStatus::Completed => words.before,
        ChangeStatus::Failed | ChangeStatus::Pending => words.when_requested,
    };
    let after = if completed { words.after } else { words.wanted };
    let fee = fee.map(|won| {
        view! { <Fact name=ProductPlan::of(lang).fee><Money won/></Fact> }
    });
    // A change whose answer was lost is known by its effect, and has no date.
    let effective = change.effective_date.as_ref();
    let effective =
        effective.map_or_else(|| words.effective_unknown.to_owned(), |day| date(lang, day));
    let order = change.kos_order_number.clone();
    let order = order.map_or_else(
        || view! { <Absent lang/> }.into_any(),
        |number| number.into_any(),
    );
    let answered = completed.then(|| {
        view! {
            <Fact name=words.effective_date>{effective}</Fact>
            <Fact name=words.order_number>{order}</Fact>
        }
    });
    let processed = change.processed_at.map(|at: KstInstant| {
        view! { <Fact name=words.processed_at>{instant(lang, &at)}</Fact> }
    });
    let (receipt, hint) = match change.receipt {
        None => (None, None),
        Some(receipt) => (
            Some(view! { <Fact name=words.receipt><code>{receipt.0}</code></Fact> }),
            Some(view! { <p class="hint">{words.receipt_hint}</p> }),
        ),
    };
    view! {
        <Card title=words.details glyph=glyph::FILE_TEXT>
            <Facts>
                <Fact name=words.line>{change.line_number.dashed()}</Fact>
                <Fact name=before><span lang=lang.of_kos()>{change.from.name}</span></Fact>
                <Fact name=after><span lang=lang.of_kos()>{change.to.name}</span></Fact>
                {fee}
                {answered}
                <Fact name=words.request_number><code>{change.request_id.to_string()}</code></Fact>
                <Fact name=words.requested_at>{instant(lang, &change.requested_at)}</Fact>
                {processed}
                {receipt}
            </Facts>
            {hint}
        </Card>
    }
    .into_any()
}
