//! Bills: the nine items a customer is entitled to see.

use super::{
    Allowance, BillingMonth, KstDate, KstInstant, Line, LineId, LineNumber, ProductName, Won,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The contents of SCR-003: the customer's lines and the selectable months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillMenu {
    pub lines: Vec<Line>,
    /// The preselected line.
    pub line_id: LineId,
    pub current_month: BillingMonth,
    /// Newest first, [`BillingMonth::SELECTABLE`] of them.
    pub months: Vec<BillingMonth>,
}

/// The answer to an inquiry. A fact KOS did not report is `None`, never assumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    pub request_id: String,
    pub line_id: LineId,
    pub line_number: LineNumber,
    pub month: BillingMonth,
    /// The plan the bill was made for.
    pub product: ProductName,
    /// `charges` less `discounts`, to the won.
    pub total: Won,
    pub charges: Vec<ChargeLine>,
    pub discounts: Vec<DiscountLine>,
    pub usage: Usage,
    pub contract: Option<Contract>,
    /// The cost of leaving the contract today.
    pub termination_fee: Option<Won>,
    pub installment: Option<Installment>,
    pub payment: Option<Payment>,
    pub freshness: Freshness,
}

/// One line of the breakdown. `code` is stable, `name` is KOS's wording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChargeLine {
    pub code: String,
    pub name: String,
    pub amount: Won,
}

/// A discount; `amount` is positive and is subtracted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiscountLine {
    pub name: String,
    pub amount: Won,
}

/// The usage; a part KOS did not report is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    pub data: Option<DataUsage>,
    pub voice: Option<VoiceUsage>,
    pub sms: Option<SmsUsage>,
}

/// Mobile data in megabytes (1 GB = 1,024 MB).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataUsage {
    pub used_mb: u64,
    #[serde(default, skip_serializing_if = "Allowance::is_unknown")]
    pub allowance_mb: Allowance,
}

/// Calls in minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VoiceUsage {
    pub used_minutes: u64,
    #[serde(default, skip_serializing_if = "Allowance::is_unknown")]
    pub allowance_minutes: Allowance,
}

/// Text messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SmsUsage {
    pub used: u64,
    #[serde(default, skip_serializing_if = "Allowance::is_unknown")]
    pub allowance: Allowance,
}

/// The commitment the customer signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    pub name: String,
    pub start_date: KstDate,
    pub end_date: KstDate,
    /// Length in months.
    pub months: u32,
    pub months_left: u32,
}

/// A handset paid off by the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Installment {
    pub device_name: String,
    pub monthly: Won,
    /// The total still to pay.
    pub remaining: Won,
    pub paid_count: u32,
    pub total_count: u32,
}

/// How and when the bill is paid; a fact KOS did not report is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    pub due_date: Option<KstDate>,
    /// Day of the month, 1 to 31.
    pub billing_day: Option<u8>,
    pub status: Option<PaymentStatus>,
    pub method: Option<String>,
}

/// Whether the bill is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentStatus {
    Paid,
    Unpaid,
    Overdue,
}

/// Where an answer came from and how old it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Freshness {
    pub source: Source,
    /// When KOS answered.
    pub as_of: KstInstant,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// From KOS, for this request.
    Kos,
    /// From the cache, within its time to live.
    Cache,
    /// Past its time to live, shown because KOS is away.
    Stale,
}

/// The months a bill is compared with, as far as KOS returns them soon.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The previous month's bill; `None` if it is unavailable.
    pub earlier: Option<Bill>,
    /// The selectable months, newest first.
    pub trend: Vec<MonthTotal>,
}

/// A point of the six-month trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthTotal {
    pub month: BillingMonth,
    pub total: TrendTotal,
}

/// The known total of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrendTotal {
    Known(Won),
    /// Past its time to live, shown because KOS is away.
    Stale(Won),
    /// KOS has no bill of that month.
    Absent,
    /// KOS is away or too slow; asking again may help.
    NotNow,
}

impl TrendTotal {
    /// The amount, if there is one to show.
    pub fn won(self) -> Option<Won> {
        match self {
            Self::Known(won) | Self::Stale(won) => Some(won),
            Self::Absent | Self::NotNow => None,
        }
    }
}

/// What the bills of this and last month say that bears on a change of plan, as far as KOS returns
/// them soon.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentBills {
    /// The data of each month that is known, newest first.
    pub data: Vec<MonthlyData>,
    /// The months left of a contract that is in force; `None` if none is known.
    pub contract_left: Option<u32>,
}

/// The mobile data used in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyData {
    pub month: BillingMonth,
    /// Megabytes (1 GB = 1,024 MB); in a month that still runs, those used so far.
    pub used_mb: u64,
}

/// One inquiry as `GET /bill/history` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InquiryRecord {
    pub request_id: String,
    pub line_id: LineId,
    pub month: BillingMonth,
    pub requested_at: KstInstant,
    pub processed_at: Option<KstInstant>,
    pub status: InquiryStatus,
    /// Where the bill came from; `None` if there was none.
    pub source: Option<Source>,
    /// `OK`, or the problem code of the answer.
    pub result_code: String,
    /// When the MVNO AP server accepted the result.
    pub delivered_at: Option<KstInstant>,
}

/// Whether the inquiry was answered with a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InquiryStatus {
    Completed,
    Failed,
}
