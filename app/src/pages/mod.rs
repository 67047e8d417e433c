//! The screens: one file each, or a folder if a file would be too long.

pub mod bill_history;
pub mod bill_menu;
pub mod bill_result;
pub mod error;
pub mod login;
pub mod main;
pub mod not_found;
pub mod product_change;
pub mod product_history;
pub mod product_menu;
pub mod product_request;
pub mod product_result;
pub mod sessions;
pub mod turned_away;
