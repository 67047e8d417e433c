//! Calls, data and messages.

use crate::{
    components::{card::Fold, gauge::Gauge, icon::glyph},
    model::Usage,
    text::{Lang, bill_result::BillResult as Words, quantity},
};
use leptos::prelude::*;

#[component]
pub(super) fn UsageCard(usage: Usage, lang: Lang, words: &'static Words) -> impl IntoView {
    let words = &words.usage;
    let data = usage.data.map(|data| (data.used_mb, data.allowance_mb));
    let voice = usage
        .voice
        .map(|voice| (voice.used_minutes, voice.allowance_minutes));
    let sms = usage.sms.map(|sms| (sms.used, sms.allowance));
    view! {
        <Fold title=words.title glyph=glyph::SIGNAL open=true>
            <div class="gauges">
                <Gauge
                    name=words.data
                    glyph=glyph::SIGNAL
                    usage=data
                    quantity=quantity::data
                    lang
                    words
                />
                <Gauge
                    name=words.voice
                    glyph=glyph::PHONE
                    usage=voice
                    quantity=quantity::minutes
                    lang
                    words
                />
                <Gauge
                    name=words.sms
                    glyph=glyph::MESSAGE_SQUARE
                    usage=sms
                    quantity=quantity::messages
                    lang
                    words
                />
            </div>
        </Fold>
    }
    .into_any()
}
