//! Conversion of KOS's bill into the customer's answer.

use crate::{
    cache::Fresh,
    clock,
    kos::{CatalogueProduct, KosBill},
};
use app::model::{Allowance, Bill, Freshness, Line, Product, Source, Usage};
use serde_json::value::{RawValue, to_raw_value};

/// The [`Bill`] that answers an inquiry, as JSON. It is serialised once: the REST API returns the
/// same bytes that are recorded and sent to the MVNO AP server, and pages parse them.
pub struct Answer {
    pub json: Box<RawValue>,
    pub source: Source,
}

impl Answer {
    /// # Errors
    /// When the bill has no JSON form.
    pub fn of(bill: &Bill) -> serde_json::Result<Self> {
        Ok(Self {
            json: to_raw_value(bill)?,
            source: bill.freshness.source,
        })
    }

    /// # Errors
    /// Never for an answer of this process.
    pub fn bill(&self) -> serde_json::Result<Bill> {
        serde_json::from_str(self.json.get())
    }

    pub fn into_json(self) -> String {
        Box::<str>::from(self.json).into_string()
    }
}

/// The answer to one inquiry about that line.
pub fn bill(request_id: String, line: &Line, told: &Fresh<KosBill>) -> Bill {
    let bill = KosBill::clone(&told.value);
    Bill {
        request_id,
        line_id: line.line_id.clone(),
        line_number: line.line_number.clone(),
        month: bill.month,
        product: bill.product,
        total: bill.total,
        charges: bill.charges,
        discounts: bill.discounts,
        usage: bill.usage,
        contract: bill.contract,
        termination_fee: bill.termination_fee,
        installment: bill.installment,
        payment: bill.payment,
        freshness: freshness(told),
    }
}

/// Where the bill came from, and how old it is.
pub fn freshness(told: &Fresh<KosBill>) -> Freshness {
    Freshness {
        source: told.source,
        as_of: clock::kst(told.as_of_ms),
    }
}

/// Whether the bill has a usage without its allowance.
pub fn lacks_allowance(usage: &Usage) -> bool {
    let data = usage.data.as_ref().map(|data| data.allowance_mb);
    let voice = usage.voice.as_ref().map(|voice| voice.allowance_minutes);
    let sms = usage.sms.as_ref().map(|sms| sms.allowance);
    [data, voice, sms]
        .iter()
        .flatten()
        .any(Allowance::is_unknown)
}

/// Fills in unknown allowances from the price list, if it has the plan of the bill.
pub fn complete_allowances(bill: &mut Bill, catalogue: &[CatalogueProduct]) {
    let plan = catalogue
        .iter()
        .map(|entry| &entry.product)
        .find(|product| product.code == bill.product.code);
    if let Some(plan) = plan {
        complete(&mut bill.usage, plan);
    }
}

fn complete(usage: &mut Usage, plan: &Product) {
    if let Some(data) = &mut usage.data {
        complete_one(&mut data.allowance_mb, plan.data_mb);
    }
    if let Some(voice) = &mut usage.voice {
        complete_one(&mut voice.allowance_minutes, plan.voice_minutes);
    }
    if let Some(sms) = &mut usage.sms {
        complete_one(&mut sms.allowance, plan.sms_count);
    }
}

fn complete_one(allowance: &mut Allowance, of_plan: Allowance) {
    if allowance.is_unknown() {
        *allowance = of_plan;
    }
}

#[cfg(test)]
mod tests {
    use super::{complete, lacks_allowance};
    use app::model::{Allowance, DataUsage, Product, SmsUsage, Usage, Won};

    #[test]
    fn only_unknown_allowances_of_what_was_used_are_completed() {
        let plan = Product {
            code: "LTE-BASIC-001".parse().unwrap(),
            name: "LTE".into(),
            monthly_fee: Won(39_000),
            data_mb: Allowance::Limited(10_240),
            voice_minutes: Allowance::Unlimited,
            sms_count: Allowance::Limited(100),
            network_type: "LTE".into(),
            description: String::new(),
            benefits: Vec::new(),
        };
        let mut usage = Usage {
            data: Some(DataUsage {
                used_mb: 1,
                allowance_mb: Allowance::Unknown,
            }),
            voice: None,
            sms: Some(SmsUsage {
                used: 1,
                allowance: Allowance::Limited(7),
            }),
        };
        assert!(lacks_allowance(&usage));
        complete(&mut usage, &plan);
        assert!(!lacks_allowance(&usage));
        assert_eq!(usage.data.unwrap().allowance_mb, Allowance::Limited(10_240));
        assert_eq!(usage.voice, None);
        assert_eq!(usage.sms.unwrap().allowance, Allowance::Limited(7));
    }
}
