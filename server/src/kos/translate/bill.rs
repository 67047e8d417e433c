//! Bills.

use super::{date, named, product_code, same_line, words::payment_status};
use crate::kos::{
    KosBill, KosError,
    envelope::bad,
    numbers::{self, NotWon},
    wire::{BillData, BillInfo, ContractInfo, InstallmentInfo, UsageInfo},
};
use app::{
    model::{
        BillingMonth, ChargeLine, Contract, DataUsage, DiscountLine, Installment, LineNumber,
        Payment, SmsUsage, Usage, VoiceUsage, Won,
    },
    text::amount_names,
};
use serde_json::Value;

/// The bill of that line and month.
///
/// # Errors
/// [`KosError::BadAnswer`].
pub(in crate::kos) fn bill(
    data: BillData,
    line: &LineNumber,
    month: BillingMonth,
) -> Result<KosBill, KosError> {
    let mut info = data.bill_info.ok_or_else(|| bad("billInfo is missing"))?;
    same_line(&info.line_number, line)?;
    if let Some(told) = info.billing_month.0.as_deref()
        && told.replace('-', "") != month.compact()
    {
        return Err(bad("the bill is of another month"));
    }
    let code = product_code(&info.product_code, "billInfo.productCode")?;
    let (total, charges, discounts) = amounts(&mut info)?;
    Ok(KosBill {
        customer_id: data.customer_info.and_then(|told| told.customer_id.0),
        month,
        product: named(code, std::mem::take(&mut info.product_name)),
        total,
        charges,
        discounts,
        usage: usage(&info),
        contract: info.contract.take().and_then(contract),
        termination_fee: numbers::won(&info.termination_fee).ok().flatten(),
        installment: info.installment.take().and_then(installment),
        payment: payment(info),
    })
}

/// Total, charges and discounts that agree to the won.
///
/// An extended KOS lists them. A base KOS sends sums, which become one line each; a discount may be
/// negative, and the rest of the total is a line of its own.
fn amounts(info: &mut BillInfo) -> Result<(Won, Vec<ChargeLine>, Vec<DiscountLine>), KosError> {
    let itemised = info
        .charges
        .as_ref()
        .is_some_and(|listed| !listed.is_empty());
    let mut charges = match info.charges.take() {
        Some(listed) if !listed.is_empty() => listed
            .into_iter()
            .map(|charge| {
                let code = charge.code.0.unwrap_or_else(|| "OTHER".to_owned());
                Ok(ChargeLine {
                    name: charge.name.0.unwrap_or_else(|| code.clone()),
                    amount: required(&charge.amount, "charges.amount")?,
                    code,
                })
            })
            .collect::<Result<Vec<_>, KosError>>()?,
        _ => base_charges(info)?,
    };
    let mut discounts = match info.discounts.take() {
        Some(listed) if !listed.is_empty() => listed
            .into_iter()
            .map(|discount| {
                Ok(DiscountLine {
                    name: discount
                        .name
                        .0
                        .unwrap_or_else(|| amount_names::DISCOUNT.to_owned()),
                    amount: required(&discount.amount, "discounts.amount")?.abs(),
                })
            })
            .collect::<Result<Vec<_>, KosError>>()?,
        _ => told(&info.discount_amount, "discountAmount")?
            .filter(|amount| amount.0 != 0)
            .map(|amount| DiscountLine {
                name: amount_names::DISCOUNT.to_owned(),
                amount: amount.abs(),
            })
            .into_iter()
            .collect(),
    };
    let parts = sum(charges.iter().map(|charge| charge.amount))
        .zip(sum(discounts.iter().map(|discount| discount.amount)))
        .and_then(|(charged, discounted)| charged.0.checked_sub(discounted.0))
        .map(Won)
        .ok_or_else(|| bad("the amounts are impossible"))?;
    let total = told(&info.total_fee, "totalFee")?.unwrap_or(parts);
    let rest = total.0.checked_sub(parts.0);
    match rest.ok_or_else(|| bad("totalFee is impossible"))? {
        0 => {}
        _ if itemised => return Err(bad("totalFee is not the sum of its parts")),
        // A base KOS sends three sums; the rest of its total is shown as "other".
        more @ 1.. => charges.push(charge("OTHER", amount_names::OTHER_CHARGES, Won(more))),
        less => discounts.push(DiscountLine {
            name: amount_names::OTHER_DISCOUNTS.to_owned(),
            amount: Won(less).abs(),
        }),
    }
    Ok((total, charges, discounts))
}

fn charge(code: &str, name: &str, amount: Won) -> ChargeLine {
    ChargeLine {
        code: code.to_owned(),
        name: name.to_owned(),
        amount,
    }
}

fn base_charges(info: &BillInfo) -> Result<Vec<ChargeLine>, KosError> {
    let monthly = required(&info.monthly_fee, "monthlyFee")?;
    let usage = told(&info.usage_fee, "usageFee")?;
    Ok(
        std::iter::once(charge("MONTHLY_FEE", amount_names::MONTHLY_FEE, monthly))
            .chain(usage.map(|amount| charge("USAGE_FEE", amount_names::USAGE_FEE, amount)))
            .collect(),
    )
}

fn told(value: &Value, field: &str) -> Result<Option<Won>, KosError> {
    numbers::won(value).map_err(|NotWon| bad(&format!("{field} is no won")))
}

fn required(value: &Value, field: &str) -> Result<Won, KosError> {
    told(value, field)?.ok_or_else(|| bad(&format!("{field} is missing")))
}

fn sum(mut amounts: impl Iterator<Item = Won>) -> Option<Won> {
    amounts
        .try_fold(0_i64, |sum, amount| sum.checked_add(amount.0))
        .map(Won)
}

fn usage(info: &BillInfo) -> Usage {
    match &info.usage {
        Some(usage) => structured(usage),
        None => {
            let (data, data_allowance) = numbers::used_and_allowance(&info.data_usage);
            let (voice, voice_allowance) = numbers::used_and_allowance(&info.voice_usage);
            let (sms, sms_allowance) = numbers::used_and_allowance(&info.sms_usage);
            Usage {
                data: numbers::data_mb(&data).map(|used_mb| DataUsage {
                    used_mb,
                    allowance_mb: numbers::data_allowance(&data_allowance),
                }),
                voice: numbers::minutes(&voice).map(|used_minutes| VoiceUsage {
                    used_minutes,
                    allowance_minutes: numbers::voice_allowance(&voice_allowance),
                }),
                sms: numbers::messages(&sms).map(|used| SmsUsage {
                    used,
                    allowance: numbers::sms_allowance(&sms_allowance),
                }),
            }
        }
    }
}

fn structured(usage: &UsageInfo) -> Usage {
    Usage {
        data: numbers::count(&usage.data_used_mb).map(|used_mb| DataUsage {
            used_mb,
            allowance_mb: numbers::plain_allowance(usage.data_allowance_mb.as_ref()),
        }),
        voice: numbers::count(&usage.voice_used_minutes).map(|used_minutes| VoiceUsage {
            used_minutes,
            allowance_minutes: numbers::plain_allowance(usage.voice_allowance_minutes.as_ref()),
        }),
        sms: numbers::count(&usage.sms_used).map(|used| SmsUsage {
            used,
            allowance: numbers::plain_allowance(usage.sms_allowance.as_ref()),
        }),
    }
}

fn small(value: &Value) -> Option<u32> {
    u32::try_from(numbers::count(value)?).ok()
}

fn contract(told: ContractInfo) -> Option<Contract> {
    Some(Contract {
        name: told.name.0?,
        start_date: date(&told.start_date)?,
        end_date: date(&told.end_date)?,
        months: small(&told.months)?,
        months_left: small(&told.months_left)?,
    })
}

fn installment(told: InstallmentInfo) -> Option<Installment> {
    Some(Installment {
        device_name: told.device_name.0?,
        monthly: numbers::won(&told.monthly).ok()??,
        remaining: numbers::won(&told.remaining).ok()??,
        paid_count: small(&told.paid_count)?,
        total_count: small(&told.total_count)?,
    })
}

/// The extended part, completed from the base fields; `None` when neither has anything.
fn payment(info: BillInfo) -> Option<Payment> {
    let extended = info.payment.unwrap_or_default();
    let payment = Payment {
        due_date: date(&extended.due_date).or_else(|| date(&info.due_date)),
        billing_day: numbers::count(&extended.billing_day)
            .and_then(|day| u8::try_from(day).ok())
            .filter(|day| (1..=31).contains(day)),
        status: payment_status(&extended.status).or_else(|| payment_status(&info.bill_status)),
        method: extended.method.0,
    };
    let nothing = Payment {
        due_date: None,
        billing_day: None,
        status: None,
        method: None,
    };
    (payment != nothing).then_some(payment)
}

#[cfg(test)]
mod tests {
    use super::{KosError, bill};
    use serde_json::json;

    #[test]
    fn a_total_too_far_from_its_parts_is_bad() {
        let least = -((1_i64 << 53) - 1);
        let charge = json!({ "code": "X", "amount": least });
        let data = json!({ "bill_info": {
            "line_number": "01023456789",
            "billing_month": "202610",
            "product_code": "5G-STANDARD-001",
            "charges": vec![charge; 1_024],
            "total_fee": -least,
        }});
        let told = bill(
            serde_json::from_value(data).unwrap(),
            &"01023456789".parse().unwrap(),
            "2026-10".parse().unwrap(),
        );
        let Err(KosError::BadAnswer(why)) = told else {
            panic!("{told:?}");
        };
        assert_eq!(why, "totalFee is impossible");
    }
}
