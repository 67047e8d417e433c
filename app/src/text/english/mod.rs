//! The English catalogue: one constant for each screen, beside the Korean one of the same name.
//!
//! Money is `62,300 won`, a date `21 Nov 2026`, a month `November 2026`. What KOS names (plans,
//! charges, devices) stays as KOS wrote it.

pub(super) mod amount_names;
pub(super) mod bill_history;
pub(super) mod bill_menu;
pub(super) mod bill_result;
pub(super) mod calendar;
pub(super) mod card_group;
pub(super) mod frame;
pub(super) mod login;
pub(super) mod main;
pub(super) mod not_found;
pub(super) mod problem;
pub(super) mod product_change;
pub(super) mod product_history;
pub(super) mod product_menu;
pub(super) mod product_plan;
pub(super) mod product_request;
pub(super) mod product_result;
pub(super) mod sessions;

use super::{Lang, money};
use crate::model::Won;
use std::fmt::Display;

/// `62,300 won`.
fn won(amount: Won) -> String {
    money(Lang::En, amount)
}

/// `1 plan`, `2 plans`.
pub(super) fn counted<N: Display + PartialEq + From<u8>>(
    count: N,
    one: &str,
    more: &str,
) -> String {
    let noun = if count == N::from(1) { one } else { more };
    format!("{count} {noun}")
}
