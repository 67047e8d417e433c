//! What every store relies on, on both databases.

mod begin;
mod durability;
mod errors;
mod migrations;
mod same_schema;
mod statements;
