//! The page for an address that does not exist, in English.

use crate::text::not_found::NotFound;

pub const EN: NotFound = NotFound {
    title: "Page not found",
    heading: "Please check the address",
    text: "This page has moved or does not exist. You can start again from the home page.",
};
