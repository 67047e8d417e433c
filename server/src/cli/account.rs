//! `phonebill account`.

use super::open::configured;
use crate::{
    auth::{AccountStatus, Accounts, NewAccount},
    clock::Clock,
    config::Layers,
    ids::Ids,
};
use anyhow::{Context, anyhow};
use app::model::{LineNumber, LoginId, Permission};
use clap::Subcommand;
use secrecy::SecretString;
use std::io::Read;

#[derive(Debug, Subcommand)]
pub(super) enum Account {
    /// Create an account; the password is read from standard input.
    Create {
        /// 3 to 20 of letters, digits, _ and -.
        user_id: String,
        /// The customer's name.
        #[arg(long)]
        name: String,
        /// The customer's id at KOS.
        #[arg(long)]
        customer_id: String,
        /// A line (010 and eight digits); may be repeated.
        #[arg(long = "line", required = true)]
        lines: Vec<LineNumber>,
        /// BILL_INQUIRY or PRODUCT_CHANGE; may be repeated.
        #[arg(long = "permission")]
        permissions: Vec<Permission>,
    },
    /// Set another password, read from standard input, and end the account's sessions. A lock
    /// stays until `unlock`.
    SetPassword { user_id: String },
    /// Grant a permission.
    Grant {
        user_id: String,
        permission: Permission,
    },
    /// Take a permission away.
    Revoke {
        user_id: String,
        permission: Permission,
    },
    /// Give an account one more line (010 and eight digits).
    AddLine { user_id: String, line: LineNumber },
    /// Take a line from an account, because its customer has left it. Sessions notice within a second.
    RemoveLine { user_id: String, line: LineNumber },
    /// Lock an account until it is unlocked.
    Lock { user_id: String },
    /// Unlock an account, from an operator's lock and from failed logins.
    Unlock { user_id: String },
    /// List the accounts: id, permissions, number of lines, state.
    List,
}

impl Account {
    pub(super) async fn run(self, layers: Layers) -> anyhow::Result<()> {
        let mut config = configured(layers)?;
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let databases = crate::bootstrap::Databases::connect(&config.databases).await?;
        crate::bootstrap::servers_secrets(&mut config, &databases, &ids)?;
        databases.ensure_schema(config.profile).await?;
        let accounts = Accounts::new(databases.auth().clone(), &config.auth, clock, ids)?;
        match self {
            Self::Create {
                user_id,
                name,
                customer_id,
                lines,
                permissions,
            } => {
                let account = NewAccount {
                    user_id: login_id(&user_id)?,
                    user_name: name,
                    customer_id,
                    password: password_typed()?,
                    lines,
                    permissions,
                };
                accounts.create(account).await?;
                println!("created {user_id}");
            }
            Self::SetPassword { user_id } => {
                let password = password_typed()?;
                let id = login_id(&user_id)?;
                accounts.set_password(&id, &password).await?;
                println!("set the password of {user_id} and ended its sessions");
            }
            Self::Grant {
                user_id,
                permission,
            } => {
                accounts.grant(&login_id(&user_id)?, permission).await?;
                println!("{user_id} may now use {}", permission.as_str());
            }
            Self::Revoke {
                user_id,
                permission,
            } => {
                accounts.revoke(&login_id(&user_id)?, permission).await?;
                println!("{user_id} may no longer use {}", permission.as_str());
            }
            Self::AddLine { user_id, line } => {
                accounts.add_line(&login_id(&user_id)?, &line).await?;
                println!("{user_id} has the line now");
            }
            Self::RemoveLine { user_id, line } => {
                accounts.remove_line(&login_id(&user_id)?, &line).await?;
                println!("{user_id} no longer has the line");
            }
            Self::Lock { user_id } => {
                accounts.lock(&login_id(&user_id)?).await?;
                println!("locked {user_id}");
            }
            Self::Unlock { user_id } => {
                accounts.unlock(&login_id(&user_id)?).await?;
                println!("unlocked {user_id}");
            }
            Self::List => {
                for account in accounts.list().await? {
                    let state = match account.status {
                        AccountStatus::Active => "active",
                        AccountStatus::Locked => "locked",
                    };
                    let permissions: Vec<_> = account
                        .user
                        .permissions
                        .iter()
                        .map(|permission| permission.as_str())
                        .collect();
                    println!(
                        "{:<20} {state:<6} {} line(s)  {}",
                        account.user.user_id,
                        account.user.lines.len(),
                        permissions.join(",")
                    );
                }
            }
        }
        Ok(())
    }
}

fn login_id(text: &str) -> anyhow::Result<LoginId> {
    text.parse()
        .map_err(|_| anyhow!("an id is 3 to 20 of letters, digits, _ and -"))
}

/// Standard input without its line ending.
fn password_typed() -> anyhow::Result<SecretString> {
    let mut password = String::new();
    std::io::stdin()
        .read_to_string(&mut password)
        .context("reading the password")?;
    Ok(SecretString::from(password.trim_end_matches(['\r', '\n'])))
}
