//! SCR-001: the login.

use crate::{
    components::{
        done_note::DoneNote,
        icon::{Icon, glyph},
        layout::{Brand, Help, LanguageSwitch},
        problem::ProblemBanner,
    },
    islands::{login_button::LoginButton, password_field::PasswordField},
    page_request::{Done, PageRequest, Refused, language},
    problem::ProblemCode,
    text::{frame::Frame, login::Login as Words},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The login form; a refused post returns here. It has no `action`, so it posts to this page's
/// address: a refusal by the gateway, which does not read the body, still knows where the customer
/// wanted to go.
#[component]
pub fn Login() -> impl IntoView {
    let page = use_context::<PageRequest>()?;
    let lang = page.lang;
    let words = Words::of(lang);
    let frame = Frame::of(lang);
    let view = view! {
        <Title text=format!("{} · {}", words.title, frame.service)/>
        <a class="skip" href="#content">
            {frame.skip_to_content}
        </a>
        <div class="page login">
            <main id="content" tabindex="-1">
                <div class="welcome">
                    <Brand lang/>
                    <p>{frame.tagline}</p>
                </div>
                <LoginForm refused=page.refused done=page.done words/>
            </main>
        </div>
        <Help lang><LanguageSwitch lang/></Help>
    };
    Some(view.into_any())
}

#[component]
fn LoginForm(refused: Option<Refused>, done: Option<Done>, words: &'static Words) -> impl IntoView {
    let next = use_query_map().read_untracked().get("next");
    let needed = next.is_some();
    let next = next.map(|next| view! { <input type="hidden" name="next" value=next/> });
    let wrong = |name: &str| {
        let problem = &refused.as_ref()?.problem;
        let field = problem.fields.iter().find(|field| field.field == name)?;
        Some(field.message().to_owned())
    };
    let (wrong_id, wrong_password) = (wrong("userId"), wrong("password"));
    let invalid = wrong_password.is_some();
    let password_first = invalid && wrong_id.is_none();
    let logged_out = (done == Some(Done::LoggedOut)).then_some(words.logged_out);
    // A notice to be read first takes the focus; a message beside a field leaves it to the field.
    let nothing_said = refused.is_none() && logged_out.is_none();
    let needed = (needed && nothing_said).then_some(words.needed);
    let id_first = wrong_id.is_some() || nothing_said;
    let entered = refused.as_ref().map(|refused| refused.entered.clone());
    let auto_login = entered.as_ref().is_some_and(|entered| entered.auto_login);
    let user_id = entered.map(|entered| entered.user_id);
    // Messages beside the fields say it already.
    let refused = refused.filter(|refused| refused.problem.fields.is_empty());
    view! {
        <form class="card" method="post" novalidate>
            <h1>{words.title}</h1>
            {refused.map(|refused| view! { <Refusal refused words/> })}
            {logged_out.map(|text| view! { <DoneNote text/> })}
            {needed.map(|text| view! { <p id="login-needed" class="login-needed">{text}</p> })}
            <UserIdField user_id focused=id_first wrong=wrong_id needed=needed.is_some() words/>
            <div class="field">
                <label for="password">{words.password}</label>
                <PasswordField>
                    <input
                        id="password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        autocapitalize="off"
                        spellcheck="false"
                        required
                        aria-invalid=invalid.then_some("true")
                        aria-describedby=invalid.then_some("password-problem")
                        autofocus=password_first
                    />
                </PasswordField>
                {wrong_password.map(|text| view! { <FieldProblem id="password-problem" text/> })}
            </div>
            <AutoLogin ticked=auto_login words/>
            {next}
            <LoginButton/>
        </form>
    }
    .into_any()
}

/// Why the last attempt was refused or the session ended, and how long a lock lasts.
#[component]
fn Refusal(refused: Refused, words: &'static Words) -> impl IntoView {
    let code = refused.problem.code();
    let locked = code == ProblemCode::AuthLocked;
    let frame = Frame::of(language());
    let forgotten = (locked || code == ProblemCode::AuthInvalid).then(|| {
        view! { <p>{words.forgotten} " " <a href=frame.help_link()>{frame.help_phone}</a></p> }
    });
    let locked_for = refused.problem.retry_after.filter(|_| locked);
    let locked_for = locked_for.map(words.locked_for);
    view! {
        <ProblemBanner problem=refused.problem>
            {refused.not_done.then(|| view! { <p>{words.not_done}</p> })}
            {locked_for.map(|text| view! { <p>{text}</p> })}
            {forgotten}
        </ProblemBanner>
    }
    .into_any()
}

#[component]
fn UserIdField(
    /// What was typed before.
    user_id: Option<String>,
    /// Whether the field takes the focus.
    focused: bool,
    /// The problem with it.
    wrong: Option<String>,
    /// The form says why it is shown; the field takes the focus, so it is read with it.
    needed: bool,
    words: &'static Words,
) -> impl IntoView {
    let (invalid, described_by) = match (wrong.is_some(), needed) {
        (true, _) => (Some("true"), "userId-problem"),
        (false, true) => (None, "login-needed userId-hint"),
        (false, false) => (None, "userId-hint"),
    };
    let note = match wrong {
        Some(text) => view! { <FieldProblem id="userId-problem" text/> }.into_any(),
        None => view! { <p id="userId-hint" class="hint">{words.user_id_hint}</p> }.into_any(),
    };
    let input = view! {
        <input
            id="userId"
            name="userId"
            type="text"
            value=user_id
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required
            minlength="3"
            maxlength="20"
            aria-invalid=invalid
            aria-describedby=described_by
            autofocus=focused
        />
    }
    .into_any();
    view! {
        <div class="field">
            <label for="userId">{words.user_id}</label>
            {input}
            {note}
        </div>
    }
    .into_any()
}

#[component]
fn AutoLogin(ticked: bool, words: &'static Words) -> impl IntoView {
    view! {
        <div class="field">
            <label class="choice">
                <input
                    type="checkbox"
                    name="autoLogin"
                    value="on"
                    checked=ticked
                    aria-describedby="autoLogin-hint"
                />
                {words.auto_login}
            </label>
            <p id="autoLogin-hint" class="hint">{words.auto_login_hint}</p>
        </div>
    }
    .into_any()
}

/// The problem with one field, beside it.
#[component]
fn FieldProblem(id: &'static str, text: String) -> impl IntoView {
    view! {
        <p id=id class="field-problem">
            <Icon glyph=glyph::CIRCLE_ALERT/>
            {text}
        </p>
    }
    .into_any()
}
