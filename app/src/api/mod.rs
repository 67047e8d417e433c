//! Server functions for pages and islands, under `/rpc/<module>/<verb>`.
//!
//! Each reads the context, calls one port method and returns its answer. Server types are imported
//! inside the bodies, which the macro drops for the browser, so no cfg is needed.

pub mod auth;
pub mod bill;
pub mod call;
pub mod product;
