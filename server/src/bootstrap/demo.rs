//! The demo: five customers, and the simulator for each URL that is absent.

use crate::{
    auth::{Accounts, DemoAccount},
    config::{Config, ConfigFaults, Profile},
};
use anyhow::{Context, anyhow};
use app::model::{LoginId, Permission};
use secrecy::ExposeSecret;

/// A demo customer; name and customer id are those the simulator generates for the first line.
pub struct DemoCustomer {
    pub user_id: &'static str,
    lines: &'static [&'static str],
    permissions: &'static [Permission],
    /// What the account demonstrates.
    pub shows: &'static str,
}

/// The accounts of the specification.
pub const DEMO_CUSTOMERS: [DemoCustomer; 5] = [
    DemoCustomer {
        user_id: "demo01",
        lines: &["01012345678", "01023456789"],
        permissions: &Permission::ALL,
        shows: "the normal customer, two lines",
    },
    DemoCustomer {
        user_id: "bill01",
        lines: &["01034567890"],
        permissions: &[Permission::BillInquiry],
        shows: "may see bills only",
    },
    DemoCustomer {
        user_id: "prod01",
        lines: &["01045678901"],
        permissions: &[Permission::ProductChange],
        shows: "may change plans only",
    },
    DemoCustomer {
        user_id: "susp01",
        lines: &["01056789012"],
        permissions: &Permission::ALL,
        shows: "a suspended line: the pre-check fails",
    },
    DemoCustomer {
        user_id: "none01",
        lines: &["01067890123"],
        permissions: &[],
        shows: "no service at all",
    },
];

impl DemoCustomer {
    fn id(&self) -> anyhow::Result<LoginId> {
        let id = self.user_id.parse();
        id.map_err(|_| anyhow!("a demo id is malformed"))
    }
}

/// Refuses a database of the demo in production: everybody knows the password of its accounts.
///
/// # Errors
/// [`ConfigFaults`] with the ids and what to do; what the database or argon2 refuses.
pub(super) async fn refuse(accounts: &Accounts) -> anyhow::Result<()> {
    let ids = DEMO_CUSTOMERS.iter().map(DemoCustomer::id);
    let open = accounts
        .admitting_demo_password(ids.collect::<Result<_, _>>()?)
        .await?;
    if open.is_empty() {
        return Ok(());
    }
    let open: Vec<_> = open.iter().map(LoginId::as_str).collect();
    anyhow::bail!(ConfigFaults(vec![format!(
        "the database holds demo accounts with their published password: {}. `phonebill account lock` \
         or `phonebill account set-password` each of them (the profile is production).",
        open.join(", ")
    )]))
}

/// Creates the demo accounts that are missing.
pub(super) async fn seed(accounts: &Accounts) -> anyhow::Result<()> {
    let mut wanted = Vec::with_capacity(DEMO_CUSTOMERS.len());
    for account in &DEMO_CUSTOMERS {
        let facts = account
            .lines
            .first()
            .and_then(|line| simulator::demo_customer(line));
        let facts = facts.context("the simulator does not know a demo line")?;
        let lines = account
            .lines
            .iter()
            .map(|line| line.parse())
            .collect::<Result<_, _>>()?;
        wanted.push(DemoAccount {
            user_id: account.id()?,
            user_name: facts.customer_name,
            customer_id: facts.customer_id,
            lines,
            permissions: account.permissions.to_vec(),
        });
    }
    accounts.seed_demo(&wanted).await?;
    Ok(())
}

/// Starts the stand-ins that are needed and sets their URLs in the configuration.
pub(super) async fn start_simulator(
    config: &mut Config,
    faults: Vec<simulator::FaultRule>,
) -> anyhow::Result<Option<simulator::Simulator>> {
    let (kos, ap) = (config.kos.url.is_empty(), config.mvno.url.is_empty());
    if !(kos || ap) || config.profile == Profile::Production {
        return Ok(None);
    }
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let simulator = simulator::start(simulator::SimulatorConfig {
        kos_addr: kos.then_some(any),
        ap_addr: ap.then_some(any),
        ledger_dir: Some(config.data_dir.join("simulator")),
        ap_secret: config.mvno.signing_secret.expose_secret().to_owned(),
        faults,
        ..simulator::SimulatorConfig::default()
    })
    .await
    .context("cannot start the simulator")?;
    if let Some(url) = simulator.kos_url() {
        config.kos.url = url;
    }
    if let Some(url) = simulator.ap_url() {
        config.mvno.url = url;
    }
    Ok(Some(simulator))
}
