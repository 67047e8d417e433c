//! The server side of `app`, compiled natively only.
//!
//! `server` implements the ports; a server function reads the [`ServerContext`] in its first line
//! and calls one port method.

mod context;
mod ports;

pub use context::{ServerContext, server_context};
pub use ports::{
    AuthPort, BillPort, BillQuery, ChangeCommand, HistoryQuery, LoginCommand, LoginOutcome,
    ProductPort, TokenPair,
};
