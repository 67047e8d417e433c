//! Database properties that every store relies on.

mod begin;
mod durability;
mod errors;
mod migrations;
mod same_schema;
mod statements;
