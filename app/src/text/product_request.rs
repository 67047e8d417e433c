//! The words of SCR-007.

use super::Lang;
use crate::model::CheckType;

/// The sentences of the screen.
pub struct ProductRequest {
    pub title: &'static str,
    pub failure: &'static str,
    pub change: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub difference: &'static str,
    pub unknown_target: &'static str,
    pub nothing_chosen: &'static str,
    pub choose_first: &'static str,
    pub same_product: &'static str,
    pub to_choice: &'static str,
    pub to_result: &'static str,
    /// For a line with a change that is still being confirmed.
    pub open_change: &'static str,
    /// After a post that was refused for good before anything was sent.
    pub not_ordered: &'static str,
    /// After one that ended without an answer, while its key has started no change.
    pub none_seen: &'static str,
    pub notices_title: &'static str,
    /// With the months left of the customer's contract, if they are known.
    pub penalty: fn(Option<u32>) -> String,
    pub notices: &'static [&'static str],
    pub checks: &'static str,
    pub check_name: fn(CheckType) -> &'static str,
    /// What helps where the check fails.
    pub remedy: fn(CheckType) -> &'static str,
    pub waiting: &'static str,
    pub running: &'static str,
    pub progress: fn(usize) -> String,
    pub before_start: &'static str,
    pub start: &'static str,
    pub passed: &'static str,
    pub failed: &'static str,
    pub unclear: &'static str,
    pub proceeding: &'static str,
    pub retry: &'static str,
    /// Restarts the visit.
    pub reload: &'static str,
    /// A sentence, and the seconds until a retry makes sense.
    pub not_before: fn(&str, u32) -> String,
    pub request_id: fn(&str) -> String,
    pub confirm: &'static str,
    pub confirming: &'static str,
    pub not_yet: &'static str,
    pub previous: &'static str,
}

impl ProductRequest {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::product_request::EN,
        }
    }
}

const KO: ProductRequest = ProductRequest {
    title: "상품 변경 요청",
    failure: "변경 내용을 불러오지 못했어요",
    change: "변경 내용 확인",
    from: "현재 상품",
    to: "변경할 상품",
    difference: "현재 상품 대비",
    unknown_target: "지금 변경할 수 있는 상품 목록에는 없는 상품이에요.",
    nothing_chosen: "변경할 상품을 선택해주세요.",
    choose_first: "상품 목록에서 지금 상품과 비교해 보고 고를 수 있어요.",
    same_product: "지금 쓰는 상품과 같은 상품이에요. 다른 상품을 골라 주세요.",
    to_choice: "상품 다시 고르기",
    to_result: "진행 중인 변경 보기",
    open_change: "처리 결과를 확인하고 있는 변경이 있어요.",
    not_ordered: "상품 변경은 신청되지 않았어요. 이 신청으로 바뀐 것은 없어요.",
    none_seen: "이 신청으로 시작된 변경은 아직 보이지 않아요. 여기서 다시 신청하시면 같은 신청으로 처리돼요.",
    notices_title: "중요 안내사항",
    penalty: |months_left| match months_left {
        Some(months) => {
            format!("현재 약정 기간이 {months}개월 남아 있어 위약금이 발생할 수 있습니다")
        }
        None => "현재 약정 기간이 남아있는 경우 위약금이 발생할 수 있습니다".to_owned(),
    },
    notices: &[
        "변경된 상품의 적용일은 통신사가 정하며, 통신사가 알려 주면 처리 결과에서 볼 수 있어요",
        "기존 부가서비스는 해지될 수 있으며, 필요하면 다시 신청해야 해요",
        "요금제 변경에 따른 데이터 이월은 불가능합니다",
    ],
    checks: "사전 체크",
    check_name: |check| match check {
        CheckType::ProductOnSale => "판매 중인 상품인지",
        CheckType::OperatorMatch => "같은 사업자의 상품인지",
        CheckType::LineInUse => "사용 중인 회선인지",
    },
    remedy: |check| match check {
        CheckType::ProductOnSale | CheckType::OperatorMatch => "다른 상품을 골라 주세요.",
        CheckType::LineInUse => "회선을 다시 쓰시려면 고객센터로 문의해 주세요.",
    },
    waiting: "아직 확인하지 않았어요.",
    running: "확인하고 있어요.",
    progress: |done| format!("3개 중 {done}개를 확인했어요"),
    before_start: "변경을 신청하기 전에 세 가지를 확인해요.",
    start: "사전 체크 시작",
    passed: "상품 사전 체크에 성공하였다",
    failed: "상품 사전 체크에 실패하였다",
    unclear: "확인하지 못한 항목이 있어요. 다시 확인해 주세요.",
    proceeding: "상품 변경이 진행되었다",
    retry: "다시 확인",
    reload: "화면 다시 불러오기",
    not_before: |sentence, seconds| format!("{sentence} ({seconds}초 뒤)"),
    request_id: |id| format!("요청번호 {id}"),
    confirm: "변경 신청하기",
    confirming: "변경 신청 중…",
    not_yet: "사전 체크 세 가지를 모두 통과하면 신청할 수 있어요.",
    previous: "이전 단계",
};
