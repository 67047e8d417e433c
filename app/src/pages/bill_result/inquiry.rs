//! The result of an inquiry, arranged.

use super::{
    charges::ChargesCard,
    headline::{Before, Headline},
    months::Months,
    terms::TermsCard,
    trend::TrendCard,
    usage::UsageCard,
};
use crate::{
    bill_links,
    components::{
        button::{ActionBar, ButtonLink, Look},
        icon::glyph,
    },
    islands::{card_group::CardGroup, print_button::PrintButton},
    links::of_line,
    model::{Bill, BillingMonth, Comparison},
    text::{Lang, bill_result::BillResult as Words, frame::Frame},
};
use leptos::prelude::*;

/// The bill, its comparison, and the links that follow.
#[component]
pub(super) fn Inquiry(
    bill: Bill,
    comparison: Comparison,
    current: BillingMonth,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let Comparison { earlier, trend } = comparison;
    let before = Before::of(&bill, earlier, &trend);
    let other_month = bill_links::menu(Some(&bill.line_id));
    let main = of_line("/main", Some(&bill.line_id));
    view! {
        <Months bill=bill.clone() current words/>
        <div class="bill">
            <div class="bill-number">
                <Headline bill=bill.clone() before lang words/>
                <TrendCard trend month=bill.month line=bill.line_id.clone() lang words/>
            </div>
            <div class="bill-detail">
                <CardGroup>
                    <ChargesCard bill=bill.clone() lang words/>
                    <UsageCard usage=bill.usage.clone() lang words/>
                    <TermsCard bill current lang words/>
                </CardGroup>
            </div>
        </div>
        <ActionBar>
            <PrintButton>{words.print}</PrintButton>
            <ButtonLink href=main label=Frame::of(lang).to_main/>
            <ButtonLink
                href=other_month
                label=words.other_month
                look=Look::Primary
                glyph=glyph::CALENDAR_DAYS
            />
        </ActionBar>
    }
    .into_any()
}
