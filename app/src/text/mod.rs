//! Every sentence a customer can read, by screen.
//!
//! Korean text belongs in this folder only (`cargo xtask lint` checks). Each screen has a struct of
//! its sentences and one constant per language, chosen by [`Lang`]: a language that misses a
//! sentence does not compile, and an island links the words of its own screen only.

pub mod bill_history;
pub mod bill_menu;
pub mod bill_result;
pub mod card_group;
pub mod charge_names;
pub mod frame;
pub mod login;
pub mod main;
pub mod mvno;
pub mod not_found;
pub mod problem;
pub mod product_change;
pub mod product_history;
pub mod product_menu;
pub mod product_plan;
pub mod product_request;
pub mod product_result;
pub mod quantity;
pub mod sessions;

use crate::model::{BillingMonth, KstDate, KstInstant};
use serde::{Deserialize, Serialize};

/// The languages of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    Ko,
}

impl Lang {
    /// The value of the document's `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
        }
    }
}

/// The unit of money.
pub const WON: &str = "원";

/// `2026년 11월`.
pub fn month(month: BillingMonth) -> String {
    format!("{}년 {}월", month.year(), month.month())
}

/// `2026년 11월 21일`; the text itself if it is not a date.
pub fn date(date: &KstDate) -> String {
    date.parts().map_or_else(
        || date.as_str().to_owned(),
        |(y, m, d)| format!("{y}년 {m}월 {d}일"),
    )
}

/// `2026년 11월 21일 09:30`.
pub fn instant(instant: &KstInstant) -> String {
    format!("{} {}", date(&instant.date()), instant.clock())
}
