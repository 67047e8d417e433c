//! KOS-Order.
//!
//! - `routes`: the paths of the contract.
//! - `envelope`: the envelope of every answer, numbers in KOS's forms.
//! - `request`: reading and validating bodies (9001 to 9006).
//! - `bill`, `product`, `change`: the operations.
//! - `subscriptions`: the plan of a line, after the changes in the ledger.

mod bill;
mod change;
mod envelope;
mod product;
mod request;
mod routes;
mod subscriptions;

use crate::{
    Capabilities,
    data::{Customer, LineNumber, LineStatus, customer},
    stage::Stage,
};
use jiff::SignedDuration;
use std::{io, sync::Arc};
use subscriptions::Subscriptions;

pub(crate) use routes::router;

/// KOS-Order, running.
#[derive(Debug)]
pub(crate) struct Kos {
    stage: Stage,
    capabilities: Capabilities,
    /// With K2: a change that is older than this at its turn is not applied.
    change_horizon: SignedDuration,
    subscriptions: Subscriptions,
}

/// A result code other than `0000`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal(String);

impl Refusal {
    fn new(code: &str) -> Self {
        Self(code.to_owned())
    }
}

/// An operation's family of result codes: `1___`, `2___` or `3___`.
#[derive(Clone, Copy)]
enum Family {
    Bill,
    Change,
    Product,
}

impl Kos {
    /// KOS with the plans of the ledger.
    pub(crate) fn new(
        stage: Stage,
        capabilities: Capabilities,
        change_horizon: SignedDuration,
    ) -> io::Result<Arc<Self>> {
        let subscriptions = Subscriptions::from_entries(stage.ledger.entries()?);
        Ok(Arc::new(Self {
            stage,
            capabilities: capabilities.effective(),
            change_horizon,
            subscriptions,
        }))
    }

    /// The holder of a line. A terminated line refuses everything, a suspended one only changes.
    fn customer(&self, line: &LineNumber, family: Family) -> Result<Customer, Refusal> {
        let (missing, inactive) = match family {
            Family::Bill => ("1001", "1002"),
            Family::Change => ("2001", "2002"),
            Family::Product => ("3001", "3002"),
        };
        let customer = customer(line).ok_or_else(|| Refusal::new(missing))?;
        let refused = match family {
            Family::Change => customer.status != LineStatus::Active,
            Family::Bill | Family::Product => customer.status == LineStatus::Terminated,
        };
        if refused {
            Err(Refusal::new(inactive))
        } else {
            Ok(customer)
        }
    }
}
