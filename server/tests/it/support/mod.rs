//! What the tests stand on: a database of their own on each back end, a corner of a cache.

pub mod backends;
pub mod environment;
pub mod patience;
mod postgres;
pub mod redis;
mod sqlite;
pub mod wait;
