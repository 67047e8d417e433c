//! From which plan to which.

use crate::{
    components::{
        card::Card,
        facts::{Fact, Facts},
        icon::{Icon, glyph},
        money::{Delta, Money},
        plan_card::Comparison,
    },
    model::{LineNumber, MonthlyData, Product, ProductCode, Won},
    plan_difference::PlanDifference,
    text::{
        self, Lang, frame::Frame, product_plan::ProductPlan,
        product_request::ProductRequest as Words, quantity,
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
    /// The data used in the last months, as far as it is known.
    data: Vec<MonthlyData>,
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
            let short = more_than_included(lang, &data, &product);
            let shown = view! {
                <p class="difference">
                    <span>{words.difference}</span>
                    <Delta won=difference.fee text=compared.said(difference.fee)/>
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

/// The sentence for who has used more data in a month than the plan includes, about the month of the
/// most data.
fn more_than_included(lang: Lang, data: &[MonthlyData], plan: &Product) -> Option<String> {
    let most = data.iter().max_by_key(|month| month.used_mb)?;
    let allowance = plan.data_mb.limit();
    let allowance = allowance.filter(|limit| most.used_mb > *limit)?;
    Some((ProductPlan::of(lang).uses_more)(
        &text::month(lang, most.month),
        &quantity::data(lang, most.used_mb),
        &quantity::data(lang, allowance),
    ))
}

#[cfg(test)]
mod tests {
    use super::more_than_included;
    use crate::{
        model::{Allowance, MonthlyData, Product, Won},
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
        let gb = 1_024;
        let ten_gb = Allowance::Limited(10 * gb);
        let told = |data: &[(&str, u64)], allowance| {
            let used = |(month, used_mb): &(&str, u64)| MonthlyData {
                month: month.parse().unwrap(),
                used_mb: *used_mb,
            };
            let data: Vec<_> = data.iter().map(used).collect();
            more_than_included(Lang::En, &data, &plan(allowance))
        };
        // On the third of a month, the month before says what a month needs.
        let early = [("2026-11", 2 * gb), ("2026-10", 50 * gb)];
        let text = told(&early, ten_gb).unwrap();
        for part in ["October 2026", "50GB", "10GB"] {
            assert!(text.contains(part), "{text}");
        }
        let text = told(&[("2026-11", 53 * gb), ("2026-10", 50 * gb)], ten_gb);
        assert!(text.unwrap().contains("November 2026"));
        let text = told(&[("2026-10", 50 * gb)], ten_gb);
        assert!(text.unwrap().contains("50GB"));
        for (data, allowance) in [
            (&early[..1], ten_gb),
            (&[("2026-11", 10 * gb)][..], ten_gb),
            (&early[..], Allowance::Unlimited),
            (&early[..], Allowance::Unknown),
            (&[][..], ten_gb),
        ] {
            assert_eq!(told(data, allowance), None, "{data:?} {allowance:?}");
        }
    }
}
