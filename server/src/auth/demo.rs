//! The demo customers.

use super::{
    accounts::{AccountError, Accounts},
    password_rule::WeakPassword,
};
use app::model::{LineNumber, LoginId, Password, Permission};

/// The password of every demo account; production refuses them.
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

impl Accounts {
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
        let password: Password = DEMO_PASSWORD.parse().map_err(|_| WeakPassword::Length)?;
        let hash = self.hasher.hash(&password).await?;
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
