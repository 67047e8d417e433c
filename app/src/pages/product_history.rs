//! The customer's changes, newest first.

use crate::{
    api,
    components::{
        badge::{Badge, Tone},
        button::{ButtonLink, Look},
        empty::Empty,
        history::{Asked, HistoryPart},
        icon::{Icon, glyph},
        layout::{Crumb, Screen},
        line_switch::LineSwitch,
        load::load,
    },
    model::{Change, ChangeStatus, Page},
    page_request::{PageRequest, with_page},
    product_links,
    text::{
        Lang, date, frame::Frame, instant, product_history::ProductHistory as Words, product_menu,
        product_plan::ProductPlan,
    },
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ProductHistory() -> impl IntoView {
    with_page(screen)
}

fn screen(page: PageRequest) -> impl IntoView {
    let lang = page.lang;
    let words = Words::of(lang);
    let asked = Asked::of(&page);
    let (lines, line) = (asked.lines.clone(), asked.line.clone());
    let trail = vec![Crumb::new(
        product_menu::ProductMenu::of(lang).title,
        product_links::menu(page.line_to_keep().as_ref()),
    )];
    let list = load(
        words.failure,
        api::product::history(line.clone(), asked.cursor.clone()),
        move |changes| view! { <Changes lang asked changes/> },
    );
    view! {
        <Screen page title=words.title trail=Some(trail)>
            <LineSwitch
                lines
                current=line
                label=ProductPlan::of(lang).choose_line
                all=Frame::of(lang).all_lines
                path="/product/history"
            />
            {list}
        </Screen>
    }
    .into_any()
}

#[component]
fn Changes(lang: Lang, asked: Asked, changes: Page<Change>) -> impl IntoView {
    let words = Words::of(lang);
    let menu = product_links::menu(asked.line.as_ref());
    let row = |change| view! { <Row lang change/> }.into_any();
    let rows = changes.items.into_iter().map(row).collect();
    view! {
        <HistoryPart
            lang
            label=words.title
            class="change-list"
            rows
            asked
            next=changes.next_cursor
            address=product_links::history
        >
            <Empty title=words.empty text=words.empty_hint glyph=glyph::HISTORY>
                <ButtonLink href=menu label=words.start look=Look::Primary/>
            </Empty>
        </HistoryPart>
    }
    .into_any()
}

#[component]
fn Row(lang: Lang, change: Change) -> impl IntoView {
    let words = Words::of(lang);
    let told = (words.status)(change.status);
    let (tone, glyph, label) = match change.status {
        ChangeStatus::Completed => (Tone::Good, glyph::CIRCLE_CHECK, told),
        ChangeStatus::Failed if change.under_review => (Tone::Primary, glyph::CLOCK, words.late),
        ChangeStatus::Failed => (Tone::Bad, glyph::CIRCLE_X, told),
        ChangeStatus::Pending => (Tone::Primary, glyph::CLOCK, told),
    };
    let reason = change
        .failure
        .map(|failure| view! { <p class="reason">{failure.message}</p> });
    let effective = change.effective_date.as_ref().map(|day| {
        view! { <span>{words.effective_date} " " {date(lang, day)}</span> }
    });
    let name = format!("{} {}", change.to.name, words.details);
    let href = product_links::result(&change.request_id, Some(&change.line_id));
    view! {
        <li class="card">
            <div class="change-head">
                <Badge label tone glyph/>
                <span>{change.line_number.dashed()}</span>
            </div>
            <h2 class="change-plans">
                <span lang=lang.of_kos()>{change.from.name}</span>
                <Icon glyph=glyph::ARROW_RIGHT/>
                <span lang=lang.of_kos()>{change.to.name}</span>
            </h2>
            {reason}
            <p class="change-facts">
                <span>{words.requested_at} " " {instant(lang, &change.requested_at)}</span>
                {effective}
            </p>
            <a class="row-link" href=href aria-label=name>
                {words.details}
                <Icon glyph=glyph::CHEVRON_RIGHT/>
            </a>
        </li>
    }
    .into_any()
}
