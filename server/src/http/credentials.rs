//! The credentials of a login, by form or by API, with every problem of their fields.

use app::{
    problem::{FieldCode, FieldProblem},
    ssr::LoginCommand,
};
use std::str::FromStr;

/// A login as it was sent; an absent field is an empty one.
pub(super) struct Credentials<'a> {
    pub(super) user_id: &'a str,
    pub(super) password: &'a str,
    /// Whether to keep the session for 24 hours.
    pub(super) auto_login: bool,
    /// Of a browser that has logged in before.
    pub(super) device_cookie: Option<String>,
}

impl Credentials<'_> {
    /// The command of a login from that device.
    ///
    /// # Errors
    /// A problem for each field that is missing or malformed.
    pub(super) fn command(self, device: String) -> Result<LoginCommand, Vec<FieldProblem>> {
        let user_id = field("userId", self.user_id, FieldCode::UserIdLength);
        let password = field("password", self.password, FieldCode::PasswordLength);
        match (user_id, password) {
            (Ok(user_id), Ok(password)) => Ok(LoginCommand {
                user_id,
                password,
                auto_login: self.auto_login,
                device,
                device_cookie: self.device_cookie,
            }),
            (user_id, password) => Err([user_id.err(), password.err()]
                .into_iter()
                .flatten()
                .collect()),
        }
    }
}

fn field<T: FromStr>(name: &str, text: &str, malformed: FieldCode) -> Result<T, FieldProblem> {
    let problem = |code| FieldProblem::new(name, code);
    if text.is_empty() {
        return Err(problem(FieldCode::Required));
    }
    text.parse().map_err(|_| problem(malformed))
}
