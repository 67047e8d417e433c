//! That a change of the line is being confirmed, wherever another could be begun.

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

/// Shows nothing where there is no such change, or nobody knows.
#[component]
pub fn OpenChange(
    lang: Lang,
    /// The customer's first unless named.
    line: Option<LineId>,
) -> impl IntoView {
    let open = api::product::open_change(line.clone());
    let open = async { Ok::<_, Problem>(open.await.ok().flatten()) };
    load_part(open, move |open| {
        open.map(|id| view! { <OpenChangeNote lang id line/> })
    })
}

/// The note, with the way to the change.
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
