//! The MVNO AP server: receives signed results, at least once.
//!
//! - `routes`: `POST /api/v1/mvno/results`.
//! - `signature`: the header `X-Signature`.

mod routes;
mod signature;

pub(crate) use routes::{Ap, router};
