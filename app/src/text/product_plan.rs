//! The words about a plan, wherever one is shown.

use super::{Lang, quantity};
use crate::{
    model::{Allowance, LineStatus},
    plan_difference::{FactValue, PlanFact},
};

/// The sentences about plans.
pub struct ProductPlan {
    pub line: &'static str,
    pub choose_line: &'static str,
    pub current: &'static str,
    pub monthly: &'static str,
    pub fee: &'static str,
    pub data: &'static str,
    pub voice: &'static str,
    pub sms: &'static str,
    pub network: &'static str,
    pub benefits: &'static str,
    /// What a difference in cost leaves out.
    pub fees_alone: &'static str,
    /// A month, the data used in it, and the smaller allowance of a plan.
    pub uses_more: fn(&str, &str, &str) -> String,
    pub line_status: fn(LineStatus) -> &'static str,
    pub none_available: &'static str,
}

impl ProductPlan {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::product_plan::EN,
        }
    }

    /// The name of a fact.
    pub fn fact(&self, fact: PlanFact) -> &'static str {
        match fact {
            PlanFact::Data => self.data,
            PlanFact::Voice => self.voice,
            PlanFact::Sms => self.sms,
            PlanFact::Network => self.network,
        }
    }
}

/// The value of a fact in words.
pub fn value(lang: Lang, fact: PlanFact, value: &FactValue) -> String {
    match value {
        FactValue::Name(name) if name.is_empty() => quantity(lang, fact, Allowance::Unknown),
        FactValue::Name(name) => name.clone(),
        FactValue::Quantity(allowance) => quantity(lang, fact, *allowance),
    }
}

/// An allowance with the unit of its fact.
pub fn quantity(lang: Lang, fact: PlanFact, allowance: Allowance) -> String {
    let unit = match fact {
        PlanFact::Data => quantity::data,
        PlanFact::Voice => quantity::minutes,
        PlanFact::Sms | PlanFact::Network => quantity::messages,
    };
    quantity::allowance(lang, allowance, unit)
}

/// `…으로` or `…로`, depending on the last sound of the name.
pub fn towards(name: &str) -> String {
    let particle = match name.chars().rfind(|c| c.is_alphanumeric()) {
        // A syllable without a final consonant, or with a final rieul.
        Some(c @ '\u{ac00}'..='\u{d7a3}') if matches!((c as u32 - 0xac00) % 28, 0 | 8) => "로",
        Some('1' | '2' | '4' | '5' | '7' | '8' | '9') => "로",
        Some('\u{ac00}'..='\u{d7a3}' | '0' | '3' | '6') => "으로",
        // Capitals are spelled out; how a word is pronounced is unknown.
        Some('M' | 'N') => "으로",
        Some('A'..='Z') => "로",
        _ => "(으)로",
    };
    format!("{name}{particle}")
}

const KO: ProductPlan = ProductPlan {
    line: "회선번호",
    choose_line: "회선 선택",
    current: "지금 쓰는 상품",
    monthly: "월",
    fee: "월 요금",
    data: "데이터",
    voice: "통화",
    sms: "문자",
    network: "통신망",
    benefits: "혜택",
    fees_alone: "할인과 초과 사용료를 빼고 월 요금끼리 비교한 금액이에요.",
    uses_more: |month, used, allowance| {
        format!("{month} 데이터 사용량 {used} · 새 상품 제공량 {allowance}")
    },
    line_status: |status| match status {
        LineStatus::Active => "사용 중",
        LineStatus::Suspended => "정지",
        LineStatus::Terminated => "해지",
    },
    none_available: "현재 변경 가능한 상품이 없습니다.",
};

#[cfg(test)]
mod tests {
    use super::towards;

    #[test]
    fn the_particle_follows_the_last_sound() {
        for (name, text) in [
            ("5G 스탠다드 플랜", "5G 스탠다드 플랜으로"),
            ("무제한 요금제", "무제한 요금제로"),
            ("LTE 시니어 알뜰", "LTE 시니어 알뜰로"),
            ("5G 다이렉트 37", "5G 다이렉트 37로"),
            ("LTE 데이터 10", "LTE 데이터 10으로"),
            ("청년 (만 34세)", "청년 (만 34세)로"),
            ("푸른 LTE 7GB", "푸른 LTE 7GB로"),
            ("비즈 VPN", "비즈 VPN으로"),
            ("LTE Basic", "LTE Basic(으)로"),
        ] {
            assert_eq!(towards(name), text);
        }
    }
}
