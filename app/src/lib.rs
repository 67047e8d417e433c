//! The code that the browser and the server share.
//!
//! - [`model`]: the domain types, which are also the wire types of both surfaces
//! - [`problem`]: the only error a customer or a client program sees
//! - [`bill_story`]: why a bill differs from the one before
//! - [`text`]: every sentence a customer can read
//! - [`in_language`]: answers with their sentences in the reader's language
//! - [`api`]: server functions, a few lines each, under `/rpc/<module>/<verb>`
//! - [`ssr`]: the ports that `server` implements, and how a server function reaches them
//! - [`plan_difference`], [`plan_filter`]: comparing and listing plans, pure
//! - [`routes`], [`shell`], [`pages`], [`components`], [`islands`]: the eight screens
//!
//! This crate depends on no other crate of the workspace.

// The type of a view is the tree of its elements; a whole page nests deeper than the compiler's
// default of 128.
#![recursion_limit = "512"]

pub mod api;
pub mod bill_links;
pub mod bill_story;
pub mod components;
pub mod in_language;
pub mod islands;
pub mod links;
pub mod model;
pub mod page_request;
pub mod pages;
pub mod plan_difference;
pub mod plan_filter;
pub mod problem;
pub mod product_links;
pub mod routes;
pub mod shell;
pub mod text;

#[cfg(feature = "ssr")]
pub mod ssr;

pub use routes::App;
pub use shell::shell;
