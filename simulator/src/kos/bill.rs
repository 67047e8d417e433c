//! `POST /bill/inquiry` and `GET /bill/available-months/{lineNumber}`.

use super::{
    Family, Kos, Refusal,
    envelope::{CustomerInfo, Money},
    request::Fields,
};
use crate::data::{Bill, Charge, LineNumber, Month, PaymentStatus, bill, wording};
use jiff::civil::Date;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BillData {
    request_id: String,
    proc_status: &'static str,
    bill_info: BillInfo,
    customer_info: CustomerInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillInfo {
    line_number: LineNumber,
    billing_month: String,
    product_code: &'static str,
    product_name: &'static str,
    monthly_fee: Money,
    usage_fee: Money,
    discount_amount: Money,
    total_fee: Money,
    data_usage: String,
    voice_usage: String,
    sms_usage: String,
    bill_status: PaymentStatus,
    due_date: String,
    #[serde(flatten)]
    extended: Option<ExtendedBill>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtendedBill {
    charges: Vec<ChargeInfo>,
    discounts: Vec<DiscountInfo>,
    usage: UsageInfo,
    contract: Option<ContractInfo>,
    termination_fee: u64,
    installment: Option<InstallmentInfo>,
    payment: PaymentInfo,
}

#[derive(Serialize)]
struct ChargeInfo {
    code: &'static str,
    name: &'static str,
    amount: u64,
}

#[derive(Serialize)]
struct DiscountInfo {
    name: &'static str,
    amount: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UsageInfo {
    data_used_mb: u64,
    data_allowance_mb: Option<u64>,
    voice_used_minutes: u64,
    voice_allowance_minutes: Option<u64>,
    sms_used: u64,
    sms_allowance: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContractInfo {
    name: String,
    start_date: String,
    end_date: String,
    months: i32,
    months_left: i32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstallmentInfo {
    device_name: &'static str,
    monthly: u64,
    remaining: u64,
    paid_count: i32,
    total_count: i32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentInfo {
    billing_day: u8,
    due_date: String,
    status: PaymentStatus,
    method: &'static str,
    paid_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MonthsData {
    line_number: LineNumber,
    available_months: Vec<String>,
}

/// The wire's form of a day: `YYYYMMDD`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

pub(super) fn inquire(kos: &Kos, body: &[u8]) -> Result<BillData, Refusal> {
    let fields = Fields::parse(body)?;
    let line = fields.line_number()?;
    let month = fields.billing_month()?;
    let request_id = fields.request_id()?.to_owned();
    let customer = kos.customer(&line, Family::Bill)?;
    let today = kos.stage.clock.today();
    let now = Month::of(today);
    let month = month.unwrap_or(now);
    if !customer.is_billed(month, now) {
        return Err(Refusal::new("1003"));
    }
    let plan = kos.subscriptions.plan_in(&customer, month);
    let bill = bill(&customer, plan, month, today);
    let extended = kos
        .capabilities
        .extended
        .then(|| ExtendedBill::new(&bill, customer.billing_day, customer.payment_method));
    let info = BillInfo::new(line, &bill, extended);
    let customer_info = CustomerInfo::from(&customer);
    Ok(BillData {
        request_id,
        proc_status: "COMPLETED",
        bill_info: info,
        customer_info,
    })
}

pub(super) fn months(kos: &Kos, line: &LineNumber) -> Result<MonthsData, Refusal> {
    let customer = kos.customer(line, Family::Bill)?;
    let now = Month::of(kos.stage.clock.today());
    let available_months = (0..Month::BILLED)
        .map(|back| now.back(back))
        .filter(|month| customer.is_billed(*month, now))
        .map(Month::dashed)
        .collect();
    Ok(MonthsData {
        line_number: line.clone(),
        available_months,
    })
}

impl BillInfo {
    fn new(line_number: LineNumber, bill: &Bill, extended: Option<ExtendedBill>) -> Self {
        Self {
            line_number,
            billing_month: bill.month.to_string(),
            product_code: bill.plan.code,
            product_name: bill.plan.name,
            monthly_fee: Money::Decimal(bill.plan.fee),
            usage_fee: Money::Decimal(bill.usage_fee()),
            discount_amount: Money::Decimal(bill.discount()),
            total_fee: Money::Decimal(bill.total()),
            data_usage: wording::data_used(bill.usage.data_mb),
            voice_usage: wording::minutes_used(bill.usage.voice_minutes),
            sms_usage: wording::messages_used(bill.usage.sms),
            bill_status: bill.payment_status,
            due_date: day(bill.due),
            extended,
        }
    }
}

impl ExtendedBill {
    fn new(bill: &Bill, billing_day: u8, method: &'static str) -> Self {
        let charge = |one: &Charge| ChargeInfo {
            code: one.code,
            name: one.name,
            amount: one.amount,
        };
        Self {
            charges: bill.charges.iter().map(charge).collect(),
            discounts: bill
                .discounts
                .iter()
                .map(|one| DiscountInfo {
                    name: one.name,
                    amount: one.amount,
                })
                .collect(),
            usage: UsageInfo {
                data_used_mb: bill.usage.data_mb,
                data_allowance_mb: bill.plan.data_gb.map(|gb| gb * 1024),
                voice_used_minutes: bill.usage.voice_minutes,
                voice_allowance_minutes: bill.plan.voice_minutes,
                sms_used: bill.usage.sms,
                sms_allowance: bill.plan.sms,
            },
            contract: bill.contract.as_ref().map(|contract| ContractInfo {
                name: contract.name.clone(),
                start_date: day(contract.start),
                end_date: day(contract.end),
                months: contract.months,
                months_left: contract.months_left,
            }),
            termination_fee: bill.termination_fee,
            installment: bill.installment.as_ref().map(|paid| InstallmentInfo {
                device_name: paid.device,
                monthly: paid.monthly,
                remaining: paid.remaining,
                paid_count: paid.paid,
                total_count: paid.total,
            }),
            payment: PaymentInfo {
                billing_day,
                due_date: day(bill.due),
                status: bill.payment_status,
                method,
                paid_at: bill.paid_at.map(day),
            },
        }
    }
}
