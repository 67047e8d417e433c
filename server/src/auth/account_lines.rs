//! The operator gives lines to accounts and takes them away.

use super::{
    accounts::{AccountError, Accounts},
    store_account::AccountStore,
};
use crate::db::DbError;
use app::model::{LineNumber, LoginId};

impl Accounts {
    /// Gives the account one more line, behind its others.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::LineTaken`], [`AccountError::Db`]
    pub async fn add_line(&self, user_id: &LoginId, line: &LineNumber) -> Result<(), AccountError> {
        let account = self.find(user_id).await?;
        let mut tx = self.db.begin_write().await?;
        // First, because it locks the account: two lines at once would take one position.
        AccountStore::raise_revision(&mut tx, &account.account_id).await?;
        AccountStore::append_line(&mut tx, &self.ids.uuid(), &account.account_id, line)
            .await
            .map_err(line_taken)?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a line from the account, which keeps what it asked about it.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::UnknownLine`], [`AccountError::Db`]
    pub async fn remove_line(
        &self,
        user_id: &LoginId,
        line: &LineNumber,
    ) -> Result<(), AccountError> {
        let account = self.find(user_id).await?;
        let mut tx = self.db.begin_write().await?;
        if !AccountStore::remove_line(&mut tx, &account.account_id, line).await? {
            return Err(AccountError::UnknownLine);
        }
        self.changed(tx, &account).await
    }
}

/// A line belongs to one account.
pub(super) fn line_taken(error: DbError) -> AccountError {
    match error {
        DbError::Unique(_) => AccountError::LineTaken,
        error => error.into(),
    }
}
