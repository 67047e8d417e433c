//! Server functions: what an island or a page asks of the server, under `/rpc/<module>/<verb>`.
//!
//! Each reads the context, calls one port method and returns its answer. `use` of server things
//! stands inside the bodies, which the macro drops for the browser, so no cfg is needed.

pub mod auth;
pub mod bill;
pub mod call;
pub mod product;
