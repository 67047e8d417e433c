//! Tables `auth_account`, `auth_permission` and `auth_line`.

use crate::db::{Db, DbError, Sql, Tx, execute, fetch_all, fetch_optional};
use app::model::{Line, LineId, LineNumber, Permission, Principal, UserInfo};

#[derive(Clone, sqlx::FromRow)]
pub(super) struct AccountRow {
    pub account_id: String,
    pub user_id: String,
    pub user_name: String,
    pub customer_id: String,
    pub password_hash: String,
    pub status: String,
    /// Raised by every change of permissions or lines, so that replicas notice. Locking ends the account's sessions
    /// instead, contrary to the migration's comment.
    pub revision: i64,
}

impl AccountRow {
    pub fn is_active(&self) -> bool {
        self.status == ACTIVE
    }
}

pub(super) const ACTIVE: &str = "ACTIVE";
pub(super) const LOCKED: &str = "LOCKED";

const FIND_BY_USER: Sql = Sql::same(
    "SELECT account_id, user_id, user_name, customer_id, password_hash, status, revision
     FROM auth_account WHERE user_id = $1",
);
const FIND_BY_ID: Sql = Sql::same(
    "SELECT account_id, user_id, user_name, customer_id, password_hash, status, revision
     FROM auth_account WHERE account_id = $1",
);
const LIST: Sql = Sql::same(
    "SELECT account_id, user_id, user_name, customer_id, password_hash, status, revision
     FROM auth_account ORDER BY user_id",
);
const PERMISSIONS: Sql =
    Sql::same("SELECT permission FROM auth_permission WHERE account_id = $1 ORDER BY permission");
const LINES: Sql =
    Sql::same("SELECT line_id, line_number FROM auth_line WHERE account_id = $1 ORDER BY position");
const INSERT: Sql = Sql::same(
    "INSERT INTO auth_account
         (account_id, user_id, user_name, customer_id, password_hash, status, revision, created_at)
     VALUES ($1, $2, $3, $4, $5, 'ACTIVE', 1, $6)
     ON CONFLICT (user_id) DO NOTHING",
);
const INSERT_LINE: Sql = Sql::same(
    "INSERT INTO auth_line (line_id, account_id, line_number, position) VALUES ($1, $2, $3, $4)",
);
/// After the lines that the account has.
const APPEND_LINE: Sql = Sql::same(
    "INSERT INTO auth_line (line_id, account_id, line_number, position)
     SELECT $1, $2, $3, COALESCE(MAX(position) + 1, 0) FROM auth_line WHERE account_id = $2",
);
const REMOVE_LINE: Sql =
    Sql::same("DELETE FROM auth_line WHERE account_id = $1 AND line_number = $2");
const GRANT: Sql = Sql::same(
    "INSERT INTO auth_permission (account_id, permission) VALUES ($1, $2) ON CONFLICT DO NOTHING",
);
const REVOKE: Sql =
    Sql::same("DELETE FROM auth_permission WHERE account_id = $1 AND permission = $2");
const SET_STATUS: Sql = Sql::same("UPDATE auth_account SET status = $2 WHERE account_id = $1");
const RAISE_REVISION: Sql =
    Sql::same("UPDATE auth_account SET revision = revision + 1 WHERE account_id = $1");
const SET_HASH: Sql = Sql::same("UPDATE auth_account SET password_hash = $2 WHERE account_id = $1");
/// On PostgreSQL the row is locked until the transaction has ended; SQLite has one writer.
const STILL_ADMITS: Sql = Sql {
    sqlite: "SELECT account_id FROM auth_account
      WHERE account_id = $1 AND password_hash = $2 AND status = 'ACTIVE'",
    postgres: "SELECT account_id FROM auth_account
      WHERE account_id = $1 AND password_hash = $2 AND status = 'ACTIVE' FOR NO KEY UPDATE",
};
const REPLACE_HASH: Sql = Sql::same(
    "UPDATE auth_account SET password_hash = $3
      WHERE account_id = $1 AND password_hash = $2 AND status = 'ACTIVE'",
);

#[derive(Clone)]
pub(super) struct AccountStore(pub Db);

impl AccountStore {
    pub async fn find_by_user(&self, user_id: &str) -> Result<Option<AccountRow>, DbError> {
        fetch_optional!(self.0.read(), AccountRow, FIND_BY_USER, user_id)
    }

    pub async fn find_by_id(&self, account_id: &str) -> Result<Option<AccountRow>, DbError> {
        fetch_optional!(self.0.read(), AccountRow, FIND_BY_ID, account_id)
    }

    /// By login id.
    pub async fn list(&self) -> Result<Vec<AccountRow>, DbError> {
        fetch_all!(self.0.read(), AccountRow, LIST)
    }

    pub async fn permissions(&self, account_id: &str) -> Result<Vec<Permission>, DbError> {
        let rows = fetch_all!(self.0.read(), (String,), PERMISSIONS, account_id)?;
        rows.into_iter()
            .map(|(text,)| {
                text.parse().map_err(|_| DbError::Corrupt {
                    table: "auth_permission",
                    column: "permission",
                    id: account_id.to_owned(),
                })
            })
            .collect()
    }

    /// In the customer's order.
    pub async fn lines(&self, account_id: &str) -> Result<Vec<Line>, DbError> {
        let rows = fetch_all!(self.0.read(), (String, String), LINES, account_id)?;
        rows.into_iter()
            .map(|(line_id, number)| {
                let line_number = number.parse().map_err(|_| DbError::Corrupt {
                    table: "auth_line",
                    column: "line_number",
                    id: line_id.clone(),
                })?;
                Ok(Line {
                    line_id: LineId(line_id),
                    line_number,
                })
            })
            .collect()
    }

    /// The account as the holder of that session.
    pub async fn principal(
        &self,
        account: &AccountRow,
        session_id: &str,
    ) -> Result<Principal, DbError> {
        Ok(Principal {
            session_id: session_id.to_owned(),
            account_id: account.account_id.clone(),
            user: UserInfo {
                user_id: account.user_id.clone(),
                user_name: account.user_name.clone(),
                customer_id: account.customer_id.clone(),
                permissions: self.permissions(&account.account_id).await?,
                lines: self.lines(&account.account_id).await?,
            },
        })
    }

    /// Whether the login id was free.
    pub async fn insert(tx: &mut Tx, account: &AccountRow, now_ms: i64) -> Result<bool, DbError> {
        let inserted = execute!(
            tx.target(),
            INSERT,
            &account.account_id,
            &account.user_id,
            &account.user_name,
            &account.customer_id,
            &account.password_hash,
            now_ms
        )?;
        Ok(inserted > 0)
    }

    /// [`DbError::Unique`] if the line already belongs to an account.
    pub async fn insert_line(
        tx: &mut Tx,
        line_id: &str,
        account_id: &str,
        number: &LineNumber,
        position: i64,
    ) -> Result<(), DbError> {
        execute!(
            tx.target(),
            INSERT_LINE,
            line_id,
            account_id,
            number.as_str(),
            position
        )
        .map(|_| ())
    }

    /// Behind the account's other lines. [`DbError::Unique`] if it already belongs to an account.
    pub async fn append_line(
        tx: &mut Tx,
        line_id: &str,
        account_id: &str,
        number: &LineNumber,
    ) -> Result<(), DbError> {
        let number = number.as_str();
        execute!(tx.target(), APPEND_LINE, line_id, account_id, number).map(|_| ())
    }

    /// Whether the account had it.
    pub async fn remove_line(
        tx: &mut Tx,
        account_id: &str,
        number: &LineNumber,
    ) -> Result<bool, DbError> {
        let number = number.as_str();
        let removed = execute!(tx.target(), REMOVE_LINE, account_id, number)?;
        Ok(removed > 0)
    }

    pub async fn grant(
        tx: &mut Tx,
        account_id: &str,
        permission: Permission,
    ) -> Result<(), DbError> {
        execute!(tx.target(), GRANT, account_id, permission.as_str()).map(|_| ())
    }

    pub async fn revoke(
        tx: &mut Tx,
        account_id: &str,
        permission: Permission,
    ) -> Result<(), DbError> {
        execute!(tx.target(), REVOKE, account_id, permission.as_str()).map(|_| ())
    }

    /// Sets [`ACTIVE`] or [`LOCKED`].
    pub async fn set_status(tx: &mut Tx, account_id: &str, status: &str) -> Result<(), DbError> {
        execute!(tx.target(), SET_STATUS, account_id, status).map(|_| ())
    }

    /// Makes sessions read the account again.
    pub async fn raise_revision(tx: &mut Tx, account_id: &str) -> Result<(), DbError> {
        execute!(tx.target(), RAISE_REVISION, account_id).map(|_| ())
    }

    /// Sets the hash unconditionally.
    pub async fn set_hash(tx: &mut Tx, account_id: &str, hash: &str) -> Result<(), DbError> {
        execute!(tx.target(), SET_HASH, account_id, hash).map(|_| ())
    }

    /// Whether the password is unchanged and the account not locked. Locks the row until the
    /// transaction ends.
    pub async fn still_admits(tx: &mut Tx, account_id: &str, hash: &str) -> Result<bool, DbError> {
        let found = fetch_optional!(tx.target(), (String,), STILL_ADMITS, account_id, hash)?;
        Ok(found.is_some())
    }

    /// Replaces the hash if the password is unchanged and the account not locked; whether it was.
    /// Locks the row until the transaction ends.
    pub async fn replace_hash(
        tx: &mut Tx,
        account_id: &str,
        old: &str,
        new: &str,
    ) -> Result<bool, DbError> {
        let replaced = execute!(tx.target(), REPLACE_HASH, account_id, old, new)?;
        Ok(replaced > 0)
    }
}
