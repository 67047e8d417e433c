//! The words of a group of cards.

use super::Lang;

/// The buttons of the group.
pub struct CardGroup {
    pub open_all: &'static str,
    pub close_all: &'static str,
}

impl CardGroup {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::card_group::EN,
        }
    }
}

const KO: CardGroup = CardGroup {
    open_all: "모두 펼치기",
    close_all: "모두 접기",
};
