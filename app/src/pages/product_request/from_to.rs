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
        quantity::data,
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
    /// Data used this month, if it is known.
    used_mb: Option<u64>,
) -> impl IntoView {
    let words = Words::of(lang);
    let plan = ProductPlan::of(lang);
    let side = |label, name: String, fee: Option<Won>| {
        view! {
            <div class="side">
                <dt>{label}</dt>
                <dd>
                    <span class="plan-name" lang=lang.of_kos()>{name}</span>
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
            let short = used_mb.and_then(|used| more_than_included(lang, used, &product));
            let shown = view! {
                <p class="difference">
                    <span>{words.difference}</span>
                    <Delta won=difference.fee words=compared/>
                </p>
                <p class="hint">{plan.fees_alone}</p>
                {short.map(|text| view! { <p class="caution">{text}</p> })}
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

/// The sentence for who has used more data than the plan includes.
fn more_than_included(lang: Lang, used_mb: u64, plan: &Product) -> Option<String> {
    let allowance = plan.data_mb.limit().filter(|limit| used_mb > *limit)?;
    let words = ProductPlan::of(lang);
    Some((words.uses_more)(
        &data(lang, used_mb),
        &data(lang, allowance),
    ))
}

#[cfg(test)]
mod tests {
    use super::more_than_included;
    use crate::{
        model::{Allowance, Product, Won},
        text::Lang,
    };

    #[test]
    fn who_uses_more_than_a_plan_includes_is_told() {
        let plan = |data_mb| Product {
            code: "LTE-BASIC-001".parse().unwrap(),
            name: "LTE 베이직".into(),
            monthly_fee: Won(39_000),
            data_mb,
            voice_minutes: Allowance::Unknown,
            sms_count: Allowance::Unknown,
            network_type: "LTE".into(),
            description: String::new(),
            benefits: Vec::new(),
        };
        let ten_gb = 10 * 1_024;
        for (allowance, used_mb, told) in [
            (Allowance::Limited(ten_gb), 53 * 1_024, true),
            (Allowance::Limited(ten_gb), ten_gb, false),
            (Allowance::Unlimited, 53 * 1_024, false),
            (Allowance::Unknown, 53 * 1_024, false),
        ] {
            let text = more_than_included(Lang::En, used_mb, &plan(allowance));
            assert_eq!(text.is_some(), told, "{used_mb} {allowance:?}");
            if let Some(text) = text {
                assert!(text.contains("53GB") && text.contains("10GB"), "{text}");
            }
        }
    }
}
