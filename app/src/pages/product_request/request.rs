//! The body of the screen: both plans, the checks and the form.

use super::{
    confirm::{Fields, Hidden, MadeChecks},
    facts::Facts,
    from_to::FromTo,
    visit::Visit,
};
use crate::{
    components::{
        button::{ActionBar, ButtonLink, Look},
        icon::{Icon, glyph},
        notices::Notices,
        open_change::OpenChangeNote,
    },
    islands::live_checks::LiveChecks,
    plan_filter::PlanFilter,
    product_links,
    text::product_request::ProductRequest as Words,
};
use leptos::{either::EitherOf3, prelude::*};

/// Both plans, the checks and the form.
#[component]
pub(super) fn Request(visit: Visit, facts: Facts) -> impl IntoView {
    let words = Words::of(visit.lang);
    let Facts {
        options,
        open,
        checks,
        recent,
    } = facts;
    let number = options.line.line_number;
    let line = options.line.line_id;
    let current = options.current_product;
    let choose = product_links::change(&line, &PlanFilter::default(), Some(&visit.to));
    if visit.to == current.code {
        return view! {
            <section class="problem-panel">
                <Icon glyph=glyph::INFO/>
                <h2>{words.same_product}</h2>
                <div class="actions">
                    <ButtonLink href=choose label=words.to_choice look=Look::Primary/>
                </div>
            </section>
        }
        .into_any();
    }
    let target = options
        .products
        .into_iter()
        .map(|option| option.product)
        .find(|product| product.code == visit.to);
    let fields = Fields {
        line: line.0.clone(),
        from: current.code.to_string(),
        to: visit.to.to_string(),
        key: visit.key.clone(),
    };
    let checked = product_links::request(
        Some(&line),
        Some(&current.code),
        &visit.to,
        Some(&visit.key),
        true,
    );
    let checks = if let Some(id) = open {
        let line = Some(line.clone());
        EitherOf3::A(view! {
            <div class="live-checks">
                <OpenChangeNote lang=visit.lang id line/>
                <ActionBar>
                    <ButtonLink href=choose label=words.previous/>
                </ActionBar>
            </div>
        })
    } else if let Some(result) = checks {
        EitherOf3::B(view! { <MadeChecks lang=visit.lang fields choose again=checked result/> })
    } else {
        EitherOf3::C(view! {
            <LiveChecks>
                <Hidden fields/>
                <ButtonLink href=choose label=words.previous/>
                <a class="button primary before-waking" href=checked>{words.start}</a>
            </LiveChecks>
        })
    };
    view! {
        <div class="columns">
            <div class="column">
                <FromTo lang=visit.lang number current to=visit.to target data=recent.data/>
                <Notices
                    title=words.notices_title
                    items=words.notices
                    own=Some((words.penalty)(recent.contract_left))
                />
            </div>
            <div class="column">
                <section class="card">
                    <h2 class="card-title">{words.checks}</h2>
                    {checks}
                </section>
            </div>
        </div>
    }
    .into_any()
}
