//! The breakdown: every line adds up to the total.

use super::amount_name::AmountName;
use crate::{
    components::{
        card::Fold,
        icon::glyph,
        money::{Money, Signed},
    },
    model::{Bill, Won},
    text::{Lang, bill_result::BillResult as Words},
};
use leptos::prelude::*;

#[component]
pub(super) fn ChargesCard(bill: Bill, lang: Lang, words: &'static Words) -> impl IntoView {
    let text = &words.charges;
    let total = bill.total;
    let charged: Won = bill.charges.iter().map(|line| line.amount).sum();
    let discounted: Won = bill.discounts.iter().map(|line| line.amount).sum();
    let charges = bill
        .charges
        .into_iter()
        .map(|line| {
            let name = view! { <AmountName lang name=line.name/> }.into_any();
            view! { <Row name><Money won=line.amount/></Row> }
        })
        .collect_view();
    let discounts = if bill.discounts.is_empty() {
        view! { <tr><td colspan="2" class="absent">{text.no_discounts}</td></tr> }.into_any()
    } else {
        let rows = bill
            .discounts
            .into_iter()
            .map(|line| {
                let name = view! { <AmountName lang name=line.name/> }.into_any();
                view! { <Row name><Signed won=-line.amount/></Row> }
            })
            .collect_view();
        view! {
            {rows}
            <Row name=text.subtotal.into_any() class="subtotal">
                <Signed won=-discounted/>
            </Row>
        }
        .into_any()
    };
    view! {
        <Fold
            title=text.title
            glyph=glyph::RECEIPT_TEXT
            open=true
            gist=move || view! { <Money won=total/> }
        >
            <table class="breakdown">
                <thead class="visually-hidden">
                    <tr>
                        <th scope="col">{text.item}</th>
                        <th scope="col">{text.amount}</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="rowgroup" colspan="2">{text.charges}</th>
                    </tr>
                    {charges}
                    <Row name=text.subtotal.into_any() class="subtotal">
                        <Money won=charged/>
                    </Row>
                </tbody>
                <tbody class="discounts">
                    <tr>
                        <th scope="rowgroup" colspan="2">{text.discounts}</th>
                    </tr>
                    {discounts}
                </tbody>
                <tfoot>
                    <Row name=text.total.into_any()>
                        <Money won=total/>
                    </Row>
                </tfoot>
            </table>
        </Fold>
    }
    .into_any()
}

#[component]
fn Row(name: AnyView, #[prop(optional)] class: &'static str, children: Children) -> impl IntoView {
    view! {
        <tr class=class>
            <th scope="row">{name}</th>
            <td>{children()}</td>
        </tr>
    }
    .into_any()
}
