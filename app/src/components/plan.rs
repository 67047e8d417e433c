//! The contents of a plan.

use crate::{
    model::{Allowance, Product},
    plan_difference::PlanFact,
    text::{
        Lang,
        product_plan::{ProductPlan, quantity},
    },
};
use leptos::prelude::*;

/// Data, calls, messages, network and benefits, as KOS reports them.
#[component]
pub fn PlanFacts(lang: Lang, product: Product) -> impl IntoView {
    let words = ProductPlan::of(lang);
    let fact = |fact: PlanFact, value: String| {
        view! {
            <div>
                <dt>{words.fact(fact)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let amount = |of: PlanFact, allowance: Allowance| fact(of, quantity(lang, of, allowance));
    let network = (!product.network_type.is_empty())
        .then(|| fact(PlanFact::Network, product.network_type.clone()));
    let benefits = (!product.benefits.is_empty()).then(|| {
        let benefits = product.benefits.iter().cloned();
        view! {
            <ul class="plan-benefits" aria-label=words.benefits>
                {benefits.map(|benefit| view! { <li lang=lang.of_kos()>{benefit}</li> }).collect_view()}
            </ul>
        }
    });
    view! {
        <dl class="plan-facts">
            {amount(PlanFact::Data, product.data_mb)}
            {amount(PlanFact::Voice, product.voice_minutes)}
            {amount(PlanFact::Sms, product.sms_count)}
            {network}
        </dl>
        {benefits}
    }
    .into_any()
}
