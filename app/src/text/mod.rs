//! Every sentence a customer can read, by screen.
//!
//! Korean text belongs in this folder only (`cargo xtask lint` checks). Each screen has a struct of
//! its sentences and one constant per language, Korean beside the struct and English in [`english`],
//! chosen by [`Lang`]: a language that misses a sentence does not compile, and an island links the
//! words of its own screen only.

pub mod amount_names;
pub mod bill_history;
pub mod bill_menu;
pub mod bill_result;
pub mod card_group;
mod english;
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

use crate::model::{BillingMonth, KstDate, KstInstant, Won};
use english::calendar;
use serde::{Deserialize, Serialize};

/// The languages of the catalogue. Korean is the default, and the language of every sentence that is
/// stored or sent to another system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    Ko,
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The value of the document's `lang` attribute (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The `lang` attribute of a text by KOS, which writes Korean: absent on Korean pages.
    pub fn of_kos(self) -> Option<&'static str> {
        (self != Self::Ko).then(|| Self::Ko.tag())
    }

    /// The language of that tag; `None` for a language the catalogue lacks.
    pub fn tagged(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.tag() == tag)
    }

    /// What the language calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ko => "한국어",
            Self::En => "English",
        }
    }

    /// The language to switch to.
    pub fn other(self) -> Self {
        match self {
            Self::Ko => Self::En,
            Self::En => Self::Ko,
        }
    }
}

/// The unit of money in Korean.
pub const WON: &str = "원";

/// The unit behind the digits of an amount, with the space that belongs there.
pub fn won_unit(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => WON,
        Lang::En => " won",
    }
}

/// `72,500원`, `72,500 won`.
pub fn money(lang: Lang, won: Won) -> String {
    format!("{}{}", won.digits(), won_unit(lang))
}

/// `2026년 11월`, `November 2026`.
pub fn month(lang: Lang, month: BillingMonth) -> String {
    match lang {
        Lang::Ko => format!("{}년 {}월", month.year(), month.month()),
        Lang::En => calendar::month(month),
    }
}

/// `2026년 11월 21일`, `21 Nov 2026`; the text itself if it is no date.
pub fn date(lang: Lang, date: &KstDate) -> String {
    let written = match lang {
        Lang::Ko => date.parts().map(|(y, m, d)| format!("{y}년 {m}월 {d}일")),
        Lang::En => calendar::date(date),
    };
    written.unwrap_or_else(|| date.as_str().to_owned())
}

/// `2026년 11월 21일 09:30`, `21 Nov 2026 09:30`.
pub fn instant(lang: Lang, instant: &KstInstant) -> String {
    format!("{} {}", date(lang, &instant.date()), instant.clock())
}

#[cfg(test)]
mod tests {
    use super::{Lang, date, instant, money, month};
    use crate::model::{KstInstant, Won};

    #[test]
    fn a_language_is_found_by_its_tag_alone() {
        for lang in Lang::ALL {
            assert_eq!(Lang::tagged(lang.tag()), Some(lang));
            assert_ne!(lang.other(), lang);
        }
        for tag in ["", "EN", "en-GB", "fr", "kr"] {
            assert_eq!(Lang::tagged(tag), None, "{tag}");
        }
    }

    #[test]
    fn days_months_and_money_in_each_language() {
        let day = "2026-01-05".parse().unwrap();
        let at = KstInstant("2026-01-05T09:30:00+09:00".into());
        let of = "2026-01".parse().unwrap();
        for (lang, words) in [
            (
                Lang::Ko,
                [
                    "2026년 1월 5일",
                    "2026년 1월 5일 09:30",
                    "2026년 1월",
                    "-72,500원",
                ],
            ),
            (
                Lang::En,
                [
                    "5 Jan 2026",
                    "5 Jan 2026 09:30",
                    "January 2026",
                    "-72,500 won",
                ],
            ),
        ] {
            assert_eq!(
                [
                    date(lang, &day),
                    instant(lang, &at),
                    month(lang, of),
                    money(lang, Won(-72_500))
                ],
                words
            );
        }
    }
}
