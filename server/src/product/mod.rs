//! Product change: the plan of a line changes once or not at all, and everybody gets the same answer.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `service` | [`ProductChange`], the port |
//! | `shown`, `offer` | menu, options and fee as the screens show them; what a line can change to |
//! | `own_changes` | single changes of a customer: by number, by key, the open one of a line |
//! | `draft`, `line_now`, `eligibility` | what a draft names; what KOS tells of the line now; the three checks |
//! | `submit`, `prepare`, `replay` | a request with its key; its checks; the same key again |
//! | `lifecycle`, `record`, `judge` | the life of a change, the change, what KOS's word about it means |
//! | `rules` | what it is told about KOS, and the times that follow |
//! | `settle`, `reconcile` | the end of a change; finding the end that got lost |
//! | `recheck` | for a day after "not applied": did KOS apply it after all? |
//! | `ports`, `wiring` | what the machine stands on; the same over HTTP, cache and outbox |
//! | `history_chain`, `history_audit` | the hash that seals each event of a line to the one before; recomputing all |
//! | `desk` | what operators look at and decide |
//! | `answer`, `request_id` | the stored answer, the quotable number |
//! | `store_ledger` | the durable ledger: which statements make up each step |
//! | `row`, `store_*` | the tables |

mod answer;
mod desk;
mod draft;
mod eligibility;
mod history_audit;
pub mod history_chain;
mod judge;
mod lifecycle;
mod line_now;
mod offer;
mod own_changes;
pub mod ports;
mod prepare;
mod recheck;
mod reconcile;
mod record;
mod replay;
mod request_id;
mod row;
mod rules;
mod service;
mod settle;
mod shown;
mod store_answer;
mod store_attention;
mod store_audit;
mod store_change;
mod store_desk;
mod store_history;
mod store_ledger;
mod store_recheck;
mod store_retention;
mod store_unsettled;
mod submit;
mod wiring;

pub use desk::{ChangeDesk, Listing, Resolved};
pub use history_audit::{HistoryAudit, HistoryFault, HistoryFaultKind, audit_history};
pub use lifecycle::State as ChangeState;
pub use recheck::{LateWatch, RecheckPace};
pub use reconcile::ReconcilePace;
pub use record::{ChangeRecord, Outcome};
pub use rules::ChangeRules;
pub use service::ProductChange;
pub use store_attention::{Attention, attention};
pub use store_desk::{ChangeFile, ChangeListed};
pub use store_ledger::SqlLedger;
pub use store_retention::RETAINED;
