//! KOS's answers in domain types. Serialisable, because answers are cached.

use app::model::{
    BillingMonth, ChargeLine, Contract, DiscountLine, Installment, KstDate, LineStatus, Payment,
    Product, ProductName, RejectReason, Usage, Won,
};
use serde::{Deserialize, Serialize};

/// A bill. Absent values are `None`, empty or `Allowance::Unknown`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KosBill {
    /// Whose line it is, as far as KOS tells.
    pub customer_id: Option<String>,
    pub month: BillingMonth,
    pub product: ProductName,
    /// `charges` less `discounts`, to the won; checked against KOS's own total.
    pub total: Won,
    pub charges: Vec<ChargeLine>,
    pub discounts: Vec<DiscountLine>,
    pub usage: Usage,
    pub contract: Option<Contract>,
    pub termination_fee: Option<Won>,
    pub installment: Option<Installment>,
    pub payment: Option<Payment>,
}

/// A line and the plan it is on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KosLine {
    /// Whose line it is, as far as KOS tells.
    pub customer_id: Option<String>,
    /// The current plan from the line inquiry: network, description and benefits are empty.
    pub product: Product,
    /// An unknown word counts as suspended: such a line cannot be changed.
    pub status: LineStatus,
    pub operator_code: Option<String>,
}

/// A plan of the price list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogueProduct {
    pub product: Product,
    /// KOS says `ACTIVE`; with any other word, or none, it is not on sale.
    pub on_sale: bool,
    /// Sent by an extended KOS only.
    pub operator_code: Option<String>,
}

/// A change that KOS applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KosChange {
    pub new_product: Option<ProductName>,
    pub effective_date: Option<KstDate>,
    pub kos_order_number: Option<String>,
}

/// What KOS has recorded of a change (fact K1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ChangeLookup {
    Applied(KosChange),
    Refused(RejectReason),
    /// KOS never applied it; final only once it cannot arrive any more (fact K2).
    NotFound,
}
