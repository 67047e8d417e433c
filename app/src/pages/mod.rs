//! The screens, one file each.

pub mod bill_history;
pub mod bill_menu;
pub mod bill_result;
pub mod error;
pub mod login;
pub mod main;
pub mod not_found;
pub mod sessions;
