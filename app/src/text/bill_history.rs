//! The words of the inquiry history.

use super::Lang;
use crate::model::{InquiryStatus, Source};

/// The sentences of the inquiry history.
pub struct BillHistory {
    pub title: &'static str,
    pub failure: &'static str,
    pub intro: &'static str,
    pub line: &'static str,
    pub requested_at: &'static str,
    pub processed_at: &'static str,
    pub result: &'static str,
    pub delivered_at: &'static str,
    pub not_delivered: &'static str,
    pub status: fn(InquiryStatus) -> &'static str,
    pub source: fn(Source) -> &'static str,
    pub again: &'static str,
    /// For an inquiry that failed.
    pub retry: &'static str,
    pub empty: &'static str,
    pub empty_text: &'static str,
    pub unknown_line: &'static str,
}

impl BillHistory {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::bill_history::EN,
        }
    }
}

const KO: BillHistory = BillHistory {
    title: "조회 내역",
    failure: "조회 내역을 불러오지 못했어요",
    intro: "요금을 조회한 기록이에요. 최근 것부터 보여 드려요.",
    line: "회선번호",
    requested_at: "요청일시",
    processed_at: "처리일시",
    result: "처리결과",
    delivered_at: "사업자 전달",
    not_delivered: "전달 준비 중",
    status: |status| match status {
        InquiryStatus::Completed => "조회 완료",
        InquiryStatus::Failed => "조회 실패",
    },
    source: |source| match source {
        Source::Kos => "통신사에서 바로 조회",
        Source::Cache => "저장된 결과로 조회",
        Source::Stale => "마지막으로 받은 결과로 조회",
    },
    again: "이 달 요금 보기",
    retry: "다시 조회",
    empty: "아직 조회한 내역이 없어요",
    empty_text: "요금을 조회하면 언제, 어느 달 요금을 봤는지 여기에 남아요.",
    unknown_line: "지금은 이용하지 않는 회선",
};
