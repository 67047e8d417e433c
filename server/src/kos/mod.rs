//! KOS-Order: the only place that knows its HTTP and its words.

mod answer;
mod code;
mod error;

pub use answer::{CatalogueProduct, ChangeLookup, KosBill, KosChange, KosLine};
pub use code::Refusal;
pub use error::{Failure, KosChangeError, KosError, NotSent};
