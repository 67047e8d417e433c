//! What every store relies on, on both databases.

mod begin;
mod errors;
mod statements;
