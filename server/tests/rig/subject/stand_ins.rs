//! KOS and the AP server, with their ledgers.

use super::process::Setup;
use crate::laws::ledgers::{Applied, Arrival, Delivery, KosLedger};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use simulator::{Capabilities, FaultRule, Simulator, SimulatorConfig};
use std::{path::Path, time::Duration};

/// The default of the demo profile.
const AP_SECRET: &str = "demo-signing-secret-not-for-production";
/// Prefix of the request id of a change made in a shop.
const SHOP: &str = "SHOP";
/// How long the stand-ins may take to answer the rig.
const PATIENCE: Duration = Duration::from_secs(10);
/// As configured in the server (`kos.change_horizon_s`).
const HORIZON: Duration = Duration::from_secs(1);

/// The fault rules, each with its own seed.
///
/// # Errors
/// One of them is not a rule.
pub fn each_with_chance(rules: &[&str], seed: u64) -> Result<Vec<FaultRule>> {
    let seeded = |(index, rule): (u64, &&str)| Ok(format!("{rule}~{}", seed + index).parse()?);
    (0..).zip(rules).map(seeded).collect()
}

/// Both stand-ins, in this process.
pub struct StandIns {
    pub simulator: Simulator,
    capable_kos: bool,
}

impl StandIns {
    /// # Errors
    /// No free port.
    pub async fn start(capable_kos: bool, faults: Vec<FaultRule>) -> Result<Self> {
        let simulator = simulator::start(SimulatorConfig {
            ap_secret: AP_SECRET.into(),
            capabilities: if capable_kos {
                Capabilities::ALL
            } else {
                Capabilities::BASE
            },
            change_horizon: HORIZON,
            faults,
            ..SimulatorConfig::default()
        })
        .await?;
        Ok(Self {
            simulator,
            capable_kos,
        })
    }

    /// The setup of a server between the two.
    ///
    /// # Errors
    /// They have no address.
    pub fn setup(&self, folder: &Path, database_url: Option<String>) -> Result<Setup> {
        Ok(Setup {
            folder: folder.to_owned(),
            database_url,
            redis_url: None,
            kos_url: self.simulator.kos_url().context("no KOS")?,
            ap_url: self.simulator.ap_url().context("no AP server")?,
            capable_kos: self.capable_kos,
            settings: Vec::new(),
        })
    }

    /// Moves the line, which was on `first`, to a third plan, as a shop would; once only.
    ///
    /// # Errors
    /// KOS refuses.
    pub async fn visit_a_shop(&self, line: &str, first: &str, third: &str) -> Result<()> {
        // The first try may hit the fault meant for the product's change.
        for number in 0..6 {
            let made = self.simulator.ledger().changes_applied()?;
            if made.iter().any(|one| is_of_a_shop(&one.request_id)) {
                return Ok(());
            }
            let now = made.last().map_or(first, |one| &one.new_product_code);
            let body = json!({
                "lineNumber": line,
                "currentProductCode": now,
                "targetProductCode": third,
                "requestId": format!("{SHOP}-{number}"),
            });
            self.change(&body).await.ok();
        }
        let refused = self.simulator.ledger().changes_refused()?;
        anyhow::bail!("the shop is not served: {refused:?}")
    }

    async fn change(&self, body: &Value) -> Result<()> {
        let kos = self.simulator.kos_url().context("no KOS")?;
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE);
        let request = client
            .build()?
            .post(format!("{kos}/api/v1/kos/product/change"))
            .header("X-Service-Name", SHOP)
            .json(body);
        request.send().await?.error_for_status()?;
        Ok(())
    }

    /// # Errors
    /// A ledger cannot be read.
    pub fn kos(&self) -> Result<KosLedger> {
        let ledger = self.simulator.ledger();
        let arrived = ledger
            .change_attempts()?
            .into_iter()
            .filter(|attempt| !is_of_a_shop(attempt.request_id.as_deref().unwrap_or_default()))
            .map(|attempt| Arrival {
                request_id: attempt.request_id.unwrap_or_default(),
                doubled_by_network: !self.capable_kos
                    && attempt.fault.as_deref() == Some("duplicate_delivery"),
            });
        let applied = ledger.changes_applied()?.into_iter().map(|change| Applied {
            by_somebody_else: is_of_a_shop(&change.request_id),
            request_id: change.request_id,
            line: change.line_number.as_str().to_owned(),
            from: change.previous_product_code,
            to: change.new_product_code,
        });
        Ok(KosLedger {
            arrived: arrived.collect(),
            applied: applied.collect(),
        })
    }

    /// What the AP server received about changes.
    ///
    /// # Errors
    /// A ledger cannot be read.
    pub fn deliveries(&self) -> Result<Vec<Delivery>> {
        let events = self.simulator.ledger().ap_events()?.into_iter();
        let changes = events.filter(|event| event.kind == "PRODUCT_CHANGE");
        Ok(changes
            .map(|event| Delivery {
                event_id: event.event_id,
                line: event.line_number.as_str().to_owned(),
                request_id: event.payload["requestId"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                result: event.result,
                payload: event.payload.to_string(),
            })
            .collect())
    }
}

fn is_of_a_shop(request_id: &str) -> bool {
    request_id.starts_with(SHOP)
}
