//! The words of the change history.

use super::Lang;
use crate::model::ChangeStatus;

/// The sentences of the screen.
pub struct ProductHistory {
    pub title: &'static str,
    pub failure: &'static str,
    pub status: fn(ChangeStatus) -> &'static str,
    /// Instead of "failed", where that turned out to be wrong.
    pub late: &'static str,
    pub requested_at: &'static str,
    pub effective_date: &'static str,
    pub details: &'static str,
    pub empty: &'static str,
    pub empty_hint: &'static str,
    pub start: &'static str,
}

impl ProductHistory {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::product_history::EN,
        }
    }
}

const KO: ProductHistory = ProductHistory {
    title: "상품 변경 내역",
    failure: "변경 내역을 불러오지 못했어요",
    status: |status| match status {
        ChangeStatus::Pending => "확인 중",
        ChangeStatus::Completed => "완료",
        ChangeStatus::Failed => "실패",
    },
    late: "확인 필요",
    requested_at: "신청일시",
    effective_date: "적용일",
    details: "자세히",
    empty: "아직 상품을 바꾼 적이 없어요",
    empty_hint: "상품을 바꾸면 신청과 결과가 여기에 남아요.",
    start: "상품 변경하기",
};
