//! What a draft names: a line, the plan it is on, the plan it is to be on.

use crate::{
    error::{AppError, AppResult},
    kos::CatalogueProduct,
};
use app::{
    model::{ChangeDraft, Line, LineId, Principal},
    problem::{FieldCode, FieldProblem, ProblemCode},
};

/// The customer's own line; somebody else's and one that does not exist are the same refusal.
pub(super) fn own_line<'a>(who: &'a Principal, line: Option<&LineId>) -> AppResult<&'a Line> {
    who.line(line)
        .ok_or_else(|| AppError::new(ProblemCode::LineNotFound))
}

/// A change to the plan it is a change from is none.
pub(super) fn refuse_same_product(draft: &ChangeDraft) -> AppResult<()> {
    if draft.current_product_code == draft.target_product_code {
        let field = FieldProblem::new("targetProductCode", FieldCode::SameProduct);
        return Err(AppError::validation(vec![field]));
    }
    Ok(())
}

/// The plan to change to, if the price list has it.
pub(super) fn find<'a>(
    catalogue: &'a [CatalogueProduct],
    draft: &ChangeDraft,
) -> Option<&'a CatalogueProduct> {
    catalogue
        .iter()
        .find(|plan| plan.product.code == draft.target_product_code)
}
