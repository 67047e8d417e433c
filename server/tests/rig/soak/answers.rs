//! Whether an answer was useful, what is documented for something broken, or neither. Pure.

use crate::laws::{Law, Violation};
use std::{fmt, time::Duration};

/// An answer is late after this: a call to KOS may take three seconds.
const READ_WITHIN: Duration = Duration::from_millis(3_500);
/// A check of three seconds and a change of five.
const CHANGE_WITHIN: Duration = Duration::from_millis(8_500);
/// A breaker tries KOS again after ten to fifteen seconds.
const KOS_LINGERS: Duration = Duration::from_secs(20);
const DATABASE_LINGERS: Duration = Duration::from_secs(5);
/// The class of a problem inside a page.
const PROBLEM_IN_PAGE: &str = "class=\"problem-";
/// The share that must be answered usefully or as documented.
const SHARE: f64 = 0.999;

/// What a request depends on, besides the product itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// What KOS said before.
    KnownOfKos,
    KosNow,
    /// KOS, and the database for the change.
    Change,
}

/// The parts of the report, each with its own share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    WithoutKos,
    OfKos,
}

impl Needs {
    pub fn part(self) -> Part {
        match self {
            Self::Nothing => Part::WithoutKos,
            Self::KnownOfKos | Self::KosNow | Self::Change => Part::OfKos,
        }
    }

    fn within(self) -> Duration {
        match self {
            Self::Change => CHANGE_WITHIN,
            Self::Nothing | Self::KnownOfKos | Self::KosNow => READ_WITHIN,
        }
    }
}

/// An answer, or its absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// 0: no answer.
    pub status: u16,
    /// The problem's code, if the answer is JSON.
    pub code: String,
    /// A page that tells of a problem, in place of a part of it or of the whole.
    pub tells_on_a_page: bool,
}

impl Said {
    pub fn nothing() -> Self {
        Self {
            status: 0,
            code: String::new(),
            tells_on_a_page: false,
        }
    }

    pub fn of(status: u16, body: &str) -> Self {
        let problem: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        Self {
            status,
            code: problem["code"].as_str().unwrap_or_default().to_owned(),
            tells_on_a_page: body.contains(PROBLEM_IN_PAGE),
        }
    }
}

/// A request of the soak, in time since its beginning.
#[derive(Clone, Debug)]
pub struct Asked {
    pub route: &'static str,
    pub needs: Needs,
    /// When it was due, though it may have been sent later.
    pub at: Duration,
    pub took: Duration,
    pub said: Said,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Kos,
    Postgres,
}

/// A time in which a system was broken.
#[derive(Clone, Copy, Debug)]
pub struct Trouble {
    pub system: System,
    pub from: Duration,
    pub until: Duration,
}

impl Trouble {
    fn excuses(&self, asked: &Asked) -> bool {
        let lingers = match self.system {
            System::Kos => KOS_LINGERS,
            System::Postgres => DATABASE_LINGERS,
        };
        asked.at <= self.until + lingers && asked.at + asked.took >= self.from
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    Useful,
    /// As documented for what was broken then.
    Documented,
    Failed,
}

/// The worth of an answer, given the troubles of the whole soak.
pub fn worth(asked: &Asked, troubles: &[Trouble]) -> Worth {
    if asked.took > asked.needs.within() {
        return Worth::Failed;
    }
    let broken = |system| {
        let mut of = troubles.iter().filter(|one| one.system == system);
        of.any(|trouble| trouble.excuses(asked))
    };
    let said = &asked.said;
    let documented = match (said.status, said.code.as_str()) {
        (200..300, _) if !said.tells_on_a_page => return Worth::Useful,
        // Decided by KOS, or by what the line is on by now.
        (409, "CHANGE_REJECTED" | "CURRENT_PRODUCT_CHANGED") if asked.needs == Needs::Change => {
            return Worth::Useful;
        }
        (502, "KOS_BAD_ANSWER") | (503, "KOS_UNAVAILABLE") | (504, "KOS_TIMEOUT") => {
            asked.needs != Needs::Nothing && broken(System::Kos)
        }
        (503, "UNAVAILABLE") => broken(System::Postgres),
        (200 | 502..=504, "") if said.tells_on_a_page => {
            asked.needs != Needs::Nothing && broken(System::Kos) || broken(System::Postgres)
        }
        _ => false,
    };
    if documented {
        Worth::Documented
    } else {
        Worth::Failed
    }
}

/// How one part of the requests was answered.
#[derive(Debug)]
pub struct Share {
    part: Part,
    pub useful: usize,
    pub documented: usize,
    /// The failed requests.
    pub failed: Vec<Asked>,
}

impl Share {
    pub fn of(part: Part, asked: &[Asked], troubles: &[Trouble]) -> Self {
        let mut share = Self {
            part,
            useful: 0,
            documented: 0,
            failed: Vec::new(),
        };
        for one in asked.iter().filter(|one| one.needs.part() == part) {
            match worth(one, troubles) {
                Worth::Useful => share.useful += 1,
                Worth::Documented => share.documented += 1,
                Worth::Failed => share.failed.push(one.clone()),
            }
        }
        share
    }

    fn all(&self) -> usize {
        self.useful + self.documented + self.failed.len()
    }

    /// Too few were answered, usefully or as documented.
    pub fn violation(&self) -> Option<Violation> {
        let answered = (self.useful + self.documented) as f64 / self.all().max(1) as f64;
        (answered < SHARE).then(|| Violation {
            law: Law::M13,
            what: self.to_string(),
        })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |count: usize| 100.0 * count as f64 / self.all().max(1) as f64;
        let name = match self.part {
            Part::WithoutKos => "without KOS",
            Part::OfKos => "of KOS",
        };
        write!(
            out,
            "{name:<11} {:>7} requests: {:.3} % useful, {:.3} % as documented, {} failed",
            self.all(),
            part(self.useful),
            part(self.documented),
            self.failed.len()
        )
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "at {:.1} s {} was answered {} {} after {:.1} s{}",
            self.at.as_secs_f64(),
            self.route,
            self.said.status,
            self.said.code,
            self.took.as_secs_f64(),
            if self.said.tells_on_a_page {
                ", on a page"
            } else {
                ""
            }
        )
    }
}
