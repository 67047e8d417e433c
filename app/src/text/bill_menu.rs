//! The words of SCR-003.

use super::Lang;

/// The sentences of the inquiry menu.
pub struct BillMenuWords {
    pub title: &'static str,
    /// The specified sentence for a menu that cannot be loaded.
    pub failure: &'static str,
    pub line: &'static str,
    pub month: &'static str,
    pub month_hint: &'static str,
    pub current: &'static str,
    pub submit: &'static str,
    pub cancel: &'static str,
    pub notices_title: &'static str,
    pub notices: &'static [&'static str],
}

impl BillMenuWords {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::bill_menu::EN,
        }
    }
}

const KO: BillMenuWords = BillMenuWords {
    title: "요금 조회",
    failure: "요금 조회 메뉴 로딩에 실패하였습니다",
    line: "회선",
    month: "조회월",
    month_hint: "최근 6개월 요금을 조회할 수 있어요. 현재 월이 선택되어 있어요.",
    current: "현재 월",
    submit: "요금 조회",
    cancel: "취소",
    notices_title: "조회할 수 있는 정보",
    notices: &[
        "월 요금 상세와 할인 내역",
        "통화, 데이터, 문자 사용량",
        "약정 정보와 예상 해지비용",
        "단말기 할부금과 청구·납부 정보",
    ],
};
