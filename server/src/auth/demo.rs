//! The demo customers.

use super::{
    accounts::{AccountError, Accounts},
    password_rule::WeakPassword,
    store_account::AccountRow,
};
use app::model::{LineNumber, LoginId, Password, Permission};

/// The password of every demo account. Production does not start where it opens one, and an operator
/// cannot set it.
pub const DEMO_PASSWORD: &str = "Demo-pass-2026";

/// A customer of the demo.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    pub user_id: LoginId,
    pub user_name: String,
    pub customer_id: String,
    pub lines: Vec<LineNumber>,
    pub permissions: Vec<Permission>,
}

fn demo_password() -> Result<Password, WeakPassword> {
    DEMO_PASSWORD.parse().map_err(|_| WeakPassword::Length)
}

impl Accounts {
    /// Whether there is an active account of that id which [`DEMO_PASSWORD`] opens.
    ///
    /// # Errors
    /// [`AccountError::Db`], [`AccountError::Hash`]
    pub async fn admits_demo_password(&self, user_id: &LoginId) -> Result<bool, AccountError> {
        let account = self.store.find_by_user(user_id.as_str()).await?;
        let Some(account) = account.filter(AccountRow::is_active) else {
            return Ok(false);
        };
        let password = demo_password()?;
        Ok(self
            .hasher
            .matches(&password, &account.password_hash)
            .await?)
    }

    /// Creates the missing ones with [`DEMO_PASSWORD`]; existing ones are unchanged.
    ///
    /// # Errors
    /// [`AccountError::LineTaken`], [`AccountError::Db`], [`AccountError::Hash`]
    pub async fn seed_demo(&self, accounts: &[DemoAccount]) -> Result<(), AccountError> {
        let mut missing = Vec::new();
        for account in accounts {
            let known = self.store.find_by_user(account.user_id.as_str()).await?;
            if known.is_none() {
                missing.push(account.clone());
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let hash = self.hasher.hash(&demo_password()?).await?;
        let mut tx = self.db.begin_write().await?;
        for account in missing {
            let (name, customer) = (account.user_name, account.customer_id);
            let row = self.row(&account.user_id, name, customer, hash.clone());
            // Another replica may have been first, with the same rows.
            self.insert(&mut tx, &row, &account.lines, &account.permissions)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
