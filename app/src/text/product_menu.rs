//! The words of SCR-005.

use super::Lang;

/// The sentences of the screen.
pub struct ProductMenu {
    pub title: &'static str,
    pub failure: &'static str,
    pub line_card: &'static str,
    pub customer_id: &'static str,
    pub line_status: &'static str,
    pub not_in_use: &'static str,
    pub available: fn(usize) -> String,
    pub none_hint: &'static str,
    pub notices_title: &'static str,
    pub notices: &'static [&'static str],
    pub start: &'static str,
    pub cancel: &'static str,
}

impl ProductMenu {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::product_menu::EN,
        }
    }
}

const KO: ProductMenu = ProductMenu {
    title: "상품 변경",
    failure: "상품 변경 요청 메뉴 로딩에 실패하였습니다",
    line_card: "회선 정보",
    customer_id: "고객ID",
    line_status: "회선 상태",
    not_in_use: "사용 중인 회선이 아니라서 지금은 상품을 바꿀 수 없어요. 고객센터로 문의해 주세요.",
    available: |count| format!("바꿀 수 있는 상품 {count}개"),
    none_hint: "판매 중인 상품이 새로 나오면 여기에서 고를 수 있어요.",
    notices_title: "상품 변경 시 주의사항",
    notices: &[
        "변경된 상품의 적용일은 통신사가 정하며, 통신사가 알려 주면 처리 결과에서 볼 수 있어요",
        "기존 약정 조건에 따라 위약금이 발생할 수 있습니다",
        "변경 후에는 이전 상품으로 즉시 되돌릴 수 없습니다",
        "부가서비스는 별도로 재신청이 필요할 수 있습니다",
    ],
    start: "상품 변경하기",
    cancel: "취소",
};
