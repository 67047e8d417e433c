//! A line as KOS tells it at this moment, even where KOS tells only that it is not in use.

use super::{eligibility::Facts, ports::ChangeKos};
use crate::kos::{CatalogueProduct, HeldLine, KosError, KosLine, Refusal};
use app::model::{LineStatus, ProductCode, ProductName};

/// What a check can rest on.
#[derive(Clone, Debug)]
pub(super) enum LineNow {
    Told(Box<KosLine>),
    /// KOS refuses to tell more of a line that is not in use (3002).
    NotInUse,
}

impl LineNow {
    /// Asks KOS; no cache is involved.
    pub(super) async fn ask(kos: &dyn ChangeKos, line: &HeldLine) -> Result<Self, KosError> {
        match kos.line_now(line).await {
            Ok(told) => Ok(Self::Told(Box::new(told))),
            Err(KosError::Refused(Refusal::LineNotActive)) => Ok(Self::NotInUse),
            Err(error) => Err(error),
        }
    }

    /// The plan it is on.
    pub(super) fn product(&self) -> Option<ProductName> {
        match self {
            Self::Told(line) => Some(line.product.named()),
            Self::NotInUse => None,
        }
    }

    /// Whether it is known to be on another plan than that.
    pub(super) fn is_not_on(&self, code: &ProductCode) -> bool {
        matches!(self, Self::Told(line) if line.product.code != *code)
    }

    /// What the three checks of a change to that plan rest on.
    pub(super) fn facts<'a>(&'a self, target: Option<&'a CatalogueProduct>) -> Facts<'a> {
        let (line_status, line_operator) = match self {
            Self::Told(line) => (line.status, line.operator_code.as_deref()),
            Self::NotInUse => (LineStatus::Suspended, None),
        };
        Facts {
            line_status,
            line_operator,
            target,
        }
    }
}
