//! How the three checks of SCR-007 stand, alone and together: pure, for the island and the page.

use crate::{
    components::icon::{Glyph, glyph},
    model::{CheckResult, Verdict},
    problem::Problem,
    text::product_request::ProductRequest,
};

/// How one check stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Waiting,
    Running,
    Done(CheckResult),
    /// The check itself could not be made.
    Broken(Problem),
}

impl Step {
    pub fn glyph(&self) -> Glyph {
        match self {
            Self::Waiting => glyph::CLOCK,
            Self::Running => glyph::REFRESH_CW,
            Self::Done(result) if result.result == Verdict::Pass => glyph::CIRCLE_CHECK,
            Self::Done(_) => glyph::CIRCLE_X,
            Self::Broken(_) => glyph::CIRCLE_ALERT,
        }
    }

    /// The class of the style sheet.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Waiting => "check waiting",
            Self::Running => "check running",
            Self::Done(result) if result.result == Verdict::Pass => "check passed",
            Self::Done(_) => "check failed",
            Self::Broken(_) => "check broken",
        }
    }

    /// What is said of it.
    pub fn sentence(&self, words: &ProductRequest) -> String {
        match self {
            Self::Waiting => words.waiting.to_owned(),
            Self::Running => words.running.to_owned(),
            Self::Done(result) => result.message.clone(),
            Self::Broken(problem) => problem.detail().to_owned(),
        }
    }

    /// Whether trying again makes sense.
    pub fn repeatable(&self) -> bool {
        match self {
            Self::Waiting | Self::Running => false,
            Self::Done(result) => result.result == Verdict::Fail,
            Self::Broken(_) => true,
        }
    }
}

/// How the checks stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// So many are done, the others are on their way.
    Open(usize),
    Passed,
    Failed,
    /// None failed, but not every one could be made.
    Unclear,
}

impl Outcome {
    pub fn of(steps: &[Step]) -> Self {
        let verdict = |wanted| move |step: &&Step| matches!(step, Step::Done(result) if result.result == wanted);
        let passed = steps.iter().filter(verdict(Verdict::Pass)).count();
        let failed = steps.iter().filter(verdict(Verdict::Fail)).count();
        let broken = steps
            .iter()
            .filter(|step| matches!(step, Step::Broken(_)))
            .count();
        match passed + failed + broken {
            finished if finished < steps.len() => Self::Open(passed + failed),
            _ if failed > 0 => Self::Failed,
            _ if broken > 0 => Self::Unclear,
            _ => Self::Passed,
        }
    }

    /// What is said of the whole.
    pub fn sentence(self, words: &ProductRequest) -> &'static str {
        match self {
            Self::Open(_) => words.before_start,
            Self::Passed => words.passed,
            Self::Failed => words.failed,
            Self::Unclear => words.unclear,
        }
    }

    /// The class of the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Open(_) => "outcome open",
            Self::Passed => "outcome passed",
            Self::Failed => "outcome failed",
            Self::Unclear => "outcome broken",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Step};
    use crate::{
        model::{CheckResult, CheckType, Verdict},
        problem::{Problem, ProblemCode},
    };

    fn done(result: Verdict) -> Step {
        Step::Done(CheckResult {
            check: CheckType::LineInUse,
            result,
            message: String::new(),
        })
    }

    #[test]
    fn passes_only_when_every_check_passed() {
        let pass = || done(Verdict::Pass);
        let fail = || done(Verdict::Fail);
        let broken = || Step::Broken(Problem::of(ProblemCode::KosTimeout));
        for (steps, outcome) in [
            (
                [Step::Waiting, Step::Waiting, Step::Waiting],
                Outcome::Open(0),
            ),
            ([pass(), Step::Running, fail()], Outcome::Open(2)),
            ([pass(), Step::Running, broken()], Outcome::Open(1)),
            ([pass(), pass(), pass()], Outcome::Passed),
            ([pass(), fail(), broken()], Outcome::Failed),
            ([pass(), broken(), pass()], Outcome::Unclear),
        ] {
            assert_eq!(Outcome::of(&steps), outcome, "{steps:?}");
        }
    }
}
