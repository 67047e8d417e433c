//! The words of SCR-002.

use super::Lang;

/// The sentences of the main screen.
pub struct Main {
    pub title: &'static str,
    pub greeting: fn(&str) -> String,
    pub lines: &'static str,
    pub this_month: &'static str,
    pub details: &'static str,
    pub no_bill_yet: &'static str,
    pub other_months: &'static str,
    /// The month of an unpaid bill.
    pub overdue: fn(&str) -> String,
    pub current_product: &'static str,
    pub monthly_fee: &'static str,
    pub services: &'static str,
    pub bill_text: &'static str,
    pub product_text: &'static str,
    pub more: &'static str,
    pub no_service: &'static str,
    pub no_service_text: &'static str,
}

impl Main {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::main::EN,
        }
    }
}

const KO: Main = Main {
    title: "메인",
    greeting: |name| format!("{name}님, 안녕하세요"),
    lines: "회선",
    this_month: "이번 달 요금",
    details: "자세히 보기",
    no_bill_yet: "이번 달 요금은 아직 나오지 않았어요.",
    other_months: "다른 월 조회",
    overdue: |month| format!("{month} 요금이 연체되었어요."),
    current_product: "현재 상품",
    monthly_fee: "월 요금",
    services: "서비스 메뉴",
    bill_text: "월별 요금과 사용량, 지난달과 달라진 이유를 볼 수 있어요.",
    product_text: "요금 차이를 미리 보고 나에게 맞는 상품으로 바꿀 수 있어요.",
    more: "더 보기",
    no_service: "서비스 이용 권한이 없습니다",
    no_service_text: "지금 이용할 수 있는 서비스가 없어요. 이용을 원하시면 고객센터로 문의해 주세요.",
};
