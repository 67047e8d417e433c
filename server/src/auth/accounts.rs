//! The operator's side of accounts.

use super::{
    account_lines::line_taken,
    attempt_key::IdHasher,
    password::{HashError, Hasher},
    password_rule::{self, Owner, WeakPassword},
    store_account::{ACTIVE, AccountRow, AccountStore, LOCKED},
    store_attempt::AttemptStore,
    store_session::{EndReason, SessionStore},
};
use crate::{
    clock::Clock,
    config::AuthConfig,
    db::{Db, DbError, Tx},
    ids::Ids,
};
use app::model::{LineNumber, LoginId, Permission, UserInfo};
use secrecy::{ExposeSecret, SecretString};

/// An account to be created.
#[derive(Clone)]
pub struct NewAccount {
    pub user_id: LoginId,
    pub user_name: String,
    pub customer_id: String,
    /// As typed; judged by the password rule.
    pub password: SecretString,
    /// In the order the customer sees them.
    pub lines: Vec<LineNumber>,
    pub permissions: Vec<Permission>,
}

/// Whether an account may log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountStatus {
    Active,
    /// By an operator; unrelated to the lock after five wrong passwords.
    Locked,
}

/// An account as the command line lists it.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: UserInfo,
    pub status: AccountStatus,
}

/// Why an account was not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("there is an account of that id already")]
    IdTaken,
    #[error("a line belongs to an account already")]
    LineTaken,
    #[error("there is no account of that id")]
    Unknown,
    #[error("the account has no such line")]
    UnknownLine,
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// Creates and changes accounts. Used by the command line and at start, never by a request.
#[derive(Clone)]
pub struct Accounts {
    pub(super) db: Db,
    pub(super) store: AccountStore,
    pub(super) hasher: Hasher,
    id_hasher: IdHasher,
    clock: Clock,
    pub(super) ids: Ids,
}

impl Accounts {
    /// Servers notice its changes within a second.
    ///
    /// # Errors
    /// [`AccountError::Hash`] when argon2's parameters are out of range.
    pub fn new(db: Db, config: &AuthConfig, clock: Clock, ids: Ids) -> Result<Self, AccountError> {
        Ok(Self {
            store: AccountStore(db.clone()),
            db,
            hasher: Hasher::new(config, ids.clone())?,
            id_hasher: IdHasher::new(config),
            clock,
            ids,
        })
    }

    /// # Errors
    /// [`AccountError::WeakPassword`], [`AccountError::IdTaken`], [`AccountError::LineTaken`]
    pub async fn create(&self, account: NewAccount) -> Result<(), AccountError> {
        let owner = Owner {
            user_id: &account.user_id,
            customer_id: &account.customer_id,
            lines: &account.lines,
        };
        let password = password_rule::accept(account.password.expose_secret(), &owner)?;
        let hash = self.hasher.hash(&password).await?;
        let row = self.row(
            &account.user_id,
            account.user_name,
            account.customer_id,
            hash,
        );
        let mut tx = self.db.begin_write().await?;
        let created = self
            .insert(&mut tx, &row, &account.lines, &account.permissions)
            .await?;
        if !created {
            return Err(AccountError::IdTaken);
        }
        tx.commit().await?;
        Ok(())
    }

    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::Db`]
    pub async fn grant(
        &self,
        user_id: &LoginId,
        permission: Permission,
    ) -> Result<(), AccountError> {
        let account = self.find(user_id).await?;
        let mut tx = self.db.begin_write().await?;
        AccountStore::grant(&mut tx, &account.account_id, permission).await?;
        self.changed(tx, &account).await
    }

    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::Db`]
    pub async fn revoke(
        &self,
        user_id: &LoginId,
        permission: Permission,
    ) -> Result<(), AccountError> {
        let account = self.find(user_id).await?;
        let mut tx = self.db.begin_write().await?;
        AccountStore::revoke(&mut tx, &account.account_id, permission).await?;
        self.changed(tx, &account).await
    }

    /// Disables the account and ends its sessions. From outside it looks like a wrong password.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::Db`]
    pub async fn lock(&self, user_id: &LoginId) -> Result<(), AccountError> {
        let account = self.find(user_id).await?;
        let now = self.clock.now_ms();
        let mut tx = self.db.begin_write().await?;
        AccountStore::set_status(&mut tx, &account.account_id, LOCKED).await?;
        let reason = EndReason::AccountLocked;
        SessionStore::end_all(&mut tx, &account.account_id, now, reason).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sets another password and ends the account's sessions, those of logins in progress included. A
    /// lock stays until [`Accounts::unlock`].
    ///
    /// # Errors
    /// [`AccountError::WeakPassword`], [`AccountError::Unknown`], [`AccountError::Db`]
    pub async fn set_password(
        &self,
        user_id: &LoginId,
        password: &SecretString,
    ) -> Result<(), AccountError> {
        let account = self.find(user_id).await?;
        let lines = self.store.lines(&account.account_id).await?;
        let lines: Vec<_> = lines.into_iter().map(|line| line.line_number).collect();
        let owner = Owner {
            user_id,
            customer_id: &account.customer_id,
            lines: &lines,
        };
        let password = password_rule::accept(password.expose_secret(), &owner)?;
        let hash = self.hasher.hash(&password).await?;
        let now = self.clock.now_ms();
        let mut tx = self.db.begin_write().await?;
        AccountStore::set_hash(&mut tx, &account.account_id, &hash).await?;
        let reason = EndReason::PasswordSet;
        SessionStore::end_all(&mut tx, &account.account_id, now, reason).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Enables the account, and clears the locks after wrong passwords, those of known browsers too.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::Db`]
    pub async fn unlock(&self, user_id: &LoginId) -> Result<(), AccountError> {
        let account = self.find(user_id).await?;
        let mut tx = self.db.begin_write().await?;
        AccountStore::set_status(&mut tx, &account.account_id, ACTIVE).await?;
        AttemptStore::unlock(&mut tx, &self.id_hasher.hash(user_id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Every account, by login id.
    ///
    /// # Errors
    /// [`AccountError::Db`]
    pub async fn list(&self) -> Result<Vec<Account>, AccountError> {
        let mut accounts = Vec::new();
        for row in self.store.list().await? {
            let status = if row.is_active() {
                AccountStatus::Active
            } else {
                AccountStatus::Locked
            };
            let user = self.store.principal(&row, "").await?.user;
            accounts.push(Account { user, status });
        }
        Ok(accounts)
    }

    pub(super) async fn find(&self, user_id: &LoginId) -> Result<AccountRow, AccountError> {
        let found = self.store.find_by_user(user_id.as_str()).await?;
        found.ok_or(AccountError::Unknown)
    }

    /// Commits a change of permissions or lines, which live sessions take over.
    pub(super) async fn changed(
        &self,
        mut tx: Tx,
        account: &AccountRow,
    ) -> Result<(), AccountError> {
        AccountStore::raise_revision(&mut tx, &account.account_id).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) fn row(
        &self,
        user_id: &LoginId,
        user_name: String,
        customer_id: String,
        password_hash: String,
    ) -> AccountRow {
        AccountRow {
            account_id: self.ids.uuid(),
            user_id: user_id.as_str().to_owned(),
            user_name,
            customer_id,
            password_hash,
            status: ACTIVE.to_owned(),
            revision: 1,
        }
    }

    /// Whether the id was free; if it was not, nothing is written.
    pub(super) async fn insert(
        &self,
        tx: &mut Tx,
        row: &AccountRow,
        lines: &[LineNumber],
        permissions: &[Permission],
    ) -> Result<bool, AccountError> {
        if !AccountStore::insert(tx, row, self.clock.now_ms()).await? {
            return Ok(false);
        }
        for (line, position) in lines.iter().zip(0_i64..) {
            AccountStore::insert_line(tx, &self.ids.uuid(), &row.account_id, line, position)
                .await
                .map_err(line_taken)?;
        }
        for permission in permissions {
            AccountStore::grant(tx, &row.account_id, *permission).await?;
        }
        Ok(true)
    }
}
