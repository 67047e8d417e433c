//! Accounts, permissions and sessions.

use super::{KstInstant, Line, LineId, identifier::is_identifier};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// A login id: 3 to 20 of `[A-Za-z0-9_-]`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LoginId(String);

impl LoginId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LoginId {
    /// Ids are personal data: logs see the length only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoginId({} bytes)", self.0.len())
    }
}

/// The text is not 3 to 20 of `[A-Za-z0-9_-]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotALoginId;

impl FromStr for LoginId {
    type Err = NotALoginId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        is_identifier(text, 3..=20)
            .then(|| Self(text.to_owned()))
            .ok_or(NotALoginId)
    }
}

/// A password as typed: 8 to 128 bytes, never trimmed, never shown.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The clear text, for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(****)")
    }
}

/// The text is not 8 to 128 bytes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPassword;

impl FromStr for Password {
    type Err = NotAPassword;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        (8..=128)
            .contains(&text.len())
            .then(|| Self(text.to_owned()))
            .ok_or(NotAPassword)
    }
}

/// What a customer may use. The gateway's route table and the menus read the same values.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Permission {
    BillInquiry,
    ProductChange,
}

impl Permission {
    pub const ALL: [Self; 2] = [Self::BillInquiry, Self::ProductChange];

    /// The stable name used in the API, the database and the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BillInquiry => "BILL_INQUIRY",
            Self::ProductChange => "PRODUCT_CHANGE",
        }
    }
}

/// The text names no permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPermission;

impl fmt::Display for NotAPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the permissions are BILL_INQUIRY and PRODUCT_CHANGE")
    }
}

impl std::error::Error for NotAPermission {}

impl FromStr for Permission {
    type Err = NotAPermission;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.as_str() == text)
            .ok_or(NotAPermission)
    }
}

/// The signed-in customer, as `GET /auth/user-info` and the login answer show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserInfo {
    pub user_id: String,
    pub user_name: String,
    pub customer_id: String,
    pub permissions: Vec<Permission>,
    pub lines: Vec<Line>,
}

impl fmt::Debug for UserInfo {
    /// Ids and names are personal data: logs see neither.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserInfo")
            .field("permissions", &self.permissions)
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

impl UserInfo {
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// Who is asking: proof that a request was authenticated. Ports take it by reference, so a handler
/// that forgot authentication does not compile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The session the request came with.
    pub session_id: String,
    /// The account's internal key.
    pub account_id: String,
    pub user: UserInfo,
}

impl Principal {
    /// The customer's line of that id, or the first line when none is named.
    ///
    /// A line of somebody else and one that does not exist are the same `None`.
    pub fn line(&self, wanted: Option<&LineId>) -> Option<&Line> {
        match wanted {
            None => self.user.lines.first(),
            Some(id) => self.user.lines.iter().find(|line| line.line_id == *id),
        }
    }
}

/// A live session of the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionInfo {
    pub session_id: String,
    pub created_at: KstInstant,
    pub last_seen_at: KstInstant,
    /// What the browser called itself, cut to a short name; empty when it did not say.
    pub device: String,
    /// Whether it is the session that asked.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::{Principal, UserInfo};

    #[test]
    fn debug_shows_neither_the_name_nor_an_id_of_the_customer() {
        let who = Principal {
            session_id: "s-1".into(),
            account_id: "a-1".into(),
            user: UserInfo {
                user_id: "minsu".into(),
                user_name: "김민수".into(),
                customer_id: "C0000001".into(),
                permissions: Vec::new(),
                lines: Vec::new(),
            },
        };
        let shown = format!("{who:?}");
        assert!(shown.contains("a-1"), "{shown}");
        for hidden in ["minsu", "김민수", "C0000001"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
