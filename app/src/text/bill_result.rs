//! The words of SCR-004.

use super::Lang;
use crate::{
    bill_story::Turn,
    model::{BillingMonth, PaymentStatus, Source, Won},
};

/// The sentences of the inquiry result.
pub struct BillResult {
    /// The screen's name in the breadcrumb.
    pub name: &'static str,
    pub title: fn(BillingMonth) -> String,
    /// The specified sentence for a bill that cannot be loaded.
    pub failure: &'static str,
    pub total: &'static str,
    pub done: fn(BillingMonth, Won) -> String,
    pub reasons: &'static str,
    /// What follows the name of the charge or discount; [`Turn::Other`] has none, so its sentence
    /// says whether the amount adds to the total or takes from it.
    pub reason: fn(Turn, Won) -> String,
    /// The earlier month, and how much more or less the bill is.
    pub compared: fn(BillingMonth, Won) -> String,
    /// With the month there is no comparison with.
    pub no_previous: fn(BillingMonth) -> String,
    pub previous_not_now: fn(BillingMonth) -> String,
    pub as_of: fn(Source, &str) -> Option<String>,
    pub stale: &'static str,
    pub months: &'static str,
    pub trend: Trend,
    pub charges: Charges,
    pub usage: UsageWords,
    pub terms: Terms,
    pub other_month: &'static str,
    pub print: &'static str,
}

/// The six-month trend.
pub struct Trend {
    pub title: &'static str,
    pub table: &'static str,
    pub month: &'static str,
    pub total: &'static str,
    pub missing: &'static str,
    /// Some months are outdated.
    pub some_stale: &'static str,
    /// Beside such a month.
    pub stale: &'static str,
    /// Some months were not returned, or not soon enough.
    pub some_not_now: &'static str,
    /// Beside such a month.
    pub not_now: &'static str,
    pub load_again: &'static str,
    pub short_month: fn(BillingMonth) -> String,
    pub description: fn(&str, Won, &str, Won) -> String,
}

/// The breakdown.
pub struct Charges {
    pub title: &'static str,
    pub charges: &'static str,
    pub discounts: &'static str,
    pub item: &'static str,
    pub amount: &'static str,
    pub subtotal: &'static str,
    pub total: &'static str,
    pub no_discounts: &'static str,
}

/// The usage.
pub struct UsageWords {
    pub title: &'static str,
    pub data: &'static str,
    pub voice: &'static str,
    pub sms: &'static str,
    pub used: fn(&str) -> String,
    pub used_of: fn(&str, &str) -> String,
    pub left: fn(&str) -> String,
    pub over: fn(&str) -> String,
    pub enough: &'static str,
    pub nearly: &'static str,
    pub full: &'static str,
    /// For a plan that includes none of it.
    pub none_included: &'static str,
}

/// Contract, instalment, termination and payment.
pub struct Terms {
    pub title: &'static str,
    pub contract: &'static str,
    pub contract_name: &'static str,
    /// KOS tells of no contract or instalment: there is none, or it is not told.
    pub none_known: &'static str,
    pub contract_period: &'static str,
    /// From the first day to the last.
    pub period: fn(&str, &str) -> String,
    pub contract_left: &'static str,
    pub months_left: fn(u32, u32) -> String,
    /// Marks a fact as of an earlier month.
    pub as_of_month: fn(BillingMonth) -> String,
    pub termination_fee: &'static str,
    pub termination_hint: &'static str,
    /// The hint on the bill of an earlier month.
    pub termination_hint_then: fn(BillingMonth) -> String,
    pub installment: &'static str,
    pub device: &'static str,
    pub monthly: &'static str,
    pub remaining: &'static str,
    pub paid_count: fn(u32, u32) -> String,
    pub paid: &'static str,
    pub payment: &'static str,
    pub billing_month: &'static str,
    pub status: &'static str,
    pub due_date: &'static str,
    pub billing_day: &'static str,
    pub every_month: fn(u8) -> String,
    pub method: &'static str,
    pub payment_status: fn(PaymentStatus) -> &'static str,
    pub overdue_hint: &'static str,
    pub product: &'static str,
    pub line: &'static str,
}

impl BillResult {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::bill_result::EN,
        }
    }
}

const KO: BillResult = BillResult {
    name: "요금조회 결과",
    title: |month| format!("{} 요금", super::month(Lang::Ko, month)),
    failure: "요금 조회 신청에 실패하였습니다",
    total: "총 청구 요금",
    done: |month, total| {
        format!(
            "{} 요금 조회가 완료되었습니다. 총 청구 요금은 {total}입니다.",
            super::month(Lang::Ko, month)
        )
    },
    reasons: "달라진 이유",
    reason: |turn, won| {
        let amount = won.abs();
        match turn {
            Turn::Started => format!("{amount}이 새로 생겼어요"),
            Turn::Ended => format!("{amount}이 없어졌어요"),
            Turn::Grew => format!("{amount}이 늘었어요"),
            Turn::Shrank => format!("{amount}이 줄었어요"),
            Turn::Other if won.0 > 0 => format!("그 밖에 {amount}이 늘었어요"),
            Turn::Other => format!("그 밖에 {amount}이 줄었어요"),
        }
    },
    compared: |earlier, won| {
        let (month, amount) = (earlier.month(), won.abs());
        match won.0.signum() {
            1 => format!("{month}월보다 {amount} 늘었어요"),
            -1 => format!("{month}월보다 {amount} 줄었어요"),
            _ => format!("{month}월과 같아요"),
        }
    },
    no_previous: |earlier| format!("{}월 요금과는 비교할 수 없어요", earlier.month()),
    previous_not_now: |earlier| format!("지금은 {}월 요금과 비교할 수 없어요", earlier.month()),
    as_of: |source, instant| match source {
        Source::Kos => None,
        Source::Cache | Source::Stale => Some(format!("{instant} 기준")),
    },
    stale: "통신사 연결이 원활하지 않아 마지막으로 받은 요금을 보여 드려요.",
    months: "다른 월",
    trend: Trend {
        title: "6개월 추이",
        table: "숫자로 보기",
        month: "청구월",
        total: "총 청구 요금",
        missing: "정보 없음",
        some_stale: "통신사 연결이 원활하지 않아 일부는 마지막으로 받은 금액이에요.",
        stale: "마지막으로 받은 금액",
        some_not_now: "통신사 연결이 원활하지 않아 일부 월은 지금 보여 드리지 못했어요.",
        not_now: "지금은 알 수 없음",
        load_again: "다시 불러오기",
        short_month: |month| format!("{}월", month.month()),
        description: |highest_month, highest, lowest_month, lowest| {
            format!(
                "최근 6개월 요금 막대그래프. 가장 많은 달은 {highest_month} {highest}, 가장 적은 달은 {lowest_month} {lowest}."
            )
        },
    },
    charges: Charges {
        title: "요금 상세",
        charges: "요금",
        discounts: "할인",
        item: "항목",
        amount: "금액",
        subtotal: "소계",
        total: "총 청구 요금",
        no_discounts: "이번 청구에 적용된 할인이 없어요",
    },
    usage: UsageWords {
        title: "사용량",
        data: "데이터",
        voice: "통화",
        sms: "문자",
        used: |used| format!("{used} 사용"),
        used_of: |used, allowance| format!("{allowance} 중 {used} 사용"),
        left: |left| format!("{left} 남음"),
        over: |over| format!("{over} 초과"),
        enough: "여유 있어요",
        nearly: "80% 넘게 썼어요",
        full: "모두 썼어요",
        none_included: "기본 제공 없음",
    },
    terms: Terms {
        title: "약정 · 할부 · 납부",
        contract: "약정 정보",
        contract_name: "약정",
        none_known: "없거나, 통신사에서 알려 주지 않았어요",
        contract_period: "약정 기간",
        period: |start, end| format!("{start} ~ {end}"),
        contract_left: "남은 기간",
        months_left: |left, months| format!("{months}개월 중 {left}개월 남음"),
        as_of_month: |month| format!("{} 기준", super::month(super::Lang::Ko, month)),
        termination_fee: "예상 해지비용",
        termination_hint: "지금 해지하면 내야 하는 금액이에요",
        termination_hint_then: |month| {
            format!("{} 기준 금액이에요", super::month(super::Lang::Ko, month))
        },
        installment: "단말기 할부금",
        device: "단말기",
        monthly: "월 할부금",
        remaining: "남은 할부금",
        paid_count: |paid, total| format!("{total}회 중 {paid}회 납부"),
        paid: "납부 횟수",
        payment: "청구·납부 정보",
        billing_month: "청구월",
        status: "납부 상태",
        due_date: "납부 기한",
        billing_day: "청구일",
        every_month: |day| format!("매월 {day}일"),
        method: "납부 방법",
        payment_status: |status| match status {
            PaymentStatus::Paid => "납부 완료",
            PaymentStatus::Unpaid => "납부 전",
            PaymentStatus::Overdue => "연체",
        },
        overdue_hint: "납부 기한이 지났어요. 고객센터로 문의하시면 납부 방법을 안내해 드려요.",
        product: "상품명",
        line: "회선번호",
    },
    other_month: "다른 월 조회",
    print: "인쇄",
};

#[cfg(test)]
mod tests {
    use super::BillResult;
    use crate::{bill_story::Turn, model::Won, text::Lang};

    #[test]
    fn a_comparison_names_its_month_and_direction() {
        let july = "2026-07".parse().unwrap();
        for (lang, named) in [(Lang::Ko, "7월"), (Lang::En, "July")] {
            let words = BillResult::of(lang);
            let said = [3_300, -3_300, 0].map(|won| (words.compared)(july, Won(won)));
            assert!(said[0] != said[1] && said[1] != said[2], "{said:?}");
            let missing = [words.no_previous, words.previous_not_now].map(|text| text(july));
            for text in said.iter().chain(&missing) {
                assert!(text.contains(named), "{text}");
            }
            assert!(said[1].contains("3,300") && !said[1].contains('-'));
        }
    }

    #[test]
    fn what_has_no_name_says_whether_it_adds_or_takes() {
        for lang in Lang::ALL {
            let other = |won| (BillResult::of(lang).reason)(Turn::Other, Won(won));
            let (more, less) = (other(1_100), other(-1_100));
            assert_ne!(more, less);
            assert!(more.contains("1,100") && less.contains("1,100"));
            assert!(!less.contains('-'), "{less}");
        }
    }
}
