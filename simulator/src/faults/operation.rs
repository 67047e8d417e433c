//! The calls that can fail, and their names.

use serde::Serialize;
use std::fmt;

/// One call of the wire contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Operation {
    /// `POST /bill/inquiry`
    #[serde(rename = "kos.bill")]
    Bill,
    /// `GET /bill/available-months/{lineNumber}`
    #[serde(rename = "kos.months")]
    Months,
    /// `POST /product/inquiry`
    #[serde(rename = "kos.product")]
    Product,
    /// `GET /product/list`
    #[serde(rename = "kos.list")]
    List,
    /// `POST /product/change`
    #[serde(rename = "kos.change")]
    Change,
    /// `GET /product/change/{requestId}`
    #[serde(rename = "kos.change_status")]
    ChangeStatus,
    /// `POST /api/v1/mvno/results`
    #[serde(rename = "ap")]
    Ap,
}

impl Operation {
    /// Every operation of both systems.
    pub const ALL: [Self; 7] = [
        Self::Bill,
        Self::Months,
        Self::Product,
        Self::List,
        Self::Change,
        Self::ChangeStatus,
        Self::Ap,
    ];

    /// The name used in fault rules and in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bill => "kos.bill",
            Self::Months => "kos.months",
            Self::Product => "kos.product",
            Self::List => "kos.list",
            Self::Change => "kos.change",
            Self::ChangeStatus => "kos.change_status",
            Self::Ap => "ap",
        }
    }
}

/// The scope of a rule: one operation, or all of KOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every operation of KOS-Order.
    Kos,
    /// One operation.
    Only(Operation),
}

impl Scope {
    /// Whether it covers a call of `operation`.
    pub fn covers(self, operation: Operation) -> bool {
        match self {
            Self::Kos => operation != Operation::Ap,
            Self::Only(one) => one == operation,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "kos" {
            return Some(Self::Kos);
        }
        Operation::ALL
            .into_iter()
            .find(|one| one.as_str() == text)
            .map(Self::Only)
    }
}

impl From<Operation> for Scope {
    fn from(operation: Operation) -> Self {
        Self::Only(operation)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kos => "kos",
            Self::Only(operation) => operation.as_str(),
        })
    }
}
