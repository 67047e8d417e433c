//! Authentication and permissions: login, tokens, sessions, accounts.
//!
//! ```text
//! Auth (service) → login → lockout + password → session → token + refresh
//! Accounts       → the operator's side: create, lines, grant, revoke, lock, unlock, list, demo
//! ```
//!
//! - A login attempt is reserved and committed **before** the password is checked, so exactly
//!   `lock_after` passwords are ever evaluated, however many are tried at once ([`lockout`]).
//! - A browser that has logged in before keeps tries of its own: others cannot lock its owner out
//!   ([`attempt_key`]).
//! - Unknown, wrong and disabled ids run the same statements and the same hash. A locked one is
//!   refused after the reservation, whether it exists or not: its password is not checked.
//! - An access token names a session; the session in the database decides. A replica believes its look for
//!   a second ([`session`]).
//! - A refresh token is spent by one conditional UPDATE; presented again, it ends its session, except
//!   for a browser whose answer was lost ([`rotation`]).

mod account_lines;
mod accounts;
mod attempt_key;
mod demo;
mod device;
mod error;
mod hash_threads;
mod lockout;
mod login;
mod measures;
mod password;
mod password_cost;
mod password_rule;
mod recent;
mod refresh;
mod rotation;
mod service;
mod session;
mod store_account;
mod store_attempt;
mod store_refresh;
mod store_retention;
mod store_session;
mod token;

pub use accounts::{Account, AccountError, AccountStatus, Accounts, NewAccount};
pub use attempt_key::{AttemptKey, IdHasher};
pub use demo::{DEMO_PASSWORD, DemoAccount};
pub use error::{AuthError, UnusableSettings};
pub use password_rule::WeakPassword;
pub use service::Auth;
pub use store_retention::RETAINED;
