//! What the screens show of a line: its plan, what it can change to, the fee of a new plan.

use super::{draft::own_line, offer::Offer, service::Inner};
use crate::{error::AppResult, kos::HeldLine};
use app::model::{ChangeOptions, LineId, Principal, ProductCode, ProductMenu, Won};
use std::time::Duration;
use tokio::time::timeout;

/// How long the end of a change waits for the fee; later it is told without, and asking again finds
/// the fee kept.
const FEE_PATIENCE: Duration = Duration::from_millis(300);

impl Inner {
    /// The current plan as the cache has it: nothing is chosen yet.
    pub(super) async fn menu(
        &self,
        who: &Principal,
        line: Option<&LineId>,
    ) -> AppResult<ProductMenu> {
        let line = own_line(who, line)?;
        let held = HeldLine::of(who, line);
        let (shown, catalogue) = tokio::join!(self.kos.line(&held), self.kos.catalogue());
        Ok(Offer::new(line, shown?, catalogue?).menu(&who.user))
    }

    /// The current plan is of this moment: a choice rests on it.
    pub(super) async fn options(
        &self,
        who: &Principal,
        line: Option<&LineId>,
    ) -> AppResult<ChangeOptions> {
        let line = own_line(who, line)?;
        let held = HeldLine::of(who, line);
        let (now, catalogue) = tokio::join!(self.kos.line_now(&held), self.kos.catalogue());
        Ok(Offer::new(line, now?, catalogue?).options())
    }

    /// The fee of the plan while the line is on it and KOS tells soon.
    pub(super) async fn fee(
        &self,
        who: &Principal,
        line: &LineId,
        product: &ProductCode,
    ) -> AppResult<Option<Won>> {
        let line = own_line(who, Some(line))?;
        let held = HeldLine::of(who, line);
        let told = timeout(FEE_PATIENCE, self.kos.line(&held)).await;
        let plan = told.ok().and_then(Result::ok).map(|line| line.product);
        let plan = plan.filter(|plan| plan.code == *product);
        Ok(plan.map(|plan| plan.monthly_fee))
    }
}
