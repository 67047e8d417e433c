//! The words of SCR-008.

use super::Lang;
use crate::model::RejectReason;

/// The sentences of the screen.
pub struct ProductResult {
    pub title: &'static str,
    pub failure: &'static str,
    pub completed: &'static str,
    pub completed_text: &'static str,
    pub failed: &'static str,
    /// Read years later too, so it says nothing of the plan in use.
    pub failed_text: &'static str,
    /// For a failure that turned out to be none: true for ever, whoever looks at it by then.
    pub late: &'static str,
    pub late_text: &'static str,
    pub late_reason: &'static str,
    pub late_remedies: &'static [&'static str],
    pub pending: &'static str,
    pub pending_text: &'static str,
    pub details: &'static str,
    pub line: &'static str,
    pub before: &'static str,
    /// Labels the old plan of a change that is not completed: what plan is in use now is not said.
    pub when_requested: &'static str,
    pub after: &'static str,
    pub wanted: &'static str,
    pub effective_date: &'static str,
    /// For a change that is certain to have been made, but not since when.
    pub effective_unknown: &'static str,
    pub request_number: &'static str,
    pub order_number: &'static str,
    pub requested_at: &'static str,
    pub processed_at: &'static str,
    pub receipt: &'static str,
    pub receipt_hint: &'static str,
    pub steps: &'static str,
    pub step_checked: &'static str,
    pub step_proceeding: &'static str,
    pub reason: &'static str,
    pub what_to_do: &'static str,
    pub remedies: fn(RejectReason) -> &'static [&'static str],
    pub help: &'static str,
    pub to_main: &'static str,
    pub to_bill: &'static str,
    pub to_history: &'static str,
    pub retry: &'static str,
    pub choose_again: &'static str,
    pub print: &'static str,
    pub check_now: &'static str,
    pub checking: &'static str,
    pub still_checking: &'static str,
    pub no_answer: &'static str,
    pub not_told: &'static str,
    /// Once the page has asked for long enough.
    pub no_longer_asking: &'static str,
    pub known: &'static str,
}

impl ProductResult {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::product_result::EN,
        }
    }
}

const KO: ProductResult = ProductResult {
    title: "처리 결과",
    failure: "처리 결과를 불러오지 못했어요",
    completed: "상품 변경이 완료되었습니다",
    completed_text: "선택하신 상품으로 변경 신청이 성공적으로 처리되었습니다.",
    failed: "상품 변경에 실패했습니다",
    failed_text: "이 신청으로 바뀐 것은 없어요. 아래의 해결 방법을 확인해 주세요.",
    late: "나중에 처리된 것으로 보입니다",
    late_text: "실패로 알려 드린 뒤에 통신사가 처리한 것으로 보여요. 아래의 해결 방법을 확인해 주세요.",
    late_reason: "달라진 결과",
    late_remedies: &[
        "고객센터에 처리번호를 알려 주세요.",
        "지금 쓰는 상품을 다시 확인해 주세요.",
    ],
    pending: "처리 결과를 확인하고 있습니다",
    pending_text: "신청을 접수했고, 처리되었는지 확인하고 있어요. 다시 신청하지 않으셔도 돼요.",
    details: "변경 내용",
    line: "회선번호",
    before: "이전 상품",
    when_requested: "신청할 때 쓰던 상품",
    after: "변경된 상품",
    wanted: "변경할 상품",
    effective_date: "적용일",
    effective_unknown: "변경된 것을 확인했어요. 날짜는 통신사에서 알려 주지 않았어요.",
    request_number: "처리번호",
    order_number: "통신사 주문번호",
    requested_at: "신청일시",
    processed_at: "처리일시",
    receipt: "기록 확인번호",
    receipt_hint: "이 결과가 회선의 변경 이력에 몇 번째로 봉인되었는지와 봉인값의 앞자리예요. 나중에 누가 기록을 고치거나 지우면 이 번호와 맞지 않게 되니, 함께 보관해 두세요.",
    steps: "진행 상황",
    step_checked: "상품 사전 체크에 성공하였다",
    step_proceeding: "상품 변경이 진행되었다",
    reason: "실패 사유",
    what_to_do: "해결 방법",
    remedies: |reason| match reason {
        RejectReason::LineNotFound => &[
            "회선을 옮기거나 번호를 바꾸셨는지 확인해 주세요.",
            "번호가 맞다면 고객센터에 처리번호를 알려 주세요.",
        ],
        RejectReason::LineNotActive => &[
            "정지된 회선이면 정지를 풀어 주세요.",
            "회선이 다시 사용 중이 되면 같은 상품으로 신청할 수 있어요.",
        ],
        RejectReason::ProductNotFound
        | RejectReason::ProductNotOnSale
        | RejectReason::OperatorMismatch => &[
            "판매가 끝났거나 이 회선에서는 쓸 수 없는 상품이에요.",
            "지금 판매 중인 다른 상품을 골라 주세요.",
        ],
        RejectReason::CurrentProductChanged => &[
            "지금 쓰는 상품을 다시 확인해 주세요.",
            "바뀐 상품을 기준으로 다시 고르면 신청할 수 있어요.",
        ],
        RejectReason::NotApplied => &[
            "지금까지는 통신사에 반영되지 않은 것을 확인했어요. 다시 신청하기 전에 지금 쓰는 상품을 확인해 주세요.",
            "계속 실패하면 고객센터에 처리번호를 알려 주세요.",
        ],
        RejectReason::Refused => &[
            "약정이나 미납 요금이 있는지 확인해 주세요.",
            "이유가 분명하지 않으면 고객센터에 처리번호를 알려 주세요.",
        ],
    },
    help: "고객센터 연결",
    to_main: "메인으로",
    to_bill: "요금 조회",
    to_history: "변경 내역",
    retry: "다시 시도",
    choose_again: "상품 다시 고르기",
    print: "인쇄",
    check_now: "지금 다시 확인",
    checking: "결과가 나오면 이 화면이 스스로 바뀌어요.",
    still_checking: "평소보다 오래 걸리고 있어요. 화면을 닫으셔도 되고, 결과는 변경 내역에서 볼 수 있어요.",
    no_answer: "연결이 끊겨서 다시 확인하고 있어요.",
    not_told: "지금은 확인하지 못했어요. 잠시 후 다시 확인해요.",
    no_longer_asking: "이 화면은 더 확인하지 않아요. 지금 다시 확인하거나 변경 내역에서 결과를 보실 수 있어요.",
    known: "결과가 나왔어요. 화면을 바꾸고 있어요.",
};
