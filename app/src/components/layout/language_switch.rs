//! The way to the other language.

use crate::{links::here, page_request::PageProblem, routes::is_page, text::Lang};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A form that leads back to this page in the other language, named in that language.
#[component]
pub fn LanguageSwitch(lang: Lang) -> impl IntoView {
    let other = lang.other();
    // A refused form may have been posted to an address that shows no page.
    let refused = use_context::<PageProblem>().is_some();
    let shows_a_page = !refused || is_page(&use_location().pathname.get_untracked());
    let next = if shows_a_page { here() } else { "/".to_owned() };
    view! {
        <form class="language" method="post" action="/lang">
            <input type="hidden" name="next" value=next/>
            <button type="submit" class="button quiet" name="lang" value=other.tag() lang=other.tag()>
                {other.name()}
            </button>
        </form>
    }
    .into_any()
}
