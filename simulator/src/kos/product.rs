//! `POST /product/inquiry` and `GET /product/list`.

use super::{
    Family, Kos, Refusal,
    bill::day,
    envelope::{CustomerInfo, Money, Quantity},
    request::Fields,
};
use crate::data::{LineNumber, LineStatus, Month, Operator, PLANS, Plan, SaleStatus, contract};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProductData {
    request_id: String,
    product_info: ProductInfo,
    customer_info: CustomerInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProductInfo {
    line_number: LineNumber,
    current_product_code: &'static str,
    current_product_name: &'static str,
    monthly_fee: Money,
    data_allowance: Quantity,
    voice_allowance: Quantity,
    sms_allowance: Quantity,
    product_status: LineStatus,
    contract_date: Option<String>,
}

/// The one answer that is not in camelCase.
#[derive(Serialize)]
pub(super) struct ProductList {
    product_count: usize,
    products: Vec<ListedProduct>,
}

#[derive(Serialize)]
struct ListedProduct {
    product_code: &'static str,
    product_name: &'static str,
    product_type: &'static str,
    monthly_fee: Money,
    data_allowance: Quantity,
    voice_allowance: Quantity,
    sms_allowance: Quantity,
    network_type: &'static str,
    status: SaleStatus,
    description: &'static str,
    #[serde(flatten)]
    extended: Option<ExtendedProduct>,
}

#[derive(Serialize)]
struct ExtendedProduct {
    operator_code: Operator,
    benefits: &'static [&'static str],
}

pub(super) fn inquire(kos: &Kos, body: &[u8]) -> Result<ProductData, Refusal> {
    let fields = Fields::parse(body)?;
    let line_number = fields.line_number()?;
    let request_id = fields.request_id()?.to_owned();
    let customer = kos.customer(&line_number, Family::Product)?;
    let now = Month::of(kos.stage.clock.today());
    let plan = kos.subscriptions.plan_now(&customer);
    let product_info = ProductInfo {
        line_number,
        current_product_code: plan.code,
        current_product_name: plan.name,
        monthly_fee: Money::Decimal(plan.fee),
        data_allowance: Quantity::or_word(plan.data_gb),
        voice_allowance: Quantity::or_minus_one(plan.voice_minutes),
        sms_allowance: Quantity::or_word(plan.sms),
        product_status: customer.status,
        contract_date: contract(&customer, now).map(|contract| day(contract.start)),
    };
    Ok(ProductData {
        request_id,
        product_info,
        customer_info: CustomerInfo::from(&customer),
    })
}

pub(super) fn list(kos: &Kos) -> ProductList {
    let products: Vec<_> = PLANS
        .iter()
        .map(|plan| ListedProduct::new(plan, kos.capabilities.extended))
        .collect();
    ProductList {
        product_count: products.len(),
        products,
    }
}

impl ListedProduct {
    fn new(plan: &'static Plan, extended: bool) -> Self {
        Self {
            product_code: plan.code,
            product_name: plan.name,
            product_type: "MOBILE",
            monthly_fee: Money::Integer(plan.fee),
            data_allowance: Quantity::or_minus_one(plan.data_gb),
            voice_allowance: Quantity::or_word(plan.voice_minutes),
            sms_allowance: Quantity::or_minus_one(plan.sms),
            network_type: plan.network,
            status: plan.status,
            description: plan.description,
            extended: extended.then_some(ExtendedProduct {
                operator_code: plan.operator,
                benefits: plan.benefits,
            }),
        }
    }
}
