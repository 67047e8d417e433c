//! The visit that the address describes, and the screen around it.

use super::{facts::facts, made::unless_used, refused_notice::RefusedNotice, request::Request};
use crate::{
    components::{
        button::{ButtonLink, Look},
        empty::Empty,
        layout::{Crumb, Screen},
        load::load,
    },
    links::line_asked_for,
    model::{IdempotencyKey, LineId, Permission, ProductCode},
    page_request::PageRequest,
    product_links,
    text::{Lang, product_change, product_menu, product_request::ProductRequest as Words},
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::{components::Redirect, hooks::use_query_map};

/// The visit, as the address describes it.
#[derive(Clone)]
pub(super) struct Visit {
    pub lang: Lang,
    pub line: Option<LineId>,
    pub from: Option<ProductCode>,
    pub to: ProductCode,
    pub key: String,
    /// The server makes the checks, because the browser runs no script.
    pub checked: bool,
    pub may_see_bills: bool,
}

pub(super) fn screen(page: PageRequest) -> impl IntoView {
    let words = Words::of(page.lang);
    let query = use_query_map().get_untracked();
    let line = line_asked_for();
    let code = |name| query.get_str(name).and_then(|code| code.parse().ok());
    let key = query
        .get_str("key")
        .filter(|key| key.parse::<IdempotencyKey>().is_ok());
    let to = code("to");
    let trail = Some(trail(&page, to.as_ref()));
    let Some(to) = to else {
        page.set_status(400);
        let again = product_links::change_line(line.as_ref(), None);
        return EitherOf3::A(view! {
            <Screen page title=words.title trail>
                <Empty title=words.nothing_chosen text=words.choose_first>
                    <ButtonLink href=again label=words.to_choice look=Look::Primary/>
                </Empty>
            </Screen>
        });
    };
    let from = code("from");
    // The problem of the last post is shown once; a redirect would lose it.
    if key.is_none() && page.refused.is_none() {
        let fresh = Some(page.idempotency_key.as_str());
        let path = product_links::request(line.as_ref(), from.as_ref(), &to, fresh, false);
        return EitherOf3::B(view! { <Redirect path/> });
    }
    let visit = Visit {
        lang: page.lang,
        key: key.unwrap_or(&page.idempotency_key).to_owned(),
        checked: query.get_str("checked").is_some(),
        may_see_bills: page.may(Permission::BillInquiry),
        line,
        from,
        to,
    };
    let (lang, refused) = (page.lang, page.refused.clone());
    let new_key = refused.is_none().then(|| {
        let (line, from) = (visit.line.as_ref(), visit.from.as_ref());
        let key = Some(page.idempotency_key.as_str());
        product_links::request(line, from, &visit.to, key, visit.checked)
    });
    let (key, line) = (visit.key.clone(), visit.line.clone());
    let body = unless_used(key, line, new_key, move |none_made| {
        let line = visit.line.clone();
        let notice = refused.map(|refused| view! { <RefusedNotice lang refused line none_made/> });
        let body = load(
            words.failure,
            facts(visit.clone()),
            move |facts| view! { <Request visit facts/> },
        );
        view! { {notice} {body} }
    });
    EitherOf3::C(view! { <Screen page title=words.title trail>{body}</Screen> })
}

fn trail(page: &PageRequest, to: Option<&ProductCode>) -> Vec<Crumb> {
    let line = page.line_to_keep();
    vec![
        Crumb::new(
            product_menu::ProductMenu::of(page.lang).title,
            product_links::menu(line.as_ref()),
        ),
        Crumb::new(
            product_change::ProductChange::of(page.lang).title,
            product_links::change_line(line.as_ref(), to),
        ),
    ]
}
