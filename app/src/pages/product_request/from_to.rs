//! From which plan to which.

use crate::{
    components::{
        card::Card,
        facts::{Fact, Facts},
        icon::{Icon, glyph},
        money::{Delta, Money},
        plan_card::Comparison,
    },
    model::{LineNumber, Product, ProductCode, Won},
    plan_difference::PlanDifference,
    text::{
        Lang, frame::Frame, product_plan::ProductPlan, product_request::ProductRequest as Words,
    },
};
use leptos::{either::Either, prelude::*};

/// From which plan to which, and what that changes.
#[component]
pub(super) fn FromTo(
    lang: Lang,
    /// Of the line that is changed.
    number: LineNumber,
    current: Product,
    to: ProductCode,
    /// `None` where it is not among the plans that can be chosen; the checks tell why.
    target: Option<Product>,
) -> impl IntoView {
    let words = Words::of(lang);
    let plan = ProductPlan::of(lang);
    let side = |label, name: String, fee: Option<Won>| {
        view! {
            <div class="side">
                <dt>{label}</dt>
                <dd>
                    <span class="plan-name">{name}</span>
                    {fee.map(|won| view! { <span>{plan.monthly} " " <Money won/></span> })}
                </dd>
            </div>
        }
    };
    let from = side(words.from, current.name.clone(), Some(current.monthly_fee));
    let (to, difference) = match target {
        None => (
            side(words.to, to.to_string(), None),
            Either::Left(view! { <p class="caution">{words.unknown_target}</p> }),
        ),
        Some(product) => {
            let difference = PlanDifference::between(&current, &product);
            let to = side(words.to, product.name.clone(), Some(product.monthly_fee));
            let compared = &Frame::of(lang).current_plan;
            let shown = view! {
                <p class="difference">
                    <span>{words.difference}</span>
                    <Delta won=difference.fee words=compared/>
                </p>
                <Comparison lang current product difference/>
            };
            (to, Either::Right(shown))
        }
    };
    view! {
        <Card title=words.change glyph=glyph::ARROW_LEFT_RIGHT>
            <Facts>
                <Fact name=plan.line>{number.dashed()}</Fact>
            </Facts>
            <dl class="from-to">{from} <Icon glyph=glyph::ARROW_RIGHT/> {to}</dl>
            {difference}
        </Card>
    }
    .into_any()
}
