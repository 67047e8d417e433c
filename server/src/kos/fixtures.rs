//! Every file of `simulator/fixtures/` is read as it is meant: the contract, seen from this side.

use super::{
    CatalogueProduct, ChangeLookup, KosBill, KosChange, KosError, KosLine, Refusal, envelope::read,
    translate,
};
use app::model::{Allowance, KstDate, LineNumber, LineStatus, PaymentStatus, ProductCode, Won};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../simulator/fixtures")
}

fn data<T: DeserializeOwned>(name: &str) -> Result<T, KosError> {
    let body = fs::read(folder().join(format!("{name}.json"))).unwrap();
    read(StatusCode::OK, &body)
}

/// A text of a file, by the JSON pointer to it under `data`, in snake_case.
fn raw(name: &str, pointer: &str) -> String {
    let data: Value = data(name).unwrap();
    data.pointer(pointer).unwrap().as_str().unwrap().to_owned()
}

fn bill(name: &str) -> Result<KosBill, KosError> {
    let told = data(name)?;
    let line: LineNumber = raw(name, "/bill_info/line_number").parse().unwrap();
    let month = raw(name, "/bill_info/billing_month");
    let month = format!("{}-{}", &month[..4], &month[4..]).parse().unwrap();
    translate::bill(told, &line, month)
}

fn line(name: &str) -> Result<KosLine, KosError> {
    let told = data(name)?;
    let line = raw(name, "/product_info/line_number").parse().unwrap();
    translate::line(told, &line)
}

fn catalogue(name: &str) -> Result<Vec<CatalogueProduct>, KosError> {
    translate::catalogue(data(name)?)
}

fn change(name: &str) -> Result<KosChange, KosError> {
    let told = data(name)?;
    let line = raw(name, "/change_info/line_number").parse().unwrap();
    let to = raw(name, "/change_info/new_product_code").parse().unwrap();
    translate::change(told, &line, &to)
}

fn refusal<T>(answer: Result<T, KosError>) -> Option<Refusal> {
    match answer {
        Ok(_) => None,
        Err(KosError::Refused(refusal)) => Some(refusal),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn every_file_is_an_answer_or_the_refusal_of_its_name() {
    let mut seen = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".json").unwrap();
        let told = match name.split('.').next().unwrap() {
            "bill-inquiry" => refusal(bill(name)),
            "product-inquiry" => refusal(line(name)),
            "product-list" => refusal(catalogue(name)),
            "product-change" => refusal(change(name)),
            "change-status" => match translate::lookup(data(name), "req-0002").unwrap() {
                ChangeLookup::Applied(_) => None,
                ChangeLookup::NotFound => Some(Refusal::ChangeNotFound),
                ChangeLookup::Refused(reason) => panic!("{reason:?}"),
            },
            // Not asked by this server: the months come from the calendar.
            "available-months" => continue,
            // The AP's answer is its status.
            "mvno-results" => continue,
            _ => panic!("{file} is of no operation"),
        };
        let meant = name.split_once("refused-").map(|(_, code)| match code {
            "1001" | "2001" | "3001" => Refusal::LineNotFound,
            "1002" | "2002" | "3002" => Refusal::LineNotActive,
            "1003" => Refusal::NoBill,
            "2003" => Refusal::ProductNotFound,
            "2004" => Refusal::ProductNotOnSale,
            "2005" => Refusal::OperatorMismatch,
            "2006" => Refusal::CurrentProductChanged,
            "2404" => Refusal::ChangeNotFound,
            "9003" => Refusal::Malformed,
            _ => panic!("{code} has no meaning here"),
        });
        assert_eq!(told, meant, "{file}");
        seen += 1;
    }
    assert!(seen >= 20, "only {seen} files");
}

#[test]
fn the_extended_bill_loses_nothing() {
    let bill = bill("bill-inquiry.extended").unwrap();
    assert_eq!(bill.total, Won(123_550));
    let charges: Vec<_> = bill
        .charges
        .iter()
        .map(|charge| (charge.code.as_str(), charge.amount.0))
        .collect();
    assert_eq!(
        charges,
        [
            ("MONTHLY_FEE", 55_000),
            ("ROAMING", 44_000),
            ("INSTALLMENT", 38_500)
        ]
    );
    assert_eq!(bill.discounts[1].amount, Won(200));
    let data = bill.usage.data.unwrap();
    assert_eq!(
        (data.used_mb, data.allowance_mb),
        (58_982, Allowance::Limited(81_920))
    );
    assert_eq!(bill.usage.sms.unwrap().allowance, Allowance::Unlimited);
    assert_eq!(
        bill.contract.unwrap().start_date,
        "2025-11-01".parse::<KstDate>().unwrap()
    );
    assert!(bill.installment.is_some() && bill.termination_fee.is_some());
}

#[test]
fn the_base_bill_has_the_same_total_from_its_own_parts() {
    let bill = bill("bill-inquiry.base").unwrap();
    assert_eq!(bill.total, Won(123_550));
    assert_eq!(bill.charges.len(), 2);
    assert_eq!(bill.discounts[0].amount, Won(13_950));
    let data = bill.usage.data.unwrap();
    assert_eq!(
        (data.used_mb, data.allowance_mb),
        (58 * 1024, Allowance::Unknown)
    );
    assert_eq!(bill.usage.voice.unwrap().used_minutes, 483);
    assert_eq!(bill.contract, None);
    let payment = bill.payment.unwrap();
    assert_eq!(payment.status, Some(PaymentStatus::Paid));
    assert_eq!(
        payment.due_date,
        Some("2026-10-25".parse::<KstDate>().unwrap())
    );
}

#[test]
fn answers_survive_the_cache() {
    fn same<T: serde::Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(answer: T) {
        let bytes = serde_json::to_vec(&answer).unwrap();
        assert_eq!(serde_json::from_slice::<T>(&bytes).unwrap(), answer);
    }
    same(bill("bill-inquiry.extended").unwrap());
    same(bill("bill-inquiry.base").unwrap());
    same(line("product-inquiry").unwrap());
    same(catalogue("product-list.extended").unwrap());
    same(change("product-change").unwrap());
}

#[test]
fn lines_and_plans_keep_unlimited_apart_from_numbers() {
    let line = line("product-inquiry").unwrap();
    assert_eq!(line.product.data_mb, Allowance::Limited(102_400));
    assert_eq!(line.product.voice_minutes, Allowance::Unlimited);
    assert_eq!(line.product.sms_count, Allowance::Unlimited);
    assert_eq!(line.status, LineStatus::Active);
    let plans = catalogue("product-list.extended").unwrap();
    let sold = plans.iter().filter(|plan| plan.on_sale).count();
    assert!(sold > 0 && sold < plans.len());
    assert!(plans.iter().all(|plan| plan.operator_code.is_some()));
}

/// The extended bill with one field replaced.
fn altered(pointer: &str, value: Value) -> Result<KosBill, KosError> {
    altered_in("bill-inquiry.extended.json", pointer, value)
}

fn altered_in(file: &str, pointer: &str, value: Value) -> Result<KosBill, KosError> {
    let body = fs::read_to_string(folder().join(file)).unwrap();
    let mut answer: Value = serde_json::from_str(&body).unwrap();
    *answer.pointer_mut(&format!("/data/{pointer}")).unwrap() = value;
    let told = read(StatusCode::OK, answer.to_string().as_bytes())?;
    let line = "01023456789".parse().unwrap();
    translate::bill(told, &line, "2026-10".parse().unwrap())
}

#[test]
fn what_does_not_add_up_or_is_another_answer_is_bad() {
    assert!(altered("requestId", "other".into()).is_ok());
    for (pointer, value) in [
        ("billInfo/totalFee", 123_551.into()),
        ("billInfo/totalFee", "123550.50".into()),
        ("billInfo/totalFee", true.into()),
        ("billInfo/charges/0/amount", "free".into()),
        ("billInfo/charges/0/amount", i64::MAX.into()),
        ("billInfo/charges/0/amount", Value::Null),
        ("billInfo/charges", "none".into()),
        ("billInfo/lineNumber", "01023456780".into()),
        ("billInfo/billingMonth", "202609".into()),
        ("billInfo/productCode", "".into()),
        ("billInfo/productCode", "<script>".into()),
        ("billInfo", Value::Null),
        ("billInfo", "text".into()),
    ] {
        let answer = altered(pointer, value.clone());
        assert!(
            matches!(answer, Err(KosError::BadAnswer(_))),
            "{pointer} {value}: {answer:?}"
        );
    }
}

#[test]
fn what_a_base_total_holds_besides_its_sums_is_a_line_of_its_own() {
    let base = bill("bill-inquiry.base").unwrap();
    for by in [700, -700] {
        let total = Value::from(base.total.0 + by);
        let bill = altered_in("bill-inquiry.base.json", "billInfo/totalFee", total).unwrap();
        assert_eq!(bill.total.0, base.total.0 + by);
        let charged: Won = bill.charges.iter().map(|charge| charge.amount).sum();
        let discounted: Won = bill.discounts.iter().map(|discount| discount.amount).sum();
        assert_eq!(charged - discounted, bill.total);
        assert_eq!(
            bill.charges.iter().any(|charge| charge.code == "OTHER"),
            by > 0
        );
    }
}

#[test]
fn an_optional_part_of_a_wrong_shape_is_absent() {
    for (pointer, value) in [
        ("billInfo/contract", "none".into()),
        ("billInfo/contract/endDate", "someday".into()),
        ("billInfo/installment", Value::Array(vec![])),
        ("billInfo/payment", 1.into()),
        ("billInfo/usage", "lots".into()),
        ("billInfo/terminationFee", "ask us".into()),
        ("customerInfo", Value::Null),
        ("customerInfo", "nobody".into()),
    ] {
        let bill = altered(pointer, value).unwrap();
        assert_eq!(bill.total, Won(123_550), "{pointer}");
    }
    // Without the list, the sums serve.
    assert_eq!(
        altered("billInfo/charges", Value::Null)
            .unwrap()
            .charges
            .len(),
        2
    );
    assert_eq!(
        altered("billInfo/discounts", Value::Array(vec![]))
            .unwrap()
            .discounts
            .len(),
        1
    );
}

#[test]
fn a_change_is_applied_only_when_it_clearly_is() {
    let asked = (
        "01012345678".parse().unwrap(),
        "LTE-BASIC-001".parse().unwrap(),
    );
    let altered = |pointer: &str, value: &str, (line, to): &(LineNumber, ProductCode)| {
        let body = fs::read_to_string(folder().join("product-change.json")).unwrap();
        let mut answer: Value = serde_json::from_str(&body).unwrap();
        *answer
            .pointer_mut(&format!("/data/changeInfo/{pointer}"))
            .unwrap() = value.into();
        let told = read(StatusCode::OK, answer.to_string().as_bytes())?;
        translate::change(told, line, to)
    };
    assert!(altered("changeStatus", "SUCCESS", &asked).is_ok());
    for (pointer, value) in [
        ("changeStatus", "PROCESSING"),
        ("changeStatus", "failed"),
        ("newProductCode", "5G-PREMIUM-001"),
        ("lineNumber", "01012345679"),
    ] {
        assert!(
            altered(pointer, value, &asked).is_err(),
            "{pointer} {value}"
        );
    }
}
