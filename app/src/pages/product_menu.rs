//! SCR-005: the line, its plan, and the plans it could change to.

use crate::{
    api,
    components::{
        badge::{Badge, Tone},
        button::{ActionBar, ButtonLink, Look},
        card::Card,
        empty::Empty,
        facts::{Fact, Facts},
        icon::glyph,
        layout::Screen,
        line_switch::LineSwitch,
        load::load,
        money::{Delta, Money},
        notices::Notices,
        open_change::OpenChange,
        plan::PlanFacts,
    },
    links::{line_asked_for, of_line},
    model::{self, LineId, LineStatus, Product, Won},
    page_request::{PageRequest, with_page},
    plan_filter::PlanFilter,
    product_links,
    text::{Lang, frame::Frame, product_menu::ProductMenu as Words, product_plan::ProductPlan},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ProductMenu() -> impl IntoView {
    with_page(screen)
}

fn screen(page: PageRequest) -> impl IntoView {
    let lang = page.lang;
    let words = Words::of(lang);
    let line = line_asked_for();
    let (lines, current) = page.lines(line.as_ref());
    let open = view! { <OpenChange lang line=line.clone()/> };
    let menu = load(
        words.failure,
        api::product::menu(line),
        move |menu| view! { <Menu lang menu/> },
    );
    view! {
        <Screen page title=words.title>
            <LineSwitch
                lines
                current
                label=ProductPlan::of(lang).choose_line
                path="/product/menu"
            />
            {open} {menu}
        </Screen>
    }
}

#[component]
fn Menu(lang: Lang, menu: model::ProductMenu) -> impl IntoView {
    let words = Words::of(lang);
    let plan = ProductPlan::of(lang);
    let line = menu.line;
    let in_use = line.status == LineStatus::Active;
    let current = menu.current_product;
    let fee = current.monthly_fee;
    let frame = Frame::of(lang);
    let main = of_line("/main", Some(&line.line_id));
    // A change would be refused while the line is not in use; its card says so.
    let look = if in_use {
        Look::Primary
    } else {
        Look::Secondary
    };
    let start = product_links::change(&line.line_id, &PlanFilter::default(), None);
    view! {
        <div class="columns">
            <div class="column">
                <Card title=words.line_card glyph=glyph::SMARTPHONE>
                    <Facts>
                        <Fact name=plan.line>{line.line_number.dashed()}</Fact>
                        <Fact name=words.customer_id>{menu.customer_id}</Fact>
                        <Fact name=words.line_status>
                            <Badge
                                label=(plan.line_status)(line.status)
                                tone=if in_use { Tone::Good } else { Tone::Warn }
                            />
                        </Fact>
                    </Facts>
                    {(!in_use)
                        .then(|| {
                            view! {
                                <p class="caution">{words.not_in_use}</p>
                                <ButtonLink
                                    href=frame.help_link()
                                    label=frame.help_phone
                                    glyph=glyph::PHONE
                                />
                            }
                        })}
                </Card>
                <Card title=plan.current glyph=glyph::SIGNAL>
                    <p class="plan-name" lang=lang.of_kos()>{current.name.clone()}</p>
                    <p class="plan-fee">{plan.monthly} " " <Money won=fee/></p>
                    <PlanFacts lang product=current/>
                </Card>
            </div>
            <div class="column">
                <Available lang fee line=line.line_id main=main.clone() products=menu.available_products/>
                <Notices title=words.notices_title items=words.notices/>
            </div>
        </div>
        <ActionBar>
            <ButtonLink href=main label=words.cancel/>
            <ButtonLink href=start label=words.start look/>
        </ActionBar>
    }
    .into_any()
}

/// The plans the line could change to, each with its difference in cost.
#[component]
fn Available(
    lang: Lang,
    /// The monthly fee of the current plan.
    fee: Won,
    line: LineId,
    /// The main screen of the line.
    main: String,
    products: Vec<Product>,
) -> impl IntoView {
    let words = Words::of(lang);
    if products.is_empty() {
        let title = ProductPlan::of(lang).none_available;
        return view! {
            <Empty title text=words.none_hint>
                <ButtonLink href=main label=Frame::of(lang).to_main/>
            </Empty>
        }
        .into_any();
    }
    let title = (words.available)(products.len());
    let rows = products
        .into_iter()
        .map(|product| {
            let difference = product.monthly_fee - fee;
            let href = product_links::change(&line, &PlanFilter::default(), Some(&product.code));
            view! {
                <li>
                    <a href=href>
                        <span class="plan-name" lang=lang.of_kos()>{product.name}</span>
                        <span class="plan-price">
                            <Money won=product.monthly_fee/>
                            <Delta won=difference text=Frame::of(lang).current_plan.said(difference)/>
                        </span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card title glyph=glyph::ARROW_LEFT_RIGHT>
            <ul class="plan-list">{rows}</ul>
            <p class="hint">{ProductPlan::of(lang).fees_alone}</p>
        </Card>
    }
    .into_any()
}
