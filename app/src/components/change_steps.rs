//! The steps of a change and its current one (UFR-PROD-030).

use super::icon::{Icon, glyph};
use crate::{
    model::ChangeStatus,
    text::{Lang, product_result::ProductResult as Words},
};
use leptos::prelude::*;

/// A change exists only once the checks have passed, so its first two steps are done. The children
/// follow the steps.
#[component]
pub fn ChangeSteps(
    lang: Lang,
    status: ChangeStatus,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let words = Words::of(lang);
    let (class, glyph, text) = match status {
        ChangeStatus::Completed => ("", glyph::CHECK, words.completed),
        ChangeStatus::Failed => ("failed", glyph::CIRCLE_X, words.failed),
        ChangeStatus::Pending => ("", glyph::CLOCK, words.pending),
    };
    let current = (status == ChangeStatus::Pending).then_some("step");
    view! {
        <section class="card">
            <h2 class="card-title">{words.steps}</h2>
            <ol class="steps">
                <li><Icon glyph=glyph::CHECK/> {words.step_checked}</li>
                <li><Icon glyph=glyph::CHECK/> {words.step_proceeding}</li>
                <li class=class aria-current=current><Icon glyph/> {text}</li>
            </ol>
            {children.map(|children| children())}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::ChangeSteps;
    use crate::{
        model::ChangeStatus,
        text::{Lang, product_result::ProductResult},
    };
    use leptos::prelude::*;

    #[test]
    fn every_change_has_passed_its_checks_and_been_carried_out() {
        let lang = Lang::default();
        let words = ProductResult::of(lang);
        for (status, last) in [
            (ChangeStatus::Completed, words.completed),
            (ChangeStatus::Failed, words.failed),
            (ChangeStatus::Pending, words.pending),
        ] {
            let html = view! { <ChangeSteps lang status/> }.to_html();
            for step in [words.step_checked, words.step_proceeding, last] {
                assert!(html.contains(step), "{step} is not in {html}");
            }
            let open = html.contains("aria-current");
            assert_eq!(open, status == ChangeStatus::Pending, "{html}");
        }
    }
}
