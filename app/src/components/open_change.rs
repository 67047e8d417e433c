//! The notice that a change of the line is still being confirmed.

use super::{
    icon::{Icon, glyph},
    load::load_part,
};
use crate::{
    api,
    model::{LineId, RequestId},
    problem::Problem,
    product_links,
    text::{Lang, product_request::ProductRequest as Words},
};
use leptos::prelude::*;

/// Loads the open change of the line; shows nothing if there is none or the lookup fails.
#[component]
pub fn OpenChange(
    lang: Lang,
    /// The customer's first line by default.
    line: Option<LineId>,
) -> impl IntoView {
    let open = api::product::open_change(line.clone());
    let open = async { Ok::<_, Problem>(open.await.ok().flatten()) };
    load_part(open, move |open| {
        open.map(|id| view! { <OpenChangeNote lang id line/> })
    })
}

/// The notice, with a link to the change.
#[component]
pub fn OpenChangeNote(lang: Lang, id: RequestId, line: Option<LineId>) -> impl IntoView {
    let words = Words::of(lang);
    let href = product_links::result(&id, line.as_ref());
    view! {
        <div class="open-change">
            <Icon glyph=glyph::CLOCK/>
            <p>{words.open_change} " " <a href=href>{words.to_result}</a></p>
        </div>
    }
    .into_any()
}
