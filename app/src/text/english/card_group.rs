//! The buttons of a group of cards in English.

use crate::text::card_group::CardGroup;

pub const EN: CardGroup = CardGroup {
    open_all: "Open all",
    close_all: "Close all",
};
