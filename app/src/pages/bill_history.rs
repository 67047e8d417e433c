//! The customer's inquiries: what was asked, when and how it was answered.

use crate::{
    api, bill_links,
    components::{
        badge::{Badge, Tone},
        button::{ButtonLink, Look},
        empty::Empty,
        facts::{Fact, Facts},
        history::{Asked, HistoryPart},
        icon::glyph,
        layout::{Crumb, Screen},
        line_switch::LineSwitch,
        load::load,
    },
    model::{BillingMonth, InquiryRecord, InquiryStatus, KstInstant, Line, Page},
    page_request::with_page,
    problem::ProblemCode,
    text::{self, Lang, bill_history::BillHistory as Words, frame::Frame},
};
use leptos::prelude::*;

/// The history, newest first, a page at a time.
#[component]
pub fn BillHistory() -> impl IntoView {
    with_page(|page| {
        let lang = page.lang;
        let words = Words::of(lang);
        let frame = Frame::of(lang);
        let asked = Asked::of(&page);
        let (lines, line) = (asked.lines.clone(), asked.line.clone());
        let current = page.moment.current_month;
        let history = api::bill::history(line.clone(), asked.cursor.clone());
        let trail = Some(vec![Crumb::new(
            frame.bill,
            bill_links::menu(page.line_to_keep().as_ref()),
        )]);
        view! {
            <Screen page title=words.title trail>
                <p class="intro">{words.intro}</p>
                <LineSwitch
                    lines
                    current=line
                    label=words.line
                    all=frame.all_lines
                    path="/bill/history"
                />
                {load(
                    words.failure,
                    history,
                    move |records| view! { <Records lang asked records current/> },
                )}
            </Screen>
        }
    })
}

#[component]
fn Records(
    lang: Lang,
    asked: Asked,
    records: Page<InquiryRecord>,
    current: BillingMonth,
) -> impl IntoView {
    let words = Words::of(lang);
    let menu = bill_links::menu(asked.line.as_ref());
    let lines = asked.lines.clone();
    let row = |record| view! { <Record lang record lines=lines.clone() current words/> }.into_any();
    let rows = records.items.into_iter().map(row).collect();
    view! {
        <HistoryPart
            lang
            label=words.title
            class="records"
            rows
            asked
            next=records.next_cursor
            address=bill_links::history
        >
            <Empty title=words.empty text=words.empty_text glyph=glyph::HISTORY>
                <ButtonLink href=menu label=Frame::of(lang).bill look=Look::Primary/>
            </Empty>
        </HistoryPart>
    }
    .into_any()
}

#[component]
fn Record(
    lang: Lang,
    record: InquiryRecord,
    lines: Vec<Line>,
    current: BillingMonth,
    words: &'static Words,
) -> impl IntoView {
    let number = lines
        .iter()
        .find(|line| line.line_id == record.line_id)
        .map_or_else(
            || words.unknown_line.to_owned(),
            |line| line.line_number.dashed(),
        );
    let done = record.status == InquiryStatus::Completed;
    let (tone, glyph) = if done {
        (Tone::Good, glyph::CIRCLE_CHECK)
    } else {
        (Tone::Bad, glyph::CIRCLE_X)
    };
    // The bill's source, or the problem instead.
    let result = record.source.map(words.source).or_else(|| {
        let code = ProblemCode::named(&record.result_code)?;
        Some(text::problem::words(lang, code).title)
    });
    let at = move |instant: &KstInstant| text::instant(lang, instant);
    let processed_at = record.processed_at.as_ref().map(at);
    let delivered_at = record
        .delivered_at
        .as_ref()
        .map_or_else(|| words.not_delivered.to_owned(), at);
    let label = if done { words.again } else { words.retry };
    let again = bill_links::again(&record, &lines, current).map(|(href, number)| {
        view! {
            <a class=Look::Secondary.class() href=href>
                {label}
                <span class="visually-hidden">{text::month(lang, record.month)} " " {number}</span>
            </a>
        }
    });
    view! {
        <li class="card record">
            <h2 class="card-title">
                {text::month(lang, record.month)}
                <Badge label=(words.status)(record.status) tone glyph/>
            </h2>
            <Facts>
                <Fact name=words.line>{number}</Fact>
                <Fact name=words.requested_at>{at(&record.requested_at)}</Fact>
                {processed_at.map(|at| view! { <Fact name=words.processed_at>{at}</Fact> })}
                {result.map(|result| view! { <Fact name=words.result>{result}</Fact> })}
                {done.then(|| view! { <Fact name=words.delivered_at>{delivered_at}</Fact> })}
            </Facts>
            {again}
        </li>
    }
    .into_any()
}
