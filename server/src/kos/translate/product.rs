//! Lines and the price list.

use super::{named, product_code, same_line, words::line_status};
use crate::kos::{
    CatalogueProduct, KosError, KosLine,
    envelope::bad,
    numbers,
    wire::{CatalogueData, LineData, ListedProduct},
};
use app::model::{LineNumber, LineStatus, Product};

/// The line and its plan.
///
/// # Errors
/// [`KosError::BadAnswer`].
pub(in crate::kos) fn line(data: LineData, asked: &LineNumber) -> Result<KosLine, KosError> {
    let info = data
        .product_info
        .ok_or_else(|| bad("productInfo is missing"))?;
    same_line(&info.line_number, asked)?;
    let plan = named(
        product_code(&info.current_product_code, "productInfo.currentProductCode")?,
        info.current_product_name,
    );
    let monthly_fee = match numbers::won(&info.monthly_fee) {
        Ok(Some(fee)) => fee,
        _ => return Err(bad("productInfo.monthlyFee is no won")),
    };
    let customer = data.customer_info.unwrap_or_default();
    // The line's own state counts; the product's replaces it if absent.
    let told = if customer.line_status.0.is_some() {
        &customer.line_status
    } else {
        &info.product_status
    };
    let status = match (told.0.is_some(), line_status(told)) {
        (_, Some(status)) => status,
        (true, None) => {
            tracing::warn!("KOS tells an unknown line status; taken as suspended");
            LineStatus::Suspended
        }
        (false, None) => return Err(bad("customerInfo.lineStatus is missing")),
    };
    Ok(KosLine {
        customer_id: customer.customer_id.0,
        product: Product {
            code: plan.code,
            name: plan.name,
            monthly_fee,
            data_mb: numbers::data_allowance(&info.data_allowance),
            voice_minutes: numbers::voice_allowance(&info.voice_allowance),
            sms_count: numbers::sms_allowance(&info.sms_allowance),
            network_type: String::new(),
            description: String::new(),
            benefits: Vec::new(),
        },
        status,
        operator_code: customer.operator_code.0,
    })
}

/// The price list. A plan without a code or a fee cannot be offered and is skipped.
///
/// # Errors
/// [`KosError::BadAnswer`] when there is no list, or nothing in it can be used.
pub(in crate::kos) fn catalogue(data: CatalogueData) -> Result<Vec<CatalogueProduct>, KosError> {
    let listed = data.products.ok_or_else(|| bad("products is missing"))?;
    let told = listed.len();
    let plans: Vec<_> = listed.into_iter().filter_map(catalogue_product).collect();
    if plans.len() < told {
        tracing::warn!(
            left_out = told - plans.len(),
            "unusable plans in KOS's list"
        );
    }
    if plans.is_empty() {
        return Err(bad("products has nothing that can be used"));
    }
    Ok(plans)
}

fn catalogue_product(told: ListedProduct) -> Option<CatalogueProduct> {
    let plan = named(
        product_code(&told.product_code, "product_code").ok()?,
        told.product_name,
    );
    let benefits = told.benefits.unwrap_or_default();
    Some(CatalogueProduct {
        product: Product {
            code: plan.code,
            name: plan.name,
            monthly_fee: numbers::won(&told.monthly_fee).ok()??,
            data_mb: numbers::data_allowance(&told.data_allowance),
            voice_minutes: numbers::voice_allowance(&told.voice_allowance),
            sms_count: numbers::sms_allowance(&told.sms_allowance),
            network_type: told.network_type.0.unwrap_or_default(),
            description: told.description.0.unwrap_or_default(),
            benefits: benefits.into_iter().filter_map(|text| text.0).collect(),
        },
        on_sale: told
            .status
            .0
            .is_some_and(|status| status.eq_ignore_ascii_case("ACTIVE")),
        operator_code: told.operator_code.0,
    })
}
