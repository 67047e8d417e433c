//! The words around every screen: navigation, help, problems, amounts.

use super::Lang;
use crate::model::Won;
use std::cmp::Ordering;

/// The sentences of the frame.
pub struct Frame {
    pub service: &'static str,
    pub tagline: &'static str,
    /// The description for search engines and shared links.
    pub description: &'static str,
    pub skip_to_content: &'static str,
    pub menu: &'static str,
    pub trail: &'static str,
    pub back: &'static str,
    pub home: &'static str,
    pub logout: &'static str,
    pub bill: &'static str,
    pub bill_history: &'static str,
    pub product: &'static str,
    pub product_history: &'static str,
    pub sessions: &'static str,
    pub help_title: &'static str,
    pub help_phone: &'static str,
    pub help_hours: &'static str,
    pub to_main: &'static str,
    pub to_login: &'static str,
    pub retry: &'static str,
    /// The other ways on from a problem.
    pub other_month: &'static str,
    pub see_plan: &'static str,
    pub see_line: fn(&str) -> String,
    pub request_id: &'static str,
    pub waiting: &'static str,
    /// Marks a fact KOS did not report.
    pub absent: &'static str,
    /// The same in two words.
    pub unknown: &'static str,
    pub unlimited: &'static str,
    /// This month with the one before.
    pub previous_month: Compared,
    pub current_plan: Compared,
    /// For histories.
    pub all_lines: &'static str,
    pub history_pages: &'static str,
    pub next_page: &'static str,
    pub first_page: &'static str,
}

/// The comparison of two amounts, in words.
pub struct Compared {
    pub more: fn(Won) -> String,
    pub less: fn(Won) -> String,
    pub same: &'static str,
}

impl Compared {
    /// What is said of a difference.
    pub fn said(&self, won: Won) -> String {
        match won.0.cmp(&0) {
            Ordering::Greater => (self.more)(won),
            Ordering::Less => (self.less)(won.abs()),
            Ordering::Equal => self.same.to_owned(),
        }
    }
}

impl Frame {
    /// Calls the customer centre.
    pub fn help_link(&self) -> String {
        format!("tel:{}", self.help_phone)
    }

    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::frame::EN,
        }
    }
}

const KO: Frame = Frame {
    service: "통신요금 관리",
    tagline: "한 번에 보는 내 통신요금",
    description: "이번 달 통신요금과 그 이유를 한눈에 보고, 나에게 맞는 요금제로 안전하게 바꾸세요.",
    skip_to_content: "본문으로 건너뛰기",
    menu: "서비스 메뉴",
    trail: "현재 위치",
    back: "뒤로",
    home: "메인",
    logout: "로그아웃",
    bill: "요금 조회",
    bill_history: "조회 내역",
    product: "상품 변경",
    product_history: "변경 내역",
    sessions: "로그인 기기",
    help_title: "도움이 필요하신가요?",
    help_phone: "1588-0000",
    help_hours: "평일 09:00~18:00 (토/일/공휴일 휴무)",
    to_main: "메인으로",
    to_login: "로그인하기",
    retry: "다시 시도",
    other_month: "다른 월 조회",
    see_plan: "현재 상품 다시 확인하기",
    see_line: |number| format!("{number} 회선 보기"),
    request_id: "요청번호",
    waiting: "불러오고 있어요",
    absent: "통신사에서 제공하지 않는 정보예요",
    unknown: "정보 없음",
    unlimited: "무제한",
    previous_month: Compared {
        more: |won| format!("지난달보다 {won} 늘었어요"),
        less: |won| format!("지난달보다 {won} 줄었어요"),
        same: "지난달과 같아요",
    },
    current_plan: Compared {
        more: |won| format!("월 {won} 추가"),
        less: |won| format!("월 {won} 절약"),
        same: "동일한 요금",
    },
    all_lines: "모든 회선",
    history_pages: "내역 쪽 이동",
    next_page: "이전 내역 더 보기",
    first_page: "최근 내역으로",
};
