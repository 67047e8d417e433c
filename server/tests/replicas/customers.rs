//! All customers together.

use crate::{customer::Customer, told::Told};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub struct Customers {
    stop: CancellationToken,
    working: Vec<JoinHandle<Told>>,
}

impl Customers {
    /// Logs the customers in and starts them.
    pub async fn begin(origin: &str) -> Result<Self> {
        let stop = CancellationToken::new();
        let mut working = Vec::new();
        let mut customer_ids = BTreeMap::new();
        for (user_id, number) in [("demo01", 0), ("demo01", 1), ("prod01", 0), ("bill01", 0)] {
            let customer = Customer::log_in(origin, user_id, number).await?;
            customer_ids.insert(user_id, customer.customer_id.clone());
            working.push(tokio::spawn(customer.work(stop.clone())));
        }
        for user_id in ["demo01", "bill01"] {
            let customer_id = customer_ids.get(user_id).context("no API client")?;
            let reader = Customer::sign_in(origin, user_id, customer_id.clone()).await?;
            working.push(tokio::spawn(reader.work(stop.clone())));
        }
        Ok(Self { stop, working })
    }

    /// Stops; each customer asks once more, with the session from the start and for its changes.
    pub async fn finish(self) -> Result<Told> {
        self.stop.cancel();
        let mut all = Told::default();
        for working in self.working {
            all.add(working.await?);
        }
        Ok(all)
    }
}
