//! Fault rules: when a call fails, and their text.

use super::{Fault, Operation, Scope};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Which calls fail, how, and how often. In JSON, a rule is its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FaultRule {
    pub(super) scope: Scope,
    /// One step per call; `None` is a call without a fault. Never empty.
    pub(super) script: Vec<Option<Fault>>,
    /// The number of times the script is played; `None`: for ever.
    pub(super) count: Option<u32>,
    /// The percentage of calls to which the rule applies.
    pub(super) percent: Option<u8>,
    /// Determines which calls `percent` chooses.
    pub(super) seed: u64,
}

impl FaultRule {
    /// Every call in `scope`.
    pub fn always(scope: impl Into<Scope>, fault: Fault) -> Self {
        Self {
            scope: scope.into(),
            script: vec![Some(fault)],
            count: None,
            percent: None,
            seed: 0,
        }
    }

    /// The next `count` calls in `scope`.
    pub fn next(count: u32, scope: impl Into<Scope>, fault: Fault) -> Self {
        Self {
            count: Some(count),
            ..Self::always(scope, fault)
        }
    }

    /// One step of `steps` per call, `None` being a call without a fault; then the rule is spent.
    pub fn script(
        scope: impl Into<Scope>,
        first: Option<Fault>,
        others: impl IntoIterator<Item = Option<Fault>>,
    ) -> Self {
        Self {
            scope: scope.into(),
            script: std::iter::once(first).chain(others).collect(),
            count: Some(1),
            percent: None,
            seed: 0,
        }
    }

    /// `percent` of 100 calls in `scope`, chosen by `seed`.
    pub fn rate(percent: u8, seed: u64, scope: impl Into<Scope>, fault: Fault) -> Self {
        Self {
            percent: Some(percent),
            seed,
            ..Self::always(scope, fault)
        }
    }
}

/// The text is not a fault rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAFaultRule(String);

impl fmt::Display for NotAFaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a fault rule; write operation=fault[,fault...][*count][%percent][~seed], \
             for example kos.change=lost_answer*1 or kos.bill=delay:500%10~7",
            self.0
        )
    }
}

impl std::error::Error for NotAFaultRule {}

fn parse(text: &str) -> Option<FaultRule> {
    let (scope, rest) = text.trim().split_once('=')?;
    let (rest, seed) = split_number(rest, '~')?;
    let (rest, percent) = split_number(rest, '%')?;
    let (steps, count) = split_number(rest, '*')?;
    let script = steps
        .split(',')
        .map(|step| {
            if step == "ok" {
                Some(None)
            } else {
                Fault::parse(step).map(Some)
            }
        })
        .collect::<Option<Vec<_>>>()?;
    let scope = Scope::parse(scope)?;
    let accepts = script.iter().flatten().any(Fault::is_of_changes_only);
    if accepts && scope != Scope::Only(Operation::Change) {
        return None;
    }
    let percent = match percent {
        None => None,
        Some(percent) => Some(
            u8::try_from(percent)
                .ok()
                .filter(|percent| *percent <= 100)?,
        ),
    };
    let count = match count {
        None if script.len() > 1 => Some(1),
        None => None,
        Some(count) => Some(u32::try_from(count).ok()?),
    };
    Some(FaultRule {
        scope,
        script,
        count,
        percent,
        seed: seed.unwrap_or(0),
    })
}

/// Cuts `mark` and the number behind it off the end; `None` if there is no number behind it.
fn split_number(text: &str, mark: char) -> Option<(&str, Option<u64>)> {
    match text.split_once(mark) {
        None => Some((text, None)),
        Some((before, number)) => Some((before, Some(number.parse().ok()?))),
    }
}

impl FromStr for FaultRule {
    type Err = NotAFaultRule;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| NotAFaultRule(text.to_owned()))
    }
}

impl TryFrom<String> for FaultRule {
    type Error = NotAFaultRule;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FaultRule> for String {
    fn from(rule: FaultRule) -> Self {
        rule.to_string()
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.scope)?;
        for (index, step) in self.script.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            match step {
                None => f.write_str("ok")?,
                Some(fault) => fault.fmt(f)?,
            }
        }
        if let Some(count) = self.count {
            write!(f, "*{count}")?;
        }
        if let Some(percent) = self.percent {
            write!(f, "%{percent}~{}", self.seed)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultRule};
    use crate::Operation;

    #[test]
    fn every_form_of_the_text_is_read_and_written_back() {
        for text in [
            "kos.change=hang",
            "kos.bill=delay:500*3",
            "kos.change=refuse:2099*1",
            "kos.change=lost_answer,ok,hang*1",
            "ap=error_before:429%10~7",
            "kos=reset",
            "kos.list=half_body*2%50~9",
            "kos.product=garbage",
            "kos.months=slow_drip:20",
            "kos.change_status=error_after:502",
            "ap=duplicate_delivery",
            "kos.change=hang_after",
            "kos.change=accepted:500",
        ] {
            assert_eq!(text.parse::<FaultRule>().unwrap().to_string(), text);
        }
        assert_eq!(
            "kos.change=refuse:2099*1".parse(),
            Ok(FaultRule::next(
                1,
                Operation::Change,
                Fault::Refuse("2099".into())
            ))
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "",
            "kos.change",
            "kos.chance=hang",
            "kos.change=hung",
            "kos.change=hang:5",
            "kos.change=delay",
            "kos.change=delay:x",
            "kos.change=refuse:",
            "kos.change=error_before:200",
            "kos.change=hang*",
            "kos.change=hang%101",
            "kos.change=accepted",
            "kos.bill=accepted:500",
            "kos=accepted:500",
            "kos.change=hang,,ok",
        ] {
            assert!(text.parse::<FaultRule>().is_err(), "{text}");
        }
    }
}
