//! Product change: the plan of a line is changed once, or not at all, and everybody is told the same.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `service` | [`ProductChange`], the port |
//! | `offer` | menu and options: what a line can change to |
//! | `line_now`, `eligibility` | what KOS tells of the line now; the three checks |
//! | `submit`, `replay` | a request with its key; the same key again |
//! | `lifecycle`, `record`, `judge` | the life of a change, the change, what KOS's word about it means |
//! | `settle`, `reconcile` | the end of a change; finding the end that got lost |
//! | `ports`, `wiring` | what the machine stands on; the same over HTTP, cache and outbox |
//! | `answer`, `request_id` | the stored answer, the quotable number |
//! | `store_ledger` | the durable ledger: which statements make up each step |
//! | `row`, `store_*` | the tables |

mod answer;
mod eligibility;
mod judge;
mod lifecycle;
mod line_now;
mod offer;
pub mod ports;
mod reconcile;
mod record;
mod replay;
mod request_id;
mod row;
mod service;
mod settle;
mod store_answer;
mod store_change;
mod store_history;
mod store_ledger;
mod store_unsettled;
mod submit;
mod wiring;

pub use lifecycle::State as ChangeState;
pub use reconcile::ReconcilePace;
pub use record::{ChangeRecord, Outcome};
pub use service::{ChangeRules, ProductChange};
pub use store_ledger::SqlLedger;
