//! A plan to choose, and what it would change.

use super::{
    money::{Delta, Money},
    plan::PlanFacts,
};
use crate::{
    model::{ChangeOption, Product},
    plan_difference::{Effect, FactChange, PlanDifference},
    text::{
        Lang,
        frame::Frame,
        product_change::ProductChange as Words,
        product_plan::{ProductPlan, value},
    },
};
use leptos::prelude::*;
use std::cmp::Ordering;

/// A radio button with its plan; the comparison with the current plan shows once it is chosen.
#[component]
pub fn PlanCard(
    lang: Lang,
    current: Product,
    option: ChangeOption,
    checked: bool,
) -> impl IntoView {
    let words = Words::of(lang);
    let plan = ProductPlan::of(lang);
    let compared = &Frame::of(lang).current_plan;
    let product = option.product;
    let difference = PlanDifference::between(&current, &product);
    let in_words = match option.fee_delta.0.cmp(&0) {
        Ordering::Greater => (compared.more)(option.fee_delta),
        Ordering::Less => (compared.less)(option.fee_delta.abs()),
        Ordering::Equal => compared.same.to_owned(),
    };
    let id = format!("plan-{}", product.code);
    let facts = format!("{id}-facts");
    let description = (!product.description.is_empty()).then(
        || view! { <p class="plan-text" lang=lang.of_kos()>{product.description.clone()}</p> },
    );
    view! {
        <li class="plan-card">
            <div class="plan-head">
                <input
                    type="radio"
                    name="to"
                    required
                    id=id.clone()
                    value=product.code.to_string()
                    checked=checked
                    aria-describedby=facts.clone()
                    data-name=product.name.clone()
                    data-difference=in_words
                    data-submit=(words.submit_named)(&product.name)
                />
                <label for=id>
                    <span class="plan-name" lang=lang.of_kos()>{product.name.clone()}</span>
                    <span class="plan-price">
                        <span class="plan-fee">
                            {plan.monthly} " " <Money won=product.monthly_fee/>
                        </span>
                        <span class="visually-hidden">{words.compared}</span>
                        <Delta won=option.fee_delta text=compared.said(option.fee_delta)/>
                    </span>
                </label>
            </div>
            <div id=facts>{description} <PlanFacts lang product=product.clone()/></div>
            <Comparison lang current product difference/>
        </li>
    }
    .into_any()
}

/// The differences, with the losses named.
#[component]
pub fn Comparison(
    lang: Lang,
    current: Product,
    product: Product,
    difference: PlanDifference,
) -> impl IntoView {
    let words = Words::of(lang);
    let plan = ProductPlan::of(lang);
    let row = |change: &FactChange| {
        let (class, effect) = match change.effect {
            Effect::Gain => ("gain", words.more),
            Effect::Loss => ("loss", words.less),
            Effect::Other => ("other", ""),
        };
        view! {
            <tr class=class>
                <th scope="row">{plan.fact(change.fact)}</th>
                <td>{value(lang, change.fact, &change.from)}</td>
                <td>
                    {value(lang, change.fact, &change.to)}
                    " "
                    <span class="effect">{effect}</span>
                </td>
            </tr>
        }
    };
    let same_fee = difference.fee.0 == 0;
    let same_otherwise = difference.facts.is_empty()
        && difference.lost_benefits.is_empty()
        && difference.gained_benefits.is_empty();
    let sameness = same_otherwise.then(|| {
        let sameness = if same_fee {
            words.no_difference
        } else {
            words.only_the_fee
        };
        view! { <p>{sameness}</p> }
    });
    let fee = (!same_fee).then(|| {
        view! {
            <tr>
                <th scope="row">{plan.fee}</th>
                <td><Money won=current.monthly_fee/></td>
                <td>
                    <Money won=product.monthly_fee/>
                </td>
            </tr>
        }
    });
    let rows = difference.facts.iter().map(row).collect_view();
    let by_kos = |text: String| (text, lang.of_kos());
    let lost = difference
        .losses()
        .map(|change| {
            let text = format!(
                "{} {} → {}",
                plan.fact(change.fact),
                value(lang, change.fact, &change.from),
                value(lang, change.fact, &change.to)
            );
            (text, None)
        })
        .chain(difference.lost_benefits.iter().cloned().map(by_kos))
        .collect::<Vec<_>>();
    let gained = difference.gained_benefits.into_iter().map(by_kos);
    let gained = gained.collect::<Vec<_>>();
    let table = (!same_fee || !difference.facts.is_empty()).then(|| {
        view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col"><span class="visually-hidden">{words.compare}</span></th>
                        <th scope="col">{words.now}</th>
                        <th scope="col">{words.chosen}</th>
                    </tr>
                </thead>
                <tbody>{fee} {rows}</tbody>
            </table>
        }
    });
    view! {
        <div class="plan-compare">
            <h3>{words.compare}</h3>
            {table} {sameness}
            <Named class="lost" title=words.losses items=lost/>
            <Named class="gained" title=words.gains items=gained/>
        </div>
    }
    .into_any()
}

/// A short list under a heading; renders nothing if it is empty.
#[component]
fn Named(
    class: &'static str,
    title: &'static str,
    /// Texts with their `lang`.
    items: Vec<(String, Option<&'static str>)>,
) -> impl IntoView {
    (!items.is_empty()).then(|| {
        let items = items
            .into_iter()
            .map(|(text, lang)| view! { <li lang=lang>{text}</li> })
            .collect_view();
        view! {
            <div class=class>
                <h4>{title}</h4>
                <ul>{items}</ul>
            </div>
        }
    })
}
