//! What a line can change to. Pure.

use super::eligibility::can_be_offered;
use crate::kos::{CatalogueProduct, KosLine};
use app::model::{
    Allowance, ChangeOption, ChangeOptions, Line, Product, ProductLine, ProductMenu, UserInfo,
};

/// A line, the plan it is on, and the plans it can change to, cheapest first.
pub(super) struct Offer {
    line: ProductLine,
    current: Product,
    others: Vec<Product>,
}

impl Offer {
    pub(super) fn new(line: &Line, now: KosLine, catalogue: Vec<CatalogueProduct>) -> Self {
        let operator = now.operator_code.as_deref();
        let current = current(&now.product, &catalogue);
        let mut others: Vec<_> = catalogue
            .into_iter()
            .filter(|plan| plan.product.code != current.code && can_be_offered(plan, operator))
            .map(|plan| plan.product)
            .collect();
        others.sort_by(|a, b| (a.monthly_fee, &a.code).cmp(&(b.monthly_fee, &b.code)));
        Self {
            line: ProductLine {
                line_id: line.line_id.clone(),
                line_number: line.line_number.clone(),
                status: now.status,
            },
            current,
            others,
        }
    }

    /// SCR-005.
    pub(super) fn menu(self, user: &UserInfo) -> ProductMenu {
        ProductMenu {
            customer_id: user.customer_id.clone(),
            user_name: user.user_name.clone(),
            line: self.line,
            current_product: self.current,
            available_products: self.others,
        }
    }

    /// SCR-006.
    pub(super) fn options(self) -> ChangeOptions {
        let fee = self.current.monthly_fee;
        ChangeOptions {
            line: self.line,
            current_product: self.current,
            products: self
                .others
                .into_iter()
                .map(|product| ChangeOption {
                    fee_delta: product.monthly_fee - fee,
                    product,
                })
                .collect(),
        }
    }
}

/// The current plan with all that is known of it. Its fee and name are the line's own: a customer
/// may be on better terms than the price list. What only the list tells is taken from there, if
/// the list has the plan at all; a discontinued one may be missing.
fn current(told: &Product, catalogue: &[CatalogueProduct]) -> Product {
    let Some(listed) = catalogue.iter().find(|plan| plan.product.code == told.code) else {
        return told.clone();
    };
    let listed = listed.product.clone();
    let known = |told: Allowance, listed: Allowance| if told.is_unknown() { listed } else { told };
    Product {
        code: told.code.clone(),
        name: told.name.clone(),
        monthly_fee: told.monthly_fee,
        data_mb: known(told.data_mb, listed.data_mb),
        voice_minutes: known(told.voice_minutes, listed.voice_minutes),
        sms_count: known(told.sms_count, listed.sms_count),
        network_type: listed.network_type,
        description: listed.description,
        benefits: listed.benefits,
    }
}

#[cfg(test)]
mod tests {
    use super::Offer;
    use crate::kos::{CatalogueProduct, KosLine};
    use app::model::{Allowance, Line, LineId, LineStatus, Product, Won};

    fn plan(code: &str, fee: i64) -> Product {
        Product {
            code: code.parse().unwrap(),
            name: code.to_owned(),
            monthly_fee: Won(fee),
            data_mb: Allowance::Limited(1_024),
            voice_minutes: Allowance::Unlimited,
            sms_count: Allowance::Unlimited,
            network_type: "LTE".into(),
            description: "listed".into(),
            benefits: vec!["listed".into()],
        }
    }

    fn listed(code: &str, fee: i64, on_sale: bool, operator: &str) -> CatalogueProduct {
        CatalogueProduct {
            product: plan(code, fee),
            on_sale,
            operator_code: Some(operator.into()),
        }
    }

    fn on(product: Product) -> KosLine {
        KosLine {
            customer_id: None,
            product,
            status: LineStatus::Active,
            operator_code: Some("OP1".into()),
        }
    }

    fn offer(now: KosLine) -> Offer {
        let line = Line {
            line_id: LineId("line".into()),
            line_number: "01012345678".parse().unwrap(),
        };
        let catalogue = vec![
            listed("B", 50_000, true, "OP1"),
            listed("A", 30_000, true, "OP1"),
            listed("OLD", 10_000, false, "OP1"),
            listed("OTHER", 20_000, true, "OP2"),
            listed("C", 40_000, true, "OP1"),
        ];
        Offer::new(&line, now, catalogue)
    }

    #[test]
    fn offers_what_can_be_had_cheapest_first_with_the_difference() {
        let options = offer(on(plan("C", 40_000))).options();
        let offered: Vec<_> = options
            .products
            .iter()
            .map(|option| (option.product.code.as_str(), option.fee_delta.0))
            .collect();
        assert_eq!(offered, [("A", -10_000), ("B", 10_000)]);
    }

    #[test]
    fn the_current_plan_is_the_lines_own_completed_from_the_list() {
        let told = Product {
            data_mb: Allowance::Unknown,
            voice_minutes: Allowance::Limited(100),
            network_type: String::new(),
            description: String::new(),
            benefits: Vec::new(),
            ..plan("C", 35_000)
        };
        let current = offer(on(told)).current;
        assert_eq!(current.monthly_fee, Won(35_000));
        assert_eq!(current.data_mb, Allowance::Limited(1_024));
        assert_eq!(current.voice_minutes, Allowance::Limited(100));
        assert_eq!(current.network_type, "LTE");
        assert_eq!(current.benefits, ["listed"]);
    }

    #[test]
    fn a_current_plan_the_list_does_not_have_is_shown_as_the_line_tells_it() {
        let told = plan("GONE", 29_000);
        let offer = offer(on(told.clone()));
        assert_eq!(offer.current, told);
        assert_eq!(offer.others.len(), 3);
    }
}
