//! `POST /lang`: the switch at the foot of every page.

use crate::http::{Gateway, own_path::is_own};
use app::text::Lang;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LanguageForm {
    lang: String,
    /// The page the switch was on.
    next: String,
}

/// Keeps the language and leads back to the page, now in that language. What nobody could have
/// chosen changes nothing.
pub(super) async fn submit(
    State(gateway): State<Gateway>,
    form: Result<Form<LanguageForm>, FormRejection>,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let page = if is_own(&form.next) { &form.next } else { "/" };
    let mut response = Redirect::to(page).into_response();
    if let Some(lang) = Lang::tagged(&form.lang) {
        gateway.cookies().set_lang(response.headers_mut(), lang);
    }
    response
}
