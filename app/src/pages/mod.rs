//! The screens, one file each.

pub mod not_found;
