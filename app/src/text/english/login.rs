//! SCR-001 in English.

use crate::text::login::Login;

pub const EN: Login = Login {
    title: "Log in",
    user_id: "ID",
    user_id_hint: "3 to 20 letters, digits, _ or -",
    password: "Password",
    show_password: "Show password",
    hide_password: "Hide password",
    show: "Show",
    hide: "Hide",
    auto_login: "Keep me logged in",
    auto_login_hint: "You stay logged in on this device for 24 hours. Leave this off on a shared device.",
    submit: "Log in",
    submitting: "Logging in…",
    needed: "Please log in. You will then continue to the screen you wanted.",
    logged_out: "You are logged out.",
    not_done: "Your last request was not processed. Please log in and try again.",
    forgotten: "Forgotten your ID or password? Please contact customer service.",
    locked_for: |seconds| match seconds.div_ceil(60) {
        1 => "About 1 minute left.".to_owned(),
        minutes => format!("About {minutes} minutes left."),
    },
};
