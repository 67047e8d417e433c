//! The inquiries a customer made: what was asked, when it was answered, how.

use crate::{
    api, bill_links,
    components::{
        badge::{Badge, Tone},
        button::{ButtonLink, Look},
        empty::Empty,
        facts::{Fact, Facts},
        icon::glyph,
        layout::{Crumb, Screen},
        line_switch::LineSwitch,
        load::load,
    },
    model::{BillingMonth, Cursor, InquiryRecord, InquiryStatus, Line, LineId, Page},
    page_request::with_page,
    problem::ProblemCode,
    text::{self, bill_history::BillHistory as Words, frame::Frame},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The history, newest first, a page at a time.
#[component]
pub fn BillHistory() -> impl IntoView {
    with_page(|page| {
        let words = Words::of(page.lang);
        let frame = Frame::of(page.lang);
        let query = use_query_map().get_untracked();
        let line = query.get("line").map(LineId);
        let cursor = query.get("cursor").map(Cursor);
        let lines = page
            .user
            .as_ref()
            .map(|user| user.lines.clone())
            .unwrap_or_default();
        let current = page.current_month;
        let history = api::bill::history(line.clone(), cursor.clone());
        let trail = Some(vec![Crumb::new(
            frame.bill,
            bill_links::menu(line.as_ref(), None),
        )]);
        view! {
            <Screen page title=words.title trail>
                <p class="intro">{words.intro}</p>
                <LineSwitch
                    lines=lines.clone()
                    current=line.clone()
                    label=words.line
                    all=words.all_lines
                    path="/bill/history"
                />
                {load(
                    words.failure,
                    history,
                    move |records| view! { <Records records lines line current paged=cursor.is_some() words frame/> },
                )}
            </Screen>
        }
    })
}

#[component]
fn Records(
    records: Page<InquiryRecord>,
    lines: Vec<Line>,
    line: Option<LineId>,
    current: BillingMonth,
    /// Whether this is not the first page.
    paged: bool,
    words: &'static Words,
    frame: &'static Frame,
) -> impl IntoView {
    let first_page = bill_links::history(line.as_ref(), None);
    if records.items.is_empty() && !paged {
        return view! {
            <Empty title=words.empty text=words.empty_text glyph=glyph::HISTORY>
                <ButtonLink
                    href=bill_links::menu(line.as_ref(), None)
                    label=frame.bill
                    look=Look::Primary
                />
            </Empty>
        }
        .into_any();
    }
    let items = records
        .items
        .into_iter()
        .map(|record| view! { <Record record lines=lines.clone() current words/> })
        .collect_view();
    let next = records.next_cursor.map(|cursor| {
        let href = bill_links::history(line.as_ref(), Some(&cursor));
        view! { <ButtonLink href label=frame.next_page/> }
    });
    let first = paged.then(
        || view! { <ButtonLink href=first_page.clone() label=frame.first_page look=Look::Quiet/> },
    );
    view! {
        <ol class="records">{items}</ol>
        <div class="actions">{next} {first}</div>
    }
    .into_any()
}

#[component]
fn Record(
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
    // Where the bill came from, or the problem in its place.
    let result = record.source.map(words.source).or_else(|| {
        let code = ProblemCode::named(&record.result_code)?;
        Some(text::problem::words(code).title)
    });
    let processed_at = record.processed_at.as_ref().map(text::instant);
    let delivered_at = record
        .delivered_at
        .as_ref()
        .map_or_else(|| words.not_delivered.to_owned(), text::instant);
    let again = bill_links::again(&record, &lines, current).map(|(href, number)| {
        view! {
            <a class=Look::Secondary.class() href=href>
                {words.again}
                <span class="visually-hidden">{text::month(record.month)} " " {number}</span>
            </a>
        }
    });
    view! {
        <li class="card record">
            <h2 class="card-title">
                {text::month(record.month)}
                <Badge label=(words.status)(record.status) tone glyph/>
            </h2>
            <Facts>
                <Fact name=words.line>{number}</Fact>
                <Fact name=words.requested_at>{text::instant(&record.requested_at)}</Fact>
                {processed_at.map(|at| view! { <Fact name=words.processed_at>{at}</Fact> })}
                {result.map(|result| view! { <Fact name=words.result>{result}</Fact> })}
                {done.then(|| view! { <Fact name=words.delivered_at>{delivered_at}</Fact> })}
            </Facts>
            {again}
        </li>
    }
    .into_any()
}
