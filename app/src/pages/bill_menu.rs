//! SCR-003: the bill menu.

use crate::{
    api,
    components::{
        button::{ActionBar, ButtonLink, Look, SubmitButton},
        icon::glyph,
        layout::Screen,
        load::load,
        notices::Notices,
    },
    links::{line_asked_for, of_line},
    model::BillMenu as Menu,
    page_request::with_page,
    text::{self, Lang, bill_menu::BillMenuWords as Words},
};
use leptos::prelude::*;

/// The choice of line and month; a GET form, so that the result has an address of its own.
#[component]
pub fn BillMenu() -> impl IntoView {
    with_page(|page| {
        let lang = page.lang;
        let words = Words::of(lang);
        let line = line_asked_for();
        view! {
            <Screen page title=words.title>
                {load(
                    words.failure,
                    api::bill::menu(line),
                    move |menu| view! { <Inquiry menu lang words/> },
                )}
            </Screen>
        }
    })
}

#[component]
fn Inquiry(menu: Menu, lang: Lang, words: &'static Words) -> impl IntoView {
    let main = of_line("/main", Some(&menu.line_id));
    let lines = menu
        .lines
        .into_iter()
        .map(|line| {
            let checked = line.line_id == menu.line_id;
            view! {
                <label class="option">
                    <input type="radio" name="line" value=line.line_id.0 checked=checked/>
                    <span>{line.line_number.dashed()}</span>
                </label>
            }
        })
        .collect_view();
    let months = menu
        .months
        .into_iter()
        .map(|month| {
            let current = month == menu.current_month;
            view! {
                <label class="option">
                    <input type="radio" name="month" value=month.to_string() checked=current/>
                    <span>
                        {text::month(lang, month)}
                        {current.then(|| view! { <small>{words.current}</small> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <form class="stack" method="get" action="/bill/result">
            <fieldset class="card">
                <legend>{words.line}</legend>
                <div class="options">{lines}</div>
            </fieldset>
            <fieldset class="card" aria-describedby="month-hint">
                <legend>{words.month}</legend>
                <p id="month-hint" class="hint">{words.month_hint}</p>
                <div class="options months">{months}</div>
            </fieldset>
            <Notices title=words.notices_title items=words.notices/>
            <ActionBar>
                <ButtonLink href=main label=words.cancel/>
                <SubmitButton label=words.submit look=Look::Primary glyph=glyph::SEARCH/>
            </ActionBar>
        </form>
    }
    .into_any()
}
