//! Formatting, clippy for both targets, and the project's own rules.
//!
//! - [`dependencies`]: the direction between crates
//! - [`layers`]: the direction between the server's modules
//! - [`file_length`], [`file_names`]: files that stay readable, named after what they hold
//! - [`cfg_confinement`]: feature gates of `app` only where its modules are wired
//! - [`bans`]: words that do not belong in the product's code
//! - [`korean`]: Korean only in the catalogue, the generated data, the words of KOS and tests
//! - [`fonts`]: the web font has every character of the catalogue
//!
//! Each rule is a function from [`source::SourceFile`]s to [`Finding`]s, with a test that plants a
//! fault. [`run`] calls them all, and rustfmt and clippy.

mod bans;
mod cfg_confinement;
mod dependencies;
mod file_length;
mod file_names;
mod finding;
mod fonts;
mod korean;
mod layers;
mod run;
mod source;

use finding::Finding;
pub use run::lint;
