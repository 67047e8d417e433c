//! What the tests stand on: a database of their own on each back end, a corner of a cache.

pub mod backends;
mod environment;
mod postgres;
pub mod redis;
mod sqlite;
pub mod wait;
