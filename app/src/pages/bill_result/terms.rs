//! Contract, termination fee, instalment, payment. Facts KOS did not report are shown as absent.

use crate::{
    components::{
        badge::{Badge, Tone},
        card::Fold,
        facts::{Absent, Fact, Facts},
        icon::{Glyph, Icon, glyph},
        money::Money,
    },
    model::{Bill, BillingMonth, Contract, Installment, Payment, PaymentStatus, Won},
    text::{
        self, Lang,
        bill_result::{BillResult as Words, Terms},
    },
};
use leptos::{either::Either, prelude::*};

#[component]
pub(super) fn TermsCard(
    bill: Bill,
    /// The current month in Asia/Seoul.
    current: BillingMonth,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let text = &words.terms;
    let earlier = (bill.month != current).then_some(bill.month);
    let gist = bill
        .payment
        .as_ref()
        .and_then(|payment| payment.status)
        .map(|status| (text.payment_status)(status));
    view! {
        <Fold title=text.title glyph=glyph::FILE_TEXT open=true gist=move || gist>
            <div class="terms">
                <PaymentFacts payment=bill.payment month=text::month(lang, bill.month) lang text/>
                <ContractFacts contract=bill.contract fee=bill.termination_fee earlier lang text/>
                <InstallmentFacts installment=bill.installment lang text/>
                <Facts>
                    <Fact name=text.product><span lang=lang.of_kos()>{bill.product.name}</span></Fact>
                    <Fact name=text.line>{bill.line_number.dashed()}</Fact>
                </Facts>
            </div>
        </Fold>
    }
    .into_any()
}

#[component]
fn PaymentFacts(
    payment: Option<Payment>,
    month: String,
    lang: Lang,
    text: &'static Terms,
) -> impl IntoView {
    let overdue = payment
        .as_ref()
        .is_some_and(|payment| payment.status == Some(PaymentStatus::Overdue));
    let facts = match payment {
        Some(payment) => {
            let method = payment
                .method
                .map(|name| view! { <span lang=lang.of_kos()>{name}</span> });
            let due_date = payment.due_date.as_ref();
            let due_date = due_date.map(|day| text::date(lang, day));
            let status = payment.status.map(|status| {
                let (tone, glyph) = payment_tone(status);
                view! { <Badge label=(text.payment_status)(status) tone glyph/> }
            });
            Either::Left(view! {
                <Fact name=text.status>{known(lang, status)}</Fact>
                <Fact name=text.due_date>{known(lang, due_date)}</Fact>
                <Fact name=text.billing_day>{known(lang, payment.billing_day.map(text.every_month))}</Fact>
                <Fact name=text.method>{known(lang, method)}</Fact>
            })
        }
        None => Either::Right(view! { <Fact name=text.status><Absent lang/></Fact> }),
    };
    view! {
        <section>
            <h3>{text.payment}</h3>
            <Facts>
                <Fact name=text.billing_month>{month}</Fact>
                {facts}
            </Facts>
            {overdue.then(|| {
                view! { <p class="stale"><Icon glyph=glyph::TRIANGLE_ALERT/> {text.overdue_hint}</p> }
            })}
        </section>
    }
    .into_any()
}

fn payment_tone(status: PaymentStatus) -> (Tone, Glyph) {
    match status {
        PaymentStatus::Paid => (Tone::Good, glyph::CIRCLE_CHECK),
        PaymentStatus::Unpaid => (Tone::Neutral, glyph::CLOCK),
        PaymentStatus::Overdue => (Tone::Bad, glyph::CIRCLE_ALERT),
    }
}

#[component]
fn ContractFacts(
    contract: Option<Contract>,
    fee: Option<Won>,
    /// The month of the bill unless it is the current one.
    earlier: Option<BillingMonth>,
    lang: Lang,
    text: &'static Terms,
) -> impl IntoView {
    let none = view! { <span class="absent">{text.none_known}</span> };
    let facts = match contract {
        Some(contract) => {
            let [start, end] =
                [&contract.start_date, &contract.end_date].map(|day| text::date(lang, day));
            let period = (text.period)(&start, &end);
            let left = (text.months_left)(contract.months_left, contract.months);
            Either::Left(view! {
                <Fact name=text.contract_name><span lang=lang.of_kos()>{contract.name}</span></Fact>
                <Fact name=text.contract_period>{period}</Fact>
                <Fact name=text.contract_left>
                    {left}
                    {earlier.map(|month| format!(" ({})", (text.as_of_month)(month)))}
                </Fact>
            })
        }
        None => Either::Right(view! { <Fact name=text.contract_name>{none}</Fact> }),
    };
    let hint = fee.map(|_| {
        earlier.map_or_else(
            || text.termination_hint.to_owned(),
            text.termination_hint_then,
        )
    });
    let fee = known(lang, fee.map(|won| view! { <Money won/> }));
    view! {
        <section>
            <h3>{text.contract}</h3>
            <Facts>
                {facts}
                <Fact name=text.termination_fee>{fee}</Fact>
            </Facts>
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
        </section>
    }
    .into_any()
}

#[component]
fn InstallmentFacts(
    installment: Option<Installment>,
    lang: Lang,
    text: &'static Terms,
) -> impl IntoView {
    let none = view! { <span class="absent">{text.none_known}</span> };
    let facts = match installment {
        Some(plan) => Either::Left(view! {
            <Fact name=text.device><span lang=lang.of_kos()>{plan.device_name}</span></Fact>
            <Fact name=text.monthly><Money won=plan.monthly/></Fact>
            <Fact name=text.paid>{(text.paid_count)(plan.paid_count, plan.total_count)}</Fact>
            <Fact name=text.remaining><Money won=plan.remaining/></Fact>
        }),
        None => Either::Right(view! { <Fact name=text.device>{none}</Fact> }),
    };
    view! {
        <section>
            <h3>{text.installment}</h3>
            <Facts>{facts}</Facts>
        </section>
    }
    .into_any()
}

/// The fact, or that KOS did not report it.
fn known<V: IntoView>(lang: Lang, fact: Option<V>) -> impl IntoView {
    match fact {
        Some(fact) => Either::Left(fact),
        None => Either::Right(view! { <Absent lang/> }),
    }
}

#[cfg(test)]
mod tests {
    use super::ContractFacts;
    use crate::{
        model::{Contract, Won},
        text::{Lang, bill_result::BillResult},
    };
    use leptos::prelude::*;

    #[test]
    fn the_terms_of_an_earlier_month_name_it() {
        let lang = Lang::default();
        let text = &BillResult::of(lang).terms;
        let month = "2026-07".parse().unwrap();
        let as_of = (text.as_of_month)(month);
        for earlier in [None, Some(month)] {
            let contract = Some(Contract {
                name: "24".into(),
                start_date: "2026-01-01".parse().unwrap(),
                end_date: "2027-12-31".parse().unwrap(),
                months: 24,
                months_left: 12,
            });
            let fee = Some(Won(1));
            let html = view! { <ContractFacts contract fee earlier lang text/> }.to_html();
            let named = html.matches(&as_of).count();
            assert_eq!(named, if earlier.is_some() { 2 } else { 0 }, "{html}");
            let now = html.contains(text.termination_hint);
            assert_eq!(now, earlier.is_none(), "{html}");
        }
    }
}
