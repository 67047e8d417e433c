//! The customer's changes, newest first.

use crate::{
    api,
    components::{
        badge::{Badge, Tone},
        button::{ButtonLink, Look},
        empty::Empty,
        icon::{Icon, glyph},
        layout::{Crumb, Screen},
        line_switch::LineSwitch,
        load::load,
    },
    model::{Change, ChangeStatus, Cursor, LineId, Page},
    page_request::{PageRequest, with_page},
    product_links,
    text::{
        Lang, date, frame::Frame, instant, product_history::ProductHistory as Words, product_menu,
        product_plan::ProductPlan,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn ProductHistory() -> impl IntoView {
    with_page(screen)
}

fn screen(page: PageRequest) -> impl IntoView {
    let lang = page.lang;
    let words = Words::of(lang);
    let query = use_query_map().get_untracked();
    let line = query.get("line").map(LineId);
    let cursor = query.get("cursor").map(Cursor);
    let lines = page
        .user
        .iter()
        .flat_map(|user| user.lines.clone())
        .collect();
    let trail = vec![Crumb::new(
        product_menu::ProductMenu::of(lang).title,
        product_links::menu(line.as_ref()),
    )];
    let chosen = line.clone();
    let later = cursor.is_some();
    let list = load(
        words.failure,
        api::product::history(line.clone(), cursor),
        move |changes| view! { <Changes lang line changes later/> },
    );
    view! {
        <Screen page title=words.title trail=Some(trail)>
            <LineSwitch
                lines
                current=chosen
                label=ProductPlan::of(lang).choose_line
                all=words.all_lines
                path="/product/history"
            />
            {list}
        </Screen>
    }
    .into_any()
}

#[component]
fn Changes(
    lang: Lang,
    line: Option<LineId>,
    changes: Page<Change>,
    /// Whether newer changes stand on an earlier page.
    later: bool,
) -> impl IntoView {
    let words = Words::of(lang);
    let frame = Frame::of(lang);
    if changes.items.is_empty() {
        return view! {
            <Empty title=words.empty text=words.empty_hint glyph=glyph::HISTORY>
                <ButtonLink
                    href=product_links::menu(line.as_ref())
                    label=words.start
                    look=Look::Primary
                />
            </Empty>
        }
        .into_any();
    }
    let rows = changes
        .items
        .into_iter()
        .map(|change| view! { <Row lang change/> })
        .collect_view();
    let newest = later.then(|| {
        let href = product_links::history(line.as_ref(), None);
        view! { <ButtonLink href label=frame.first_page/> }
    });
    let next = changes.next_cursor.map(|cursor| {
        let href = product_links::history(line.as_ref(), Some(&cursor));
        view! { <ButtonLink href label=frame.next_page/> }
    });
    let pages = (newest.is_some() || next.is_some()).then(|| {
        view! { <nav class="actions" aria-label=words.pages>{newest} {next}</nav> }
    });
    view! {
        <ul class="change-list">{rows}</ul>
        {pages}
    }
    .into_any()
}

#[component]
fn Row(lang: Lang, change: Change) -> impl IntoView {
    let words = Words::of(lang);
    let (tone, glyph) = match change.status {
        ChangeStatus::Completed => (Tone::Good, glyph::CIRCLE_CHECK),
        ChangeStatus::Failed => (Tone::Bad, glyph::CIRCLE_X),
        ChangeStatus::Pending => (Tone::Primary, glyph::CLOCK),
    };
    let label = (words.status)(change.status);
    let reason = change
        .failure
        .map(|failure| view! { <p class="reason">{failure.message}</p> });
    let effective = change.effective_date.as_ref().map(|day| {
        view! { <span>{words.effective_date} " " {date(day)}</span> }
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
                <span>{change.from.name}</span>
                <Icon glyph=glyph::ARROW_RIGHT/>
                <span>{change.to.name}</span>
            </h2>
            {reason}
            <p class="change-facts">
                <span>{words.requested_at} " " {instant(&change.requested_at)}</span>
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
