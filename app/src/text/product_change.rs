//! The words of SCR-006.

use super::{Lang, product_plan::towards};
use crate::{plan_filter::PlanSort, plan_filter::PriceBand};

/// The sentences of the screen.
pub struct ProductChange {
    pub title: &'static str,
    pub failure: &'static str,
    pub filters: &'static str,
    pub all: &'static str,
    pub any_price: &'static str,
    pub band: fn(PriceBand) -> String,
    pub sort: &'static str,
    pub sort_name: fn(PlanSort) -> &'static str,
    pub count: fn(usize) -> String,
    pub plans: &'static str,
    pub compared: &'static str,
    pub compare: &'static str,
    pub now: &'static str,
    pub chosen: &'static str,
    pub losses: &'static str,
    pub gains: &'static str,
    pub only_the_fee: &'static str,
    pub no_difference: &'static str,
    pub more: &'static str,
    pub less: &'static str,
    pub nothing_chosen: &'static str,
    pub submit: &'static str,
    pub submit_named: fn(&str) -> String,
    pub cancel: &'static str,
    pub none_hint: &'static str,
    pub none_match: &'static str,
    pub none_match_hint: &'static str,
    pub clear: &'static str,
}

impl ProductChange {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::product_change::EN,
        }
    }
}

const KO: ProductChange = ProductChange {
    title: "상품 선택",
    failure: "상품 변경 화면 접속에 실패하였습니다",
    filters: "상품 고르기",
    all: "전체",
    any_price: "모든 가격",
    band: |band| match band {
        ..=0 => "1만원 미만".to_owned(),
        band => format!("{band}만원대"),
    },
    sort: "정렬",
    sort_name: |sort| match sort {
        PlanSort::Cheapest => "낮은 요금순",
        PlanSort::Dearest => "높은 요금순",
        PlanSort::MostData => "데이터 많은순",
    },
    count: |count| format!("{count}개 상품"),
    plans: "변경 가능한 상품",
    compared: "현재 상품 대비",
    compare: "지금 상품과 달라지는 것",
    now: "지금",
    chosen: "변경 후",
    losses: "사라지거나 줄어드는 것",
    gains: "새로 생기는 혜택",
    only_the_fee: "요금 말고는 달라지는 것이 없어요.",
    no_difference: "지금 상품과 달라지는 것이 없어요.",
    more: "늘어요",
    less: "줄어요",
    nothing_chosen: "변경할 상품을 선택해주세요.",
    submit: "선택한 상품으로 변경",
    submit_named: |name| format!("{} 변경", towards(name)),
    cancel: "취소",
    none_hint: "통신사가 새 상품을 내놓으면 여기에서 고를 수 있어요.",
    none_match: "조건에 맞는 상품이 없어요.",
    none_match_hint: "조건을 줄이면 더 많은 상품을 볼 수 있어요.",
    clear: "조건 지우기",
};
