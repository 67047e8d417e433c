//! The words of the list of signed-in devices.

use super::Lang;

/// The sentences of the sessions screen.
pub struct Sessions {
    pub title: &'static str,
    pub failure: &'static str,
    pub intro: &'static str,
    pub current: &'static str,
    pub signed_in: &'static str,
    pub last_seen: &'static str,
    pub end: &'static str,
    /// Accessible name of the button that ends a session, from its device and sign-in time.
    pub end_of: fn(&str, &str) -> String,
    pub end_others: &'static str,
    pub end_current: &'static str,
    /// Another device was signed out.
    pub ended: &'static str,
    /// After every other device was logged out.
    pub others_ended: &'static str,
    pub unknown_device: &'static str,
    pub empty: &'static str,
    pub empty_text: &'static str,
}

impl Sessions {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::sessions::EN,
        }
    }
}

const KO: Sessions = Sessions {
    title: "로그인 기기",
    failure: "로그인 기기를 불러오지 못했어요",
    intro: "지금 로그인되어 있는 기기예요. 모르는 기기가 있으면 바로 로그아웃하고 고객센터에 알려 주세요.",
    current: "지금 쓰는 기기",
    signed_in: "로그인",
    last_seen: "마지막 사용",
    end: "로그아웃",
    end_of: |device, begun| format!("{device} 로그아웃 ({begun} 로그인)"),
    end_others: "다른 기기 모두 로그아웃",
    end_current: "이 기기에서 로그아웃",
    ended: "선택하신 기기에서 로그아웃했어요.",
    others_ended: "다른 기기에서 모두 로그아웃했어요.",
    unknown_device: "알 수 없는 기기",
    empty: "로그인된 기기가 없어요",
    empty_text: "다시 로그인하면 이 기기가 여기에 나타나요.",
};
