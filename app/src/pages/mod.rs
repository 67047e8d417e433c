//! The screens, one file each.

pub mod error;
pub mod not_found;
