//! Which plans SCR-006 lists and in which order. Pure; the choice lives in the address.

use crate::model::{Allowance, ChangeOption};
use std::cmp::Reverse;

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanSort {
    #[default]
    Cheapest,
    Dearest,
    MostData,
}

impl PlanSort {
    /// Every order, in the order shown.
    pub const ALL: [Self; 3] = [Self::Cheapest, Self::Dearest, Self::MostData];

    /// Its name in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cheapest => "cheapest",
            Self::Dearest => "dearest",
            Self::MostData => "data",
        }
    }

    /// Anything unknown is the default order.
    pub fn parse(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|sort| sort.as_str() == text)
            .unwrap_or_default()
    }
}

/// A range of ten thousand won: 3 is 30,000 to 39,999.
pub type PriceBand = i64;

/// What to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanFilter {
    pub network: Option<String>,
    pub band: Option<PriceBand>,
    pub sort: PlanSort,
}

impl PlanFilter {
    /// Reads the parameters `network`, `band` and `sort`; an invalid one is no filter.
    pub fn parse(network: Option<&str>, band: Option<&str>, sort: Option<&str>) -> Self {
        Self {
            network: network.filter(|name| !name.is_empty()).map(str::to_owned),
            band: band.and_then(|band| band.parse().ok()),
            sort: sort.map(PlanSort::parse).unwrap_or_default(),
        }
    }

    /// The parameters again, for a link; empty when nothing is chosen.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let sort = (self.sort != PlanSort::default()).then(|| self.sort.as_str().to_owned());
        [
            ("network", self.network.clone()),
            ("band", self.band.map(|band| band.to_string())),
            ("sort", sort),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The matching plans, in order; equals keep KOS's order.
    pub fn apply(&self, plans: &[ChangeOption]) -> Vec<ChangeOption> {
        let mut matching: Vec<ChangeOption> = plans
            .iter()
            .filter(|plan| {
                self.network
                    .as_ref()
                    .is_none_or(|network| plan.product.network_type == *network)
                    && self.band.is_none_or(|wanted| band(plan) == wanted)
            })
            .cloned()
            .collect();
        match self.sort {
            PlanSort::Cheapest => matching.sort_by_key(|plan| plan.product.monthly_fee),
            PlanSort::Dearest => matching.sort_by_key(|plan| Reverse(plan.product.monthly_fee)),
            PlanSort::MostData => matching.sort_by_key(|plan| Reverse(data(plan))),
        }
        matching
    }
}

/// The available networks, each once, in KOS's order.
pub fn networks(plans: &[ChangeOption]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for plan in plans {
        let name = &plan.product.network_type;
        if !name.is_empty() && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The available price bands, cheapest first.
pub fn bands(plans: &[ChangeOption]) -> Vec<PriceBand> {
    let mut bands: Vec<PriceBand> = plans.iter().map(band).collect();
    bands.sort_unstable();
    bands.dedup();
    bands
}

fn band(plan: &ChangeOption) -> PriceBand {
    plan.product.monthly_fee.0.div_euclid(10_000)
}

/// Unlimited sorts above any number, unknown below.
fn data(plan: &ChangeOption) -> (u8, u64) {
    match plan.product.data_mb {
        Allowance::Unknown => (0, 0),
        Allowance::Limited(megabytes) => (1, megabytes),
        Allowance::Unlimited => (2, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::{PlanFilter, bands, networks};
    use crate::model::{Allowance, ChangeOption, Product, Won};

    fn plan(code: &str, fee: i64, data_mb: Allowance, network: &str) -> ChangeOption {
        ChangeOption {
            product: Product {
                code: code.parse().unwrap(),
                name: code.into(),
                monthly_fee: Won(fee),
                data_mb,
                voice_minutes: Allowance::Unknown,
                sms_count: Allowance::Unknown,
                network_type: network.into(),
                description: String::new(),
                benefits: Vec::new(),
            },
            fee_delta: Won(0),
        }
    }

    fn plans() -> Vec<ChangeOption> {
        vec![
            plan("A", 69_000, Allowance::Limited(102_400), "5G"),
            plan("B", 39_000, Allowance::Limited(5_120), "LTE"),
            plan("C", 30_000, Allowance::Unknown, ""),
            plan("D", 85_000, Allowance::Unlimited, "5G"),
        ]
    }

    fn codes(filter: &PlanFilter) -> String {
        filter
            .apply(&plans())
            .iter()
            .map(|plan| plan.product.code.as_str().to_owned())
            .collect()
    }

    #[test]
    fn lists_by_network_band_and_order() {
        for (network, band, sort, expected) in [
            (None, None, None, "CBAD"),
            (Some("5G"), None, None, "AD"),
            (None, Some("3"), None, "CB"),
            (Some("LTE"), Some("6"), None, ""),
            (None, None, Some("dearest"), "DABC"),
            (None, None, Some("data"), "DABC"),
            (Some(""), Some("x"), Some("?"), "CBAD"),
        ] {
            let filter = PlanFilter::parse(network, band, sort);
            assert_eq!(codes(&filter), expected, "{filter:?}");
        }
    }

    #[test]
    fn what_can_be_chosen_comes_from_the_plans() {
        assert_eq!(networks(&plans()), ["5G", "LTE"]);
        assert_eq!(bands(&plans()), [3, 6, 8]);
    }

    #[test]
    fn the_address_round_trips() {
        let filter = PlanFilter::parse(Some("5G"), Some("6"), Some("data"));
        let parameters = filter.parameters();
        let value = |name| {
            parameters
                .iter()
                .find(|(parameter, _)| *parameter == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(
            PlanFilter::parse(value("network"), value("band"), value("sort")),
            filter
        );
        assert!(PlanFilter::default().parameters().is_empty());
    }
}
