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
    /// Those of the ids whose account is active and opened by [`DEMO_PASSWORD`]. The database is asked for
    /// all before a password is checked, so that one that goes away costs no check twice.
    ///
    /// # Errors
    /// [`AccountError::Db`], [`AccountError::Hash`]
    pub async fn admitting_demo_password(
        &self,
        user_ids: Vec<LoginId>,
    ) -> Result<Vec<LoginId>, AccountError> {
        let mut active = Vec::new();
        for user_id in user_ids {
            let account = self.store.find_by_user(user_id.as_str()).await?;
            active.extend(
                account
                    .filter(AccountRow::is_active)
                    .map(|row| (user_id, row)),
            );
        }
        let password = demo_password()?;
        let mut open = Vec::new();
        for (user_id, row) in active {
            if self.hasher.matches(&password, &row.password_hash).await? {
                open.push(user_id);
            }
        }
        Ok(open)
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
