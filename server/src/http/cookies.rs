//! The cookies, all HttpOnly: two hold the session; the others what the browser says and remembers.

use app::{ssr::TokenPair, text::Lang};
use axum_extra::extract::cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};
use std::time::Duration;

/// The names and attributes of this deployment's cookies.
///
/// `SameSite=Lax` for both: a customer who follows a link from a message must arrive signed in, and
/// the refresh happens on such a navigation too. Cross-site writes are stopped by `csrf`.
#[derive(Clone, Copy)]
pub(super) struct Cookies {
    /// Secure, and therefore the `__Host-` prefix, which pins path, host and scheme.
    secure: bool,
}

/// How much longer than its token the browser keeps the cookie of an automatic login. A customer who
/// returns with an expired token is told so; without a cookie they would look like a stranger. A bill is
/// read once a month.
const KNOWN_AFTERWARDS: Duration = Duration::from_hours(31 * 24);

const ACCESS: [&str; 2] = ["phonebill_access", "__Host-phonebill_access"];
const REFRESH: [&str; 2] = ["phonebill_refresh", "__Host-phonebill_refresh"];
const FLASH: [&str; 2] = ["phonebill_flash", "__Host-phonebill_flash"];
const DEVICE: [&str; 2] = ["phonebill_device", "__Host-phonebill_device"];
const LANG: [&str; 2] = ["phonebill_lang", "__Host-phonebill_lang"];

/// How long the browser keeps the customer's language.
const LANG_LIVES: Duration = Duration::from_hours(365 * 24);

/// How long a browser counts as one its owner uses, since its last login.
const DEVICE_LIVES: Duration = Duration::from_hours(365 * 24);

impl Cookies {
    pub(super) fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The name of the cookie that holds the access token.
    pub(super) fn access_name(self) -> &'static str {
        self.name(ACCESS)
    }

    pub(super) fn access(self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.name(ACCESS))
    }

    pub(super) fn refresh(self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.name(REFRESH))
    }

    pub(super) fn flash(self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.name(FLASH))
    }

    /// What shows that this browser has logged in before.
    pub(super) fn device(self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.name(DEVICE))
    }

    pub(super) fn set_device(self, headers: &mut HeaderMap, value: &str) {
        self.append(headers, DEVICE, value, Some(DEVICE_LIVES));
    }

    /// The language the customer chose; Korean until then, and for a value nobody wrote.
    pub(super) fn lang(self, headers: &HeaderMap) -> Lang {
        let chosen = read(headers, self.name(LANG));
        chosen
            .and_then(|tag| Lang::tagged(&tag))
            .unwrap_or_default()
    }

    pub(super) fn set_lang(self, headers: &mut HeaderMap, lang: Lang) {
        self.append(headers, LANG, lang.tag(), Some(LANG_LIVES));
    }

    /// Whether the request carries a session at all, valid or not.
    pub(super) fn any(self, headers: &HeaderMap) -> bool {
        self.access(headers)
            .or_else(|| self.refresh(headers))
            .is_some()
    }

    /// Adds the cookies of a new pair to a response.
    pub(super) fn set_session(self, headers: &mut HeaderMap, tokens: &TokenPair) {
        // Without automatic login the cookies end with the browser.
        let lifetime = |seconds: u32| {
            tokens
                .persistent
                .then(|| Duration::from_secs(seconds.into()))
        };
        let good_for = lifetime(tokens.refresh_expires_in);
        let known_for = good_for.map(|good_for| good_for + KNOWN_AFTERWARDS);
        self.append(headers, ACCESS, &tokens.access_token, good_for);
        self.append(headers, REFRESH, &tokens.refresh_token, known_for);
    }

    /// Tells the browser to forget the session.
    pub(super) fn clear_session(self, headers: &mut HeaderMap) {
        self.append(headers, ACCESS, "", Some(Duration::ZERO));
        self.append(headers, REFRESH, "", Some(Duration::ZERO));
    }

    /// Whether a response says already what becomes of the browser's session.
    pub(super) fn decide_session(self, headers: &HeaderMap) -> bool {
        let names = [ACCESS, REFRESH].map(|names| self.name(names));
        let set = headers.get_all(header::SET_COOKIE).iter();
        set.filter_map(|cookie| cookie.to_str().ok()?.split('=').next())
            .any(|name| names.contains(&name))
    }

    pub(super) fn set_flash(self, headers: &mut HeaderMap, value: &str, lives: Duration) {
        self.append(headers, FLASH, value, Some(lives));
    }

    /// The header that makes the browser forget the flash.
    pub(super) fn clear_flash(self) -> Option<HeaderValue> {
        self.header(FLASH, "", Some(Duration::ZERO))
    }

    fn name(self, names: [&'static str; 2]) -> &'static str {
        names[usize::from(self.secure)]
    }

    fn append(
        self,
        headers: &mut HeaderMap,
        names: [&'static str; 2],
        value: &str,
        lives: Option<Duration>,
    ) {
        if let Some(cookie) = self.header(names, value, lives) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }

    fn header(
        self,
        names: [&'static str; 2],
        value: &str,
        lives: Option<Duration>,
    ) -> Option<HeaderValue> {
        let mut cookie = Cookie::build((self.name(names), value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .build();
        if let Some(lives) = lives.and_then(|lives| time::Duration::try_from(lives).ok()) {
            cookie.set_max_age(lives);
        }
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| !value.is_empty())
}
