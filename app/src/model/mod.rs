//! The domain types: pure, wasm-safe, no I/O.
//!
//! These types are also the wire types of the REST API and of the server functions, so their serde
//! form is the one `docs/api.md` specifies (camelCase, money as integer won, months `YYYY-MM`).

mod account;
mod allowance;
mod bill;
mod change;
mod identifier;
mod instant;
mod line;
mod month;
mod page;
mod product;
mod won;

pub use account::{LoginId, Password, Permission, Principal, SessionInfo, UserInfo};
pub use allowance::Allowance;
pub use bill::{
    Bill, BillMenu, ChargeLine, Comparison, Contract, DataUsage, DiscountLine, Freshness,
    InquiryRecord, InquiryStatus, Installment, MonthTotal, MonthlyData, Payment, PaymentStatus,
    RecentBills, SmsUsage, Source, TrendTotal, Usage, VoiceUsage,
};
pub use change::{
    Change, ChangeDraft, ChangeFailure, ChangeStatus, CheckResult, CheckType, IdempotencyKey,
    KeyUse, PreCheck, Receipt, RejectReason, RequestId, Verdict, WATCHED_FOR,
};
pub use identifier::is_identifier;
pub use instant::{DayRange, KstDate, KstInstant};
pub use line::{Line, LineId, LineNumber, LineStatus};
pub use month::BillingMonth;
pub use page::{Cursor, Limit, Page};
pub use product::{
    ChangeOption, ChangeOptions, Product, ProductCode, ProductLine, ProductMenu, ProductName,
};
pub use won::Won;
