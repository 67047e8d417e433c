//! SCR-006: the plans to choose from, compared with the one in use.
//!
//! One GET form leads to SCR-007, or back here by the filter buttons. Choosing, comparing,
//! filtering and sorting work without a script; the island only names the choice in the action bar.

use crate::{
    api,
    components::{
        button::{ButtonLink, Look},
        empty::Empty,
        layout::{Crumb, Screen},
        line_state::LineState,
        line_switch::LineSwitch,
        load::load,
        money::Money,
        open_change::OpenChange,
        plan_card::PlanCard,
        plan_filters::{FilterFields, PlanFilters},
    },
    islands::plan_picker::PlanPicker,
    links::{line_asked_for, of_line},
    model::{ChangeOption, ChangeOptions, LineId, LineStatus, Product, ProductCode},
    page_request::{PageRequest, with_page},
    plan_filter::PlanFilter,
    product_links,
    text::{
        Lang, frame::Frame, product_change::ProductChange as Words, product_menu,
        product_plan::ProductPlan,
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub fn ProductChange() -> impl IntoView {
    with_page(screen)
}

fn screen(page: PageRequest) -> impl IntoView {
    let lang = page.lang;
    let words = Words::of(lang);
    let query = use_query_map().get_untracked();
    let line = line_asked_for();
    let chosen = query.get("to").and_then(|code| code.parse().ok());
    let filter = PlanFilter::parse(
        query.get_str("network"),
        query.get_str("band"),
        query.get_str("sort"),
    );
    let (lines, current) = page.lines(line.as_ref());
    let trail = vec![Crumb::new(
        product_menu::ProductMenu::of(lang).title,
        product_links::menu(page.line_to_keep().as_ref()),
    )];
    let open = view! { <OpenChange lang line=line.clone()/> };
    let choice = load(
        words.failure,
        api::product::options(line),
        move |options| view! { <Choice lang options filter chosen/> },
    );
    view! {
        <Screen page title=words.title trail=Some(trail)>
            <LineSwitch
                lines
                current
                label=ProductPlan::of(lang).choose_line
                path="/product/change"
            />
            {open} {choice}
        </Screen>
    }
}

#[component]
fn Choice(
    lang: Lang,
    options: ChangeOptions,
    filter: PlanFilter,
    chosen: Option<ProductCode>,
) -> impl IntoView {
    let words = Words::of(lang);
    let (line, status) = (options.line.line_id, options.line.status);
    let current = options.current_product;
    let plans = filter.apply(&options.products);
    let content = if options.products.is_empty() {
        let main = of_line("/main", Some(&line));
        Either::Left(view! {
            <Empty title=ProductPlan::of(lang).none_available text=words.none_hint>
                <ButtonLink href=main label=Frame::of(lang).to_main look=Look::Primary/>
            </Empty>
        })
    } else {
        let listed = |code: &ProductCode| plans.iter().any(|plan| plan.product.code == *code);
        // A chosen plan that the filters hide stays chosen, unless another one is picked.
        let hidden = chosen.clone().filter(|code| !listed(code));
        let hidden = hidden.map(|code| {
            view! { <input type="hidden" name="to" value=code.to_string()/> }
        });
        let from = current.code.to_string();
        let line_id = line.0.clone();
        let filters = view! { <PlanFilters lang filter=filter.clone() plans=options.products/> };
        let list = view! { <Plans lang line current=current.clone() plans chosen/> };
        Either::Right(view! {
            // A browser restores choices by their place in the list, which may be another list by now;
            // the address keeps the choice.
            <form class="plan-form" method="get" action="/product/request" autocomplete="off">
                <input type="hidden" name="line" value=line_id/>
                <input type="hidden" name="from" value=from/>
                {hidden}
                <FilterFields filter/>
                // Enter presses the first button of a form; that must not be a filter.
                <button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true"></button>
                {filters} {list}
            </form>
        })
    };
    view! {
        <div class="columns choosing">
            <Now lang product=current status/>
            <div class="column">{content}</div>
        </div>
    }
    .into_any()
}

/// The plans that the filters leave, and the action bar for the picked one.
#[component]
fn Plans(
    lang: Lang,
    line: LineId,
    current: Product,
    plans: Vec<ChangeOption>,
    chosen: Option<ProductCode>,
) -> impl IntoView {
    let words = Words::of(lang);
    if plans.is_empty() {
        let all = product_links::change(&line, &PlanFilter::default(), chosen.as_ref());
        Either::Left(view! {
            <Empty title=words.none_match text=words.none_match_hint>
                <ButtonLink href=all label=words.clear look=Look::Primary/>
            </Empty>
        })
    } else {
        let cancel = product_links::menu(Some(&line));
        let cards = plans
            .into_iter()
            .map(|option| {
                let checked = chosen.as_ref() == Some(&option.product.code);
                view! { <PlanCard lang current=current.clone() option checked/> }
            })
            .collect_view();
        Either::Right(view! {
            <fieldset>
                <legend class="visually-hidden">{words.plans}</legend>
                <ul class="plan-cards">{cards}</ul>
            </fieldset>
            <p class="hint">{ProductPlan::of(lang).fees_alone}</p>
            <PlanPicker>
                <ButtonLink href=cancel label=words.cancel/>
            </PlanPicker>
        })
    }
    .into_any()
}

/// The current plan; it stays visible while the others scroll.
#[component]
fn Now(lang: Lang, product: Product, status: LineStatus) -> impl IntoView {
    let words = ProductPlan::of(lang);
    view! {
        <section class="plan-now">
            <h2>{words.current} " " <LineState lang status/></h2>
            <p>
                <span class="plan-name" lang=lang.of_kos()>{product.name}</span>
                <span class="plan-fee">
                    {words.monthly} " " <Money won=product.monthly_fee/>
                </span>
            </p>
        </section>
    }
    .into_any()
}
