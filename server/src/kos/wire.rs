//! KOS's wire shapes, field for field; names as [`super::spelling`] leaves them.
//!
//! Numbers stay raw JSON: `numbers` parses them. Every field may be missing; the translation
//! decides which ones are required.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The frame of every answer.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    #[serde(default)]
    pub(super) success: Value,
    #[serde(default)]
    pub(super) result_code: Text,
    #[serde(default)]
    pub(super) data: Value,
}

/// A text without control characters (PostgreSQL refuses NUL). Numbers become their digits; blanks
/// and anything else count as absent.
#[derive(Clone, Debug, Default)]
pub(super) struct Text(pub(super) Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::String(mut text) => {
                text.retain(|letter| !letter.is_control());
                let text = text.trim();
                (!text.is_empty()).then(|| text.to_owned())
            }
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }))
    }
}

/// An optional part of a wrong shape counts as absent instead of failing the answer.
fn optional<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// Present even when `null`, which means unlimited in the structured usage.
fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BillData {
    pub(super) bill_info: Option<BillInfo>,
    #[serde(deserialize_with = "optional")]
    pub(super) customer_info: Option<CustomerInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BillInfo {
    pub(super) line_number: Text,
    pub(super) billing_month: Text,
    pub(super) product_code: Text,
    pub(super) product_name: Text,
    pub(super) monthly_fee: Value,
    pub(super) usage_fee: Value,
    pub(super) discount_amount: Value,
    pub(super) total_fee: Value,
    pub(super) data_usage: Value,
    pub(super) voice_usage: Value,
    pub(super) sms_usage: Value,
    pub(super) bill_status: Text,
    pub(super) due_date: Text,
    // extended
    pub(super) charges: Option<Vec<ChargeInfo>>,
    pub(super) discounts: Option<Vec<DiscountInfo>>,
    #[serde(deserialize_with = "optional")]
    pub(super) usage: Option<UsageInfo>,
    #[serde(deserialize_with = "optional")]
    pub(super) contract: Option<ContractInfo>,
    pub(super) termination_fee: Value,
    #[serde(deserialize_with = "optional")]
    pub(super) installment: Option<InstallmentInfo>,
    #[serde(deserialize_with = "optional")]
    pub(super) payment: Option<PaymentInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChargeInfo {
    pub(super) code: Text,
    pub(super) name: Text,
    pub(super) amount: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DiscountInfo {
    pub(super) name: Text,
    pub(super) amount: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UsageInfo {
    pub(super) data_used_mb: Value,
    #[serde(deserialize_with = "told")]
    pub(super) data_allowance_mb: Option<Value>,
    pub(super) voice_used_minutes: Value,
    #[serde(deserialize_with = "told")]
    pub(super) voice_allowance_minutes: Option<Value>,
    pub(super) sms_used: Value,
    #[serde(deserialize_with = "told")]
    pub(super) sms_allowance: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContractInfo {
    pub(super) name: Text,
    pub(super) start_date: Text,
    pub(super) end_date: Text,
    pub(super) months: Value,
    pub(super) months_left: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InstallmentInfo {
    pub(super) device_name: Text,
    pub(super) monthly: Value,
    pub(super) remaining: Value,
    pub(super) paid_count: Value,
    pub(super) total_count: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PaymentInfo {
    pub(super) billing_day: Value,
    pub(super) due_date: Text,
    pub(super) status: Text,
    pub(super) method: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CustomerInfo {
    pub(super) customer_id: Text,
    pub(super) operator_code: Text,
    pub(super) line_status: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LineData {
    pub(super) product_info: Option<LineProductInfo>,
    #[serde(deserialize_with = "optional")]
    pub(super) customer_info: Option<CustomerInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LineProductInfo {
    pub(super) line_number: Text,
    pub(super) current_product_code: Text,
    pub(super) current_product_name: Text,
    pub(super) monthly_fee: Value,
    pub(super) data_allowance: Value,
    pub(super) voice_allowance: Value,
    pub(super) sms_allowance: Value,
    pub(super) product_status: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CatalogueData {
    pub(super) products: Option<Vec<ListedProduct>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListedProduct {
    pub(super) product_code: Text,
    pub(super) product_name: Text,
    pub(super) monthly_fee: Value,
    pub(super) data_allowance: Value,
    pub(super) voice_allowance: Value,
    pub(super) sms_allowance: Value,
    pub(super) network_type: Text,
    pub(super) status: Text,
    pub(super) description: Text,
    // extended
    pub(super) operator_code: Text,
    #[serde(deserialize_with = "optional")]
    pub(super) benefits: Option<Vec<Text>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChangeData {
    pub(super) request_id: Text,
    pub(super) change_info: Option<ChangeInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChangeInfo {
    pub(super) line_number: Text,
    pub(super) new_product_code: Text,
    pub(super) new_product_name: Text,
    pub(super) effective_date: Text,
    pub(super) change_status: Text,
    pub(super) kos_order_number: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BillRequest<'a> {
    pub(super) line_number: &'a str,
    pub(super) billing_month: String,
    pub(super) request_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineRequest<'a> {
    pub(super) line_number: &'a str,
    pub(super) request_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeRequest<'a> {
    pub(super) line_number: &'a str,
    pub(super) current_product_code: &'a str,
    pub(super) target_product_code: &'a str,
    pub(super) request_id: &'a str,
}
