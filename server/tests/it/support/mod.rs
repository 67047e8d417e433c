//! What the tests stand on: a database of their own on each back end.

pub mod backends;
mod postgres;
mod sqlite;
