//! The words of SCR-001.

use super::Lang;

/// The sentences of the login screen.
pub struct Login {
    pub title: &'static str,
    pub user_id: &'static str,
    pub user_id_hint: &'static str,
    pub password: &'static str,
    pub show_password: &'static str,
    pub hide_password: &'static str,
    /// The visible part of the button's name, so that voice control finds it.
    pub show: &'static str,
    pub hide: &'static str,
    pub auto_login: &'static str,
    pub auto_login_hint: &'static str,
    pub submit: &'static str,
    /// Uses only characters of the first font: nothing is fetched while a login is being sent.
    pub submitting: &'static str,
    pub logged_out: &'static str,
    /// For an address that needs a login.
    pub needed: &'static str,
    /// For a form that was sent after the session had ended.
    pub not_done: &'static str,
    /// For a wrong id or password, and a locked one; a phone number follows.
    pub forgotten: &'static str,
    /// How long the lock still lasts, from the seconds left.
    pub locked_for: fn(u32) -> String,
}

impl Login {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::login::EN,
        }
    }
}

const KO: Login = Login {
    title: "로그인",
    user_id: "아이디",
    user_id_hint: "영문, 숫자, _, - 로 3~20자",
    password: "비밀번호",
    show_password: "비밀번호 보기",
    hide_password: "비밀번호 숨기기",
    show: "보기",
    hide: "숨기기",
    auto_login: "자동 로그인",
    auto_login_hint: "이 기기에서 24시간 동안 로그인을 유지해요. 함께 쓰는 기기에서는 켜지 마세요.",
    submit: "로그인",
    submitting: "로그인하고 있어요…",
    logged_out: "로그아웃했어요.",
    needed: "로그인이 필요해요. 로그인하면 보시던 화면으로 이어져요.",
    not_done: "방금 신청하신 것은 처리되지 않았어요. 로그인하신 뒤 다시 해 주세요.",
    forgotten: "아이디나 비밀번호를 잊으셨다면 고객센터로 문의해 주세요.",
    locked_for: |seconds| {
        let minutes = seconds.div_ceil(60);
        format!("남은 시간은 약 {minutes}분이에요.")
    },
};

#[cfg(test)]
mod tests {
    use super::{Lang, Login};

    #[test]
    fn what_a_button_shows_is_part_of_its_name() {
        for words in Lang::ALL.map(Login::of) {
            assert!(words.show_password.contains(words.show));
            assert!(words.hide_password.contains(words.hide));
        }
    }
}
