//! The state of the three checks of SCR-007, alone and together: pure, for the island and the page.

use crate::{
    components::icon::{Glyph, glyph},
    model::{CheckResult, Verdict},
    problem::Problem,
    text::product_request::ProductRequest,
};

/// The state of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Waiting,
    Running,
    Done(CheckResult),
    /// The check itself could not be made.
    Broken(Problem),
}

impl Step {
    /// Its icon.
    pub fn glyph(&self) -> Glyph {
        match self {
            Self::Waiting => glyph::CLOCK,
            Self::Running => glyph::REFRESH_CW,
            Self::Done(result) if result.result == Verdict::Pass => glyph::CIRCLE_CHECK,
            Self::Done(_) => glyph::CIRCLE_X,
            Self::Broken(_) => glyph::CIRCLE_ALERT,
        }
    }

    /// The CSS class.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Waiting => "check waiting",
            Self::Running => "check running",
            Self::Done(result) if result.result == Verdict::Pass => "check passed",
            Self::Done(_) => "check failed",
            Self::Broken(_) => "check broken",
        }
    }

    /// The message for it.
    pub fn sentence(&self, words: &ProductRequest) -> String {
        match self {
            Self::Waiting => words.waiting.to_owned(),
            Self::Running => words.running.to_owned(),
            Self::Done(result) => result.message.clone(),
            Self::Broken(problem) => match problem.retry_after {
                Some(seconds) => (words.not_before)(problem.detail(), seconds),
                None => problem.detail().to_owned(),
            },
        }
    }

    /// Whether the check was made and has failed.
    pub fn has_failed(&self) -> bool {
        matches!(self, Self::Done(result) if result.result == Verdict::Fail)
    }

    /// Whether a retry makes sense.
    pub fn repeatable(&self) -> bool {
        match self {
            Self::Waiting | Self::Running => false,
            Self::Done(_) => self.has_failed(),
            Self::Broken(problem) => problem.code().retryable(),
        }
    }

    /// Whether only a new visit can help: the session has ended, or the line has changed.
    pub fn outdated(&self) -> bool {
        matches!(self, Self::Broken(_)) && !self.repeatable()
    }

    /// The number to quote for a check that failed with an answer.
    pub fn request_id(&self, words: &ProductRequest) -> String {
        match self {
            Self::Broken(problem) if !problem.trace_id.is_empty() => {
                (words.request_id)(&problem.trace_id)
            }
            _ => String::new(),
        }
    }
}

/// The state of all checks together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Some are still running.
    Open,
    Passed,
    Failed,
    /// None failed, but not all could be made.
    Unclear,
}

impl Outcome {
    /// Sums up the states of all checks.
    pub fn of(steps: &[Step]) -> Self {
        let verdict = |wanted| move |step: &&Step| matches!(step, Step::Done(result) if result.result == wanted);
        let passed = steps.iter().filter(verdict(Verdict::Pass)).count();
        let failed = steps.iter().filter(verdict(Verdict::Fail)).count();
        let broken = steps
            .iter()
            .filter(|step| matches!(step, Step::Broken(_)))
            .count();
        match passed + failed + broken {
            finished if finished < steps.len() => Self::Open,
            _ if failed > 0 => Self::Failed,
            _ if broken > 0 => Self::Unclear,
            _ => Self::Passed,
        }
    }

    /// The message for all of them.
    pub fn sentence(self, words: &ProductRequest) -> &'static str {
        match self {
            Self::Open => words.before_start,
            Self::Passed => words.passed,
            Self::Failed => words.failed,
            Self::Unclear => words.unclear,
        }
    }

    /// The CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Open => "outcome open",
            Self::Passed => "outcome passed",
            Self::Failed => "outcome failed",
            Self::Unclear => "outcome broken",
        }
    }
}

/// The number of checks made, whatever their result.
pub fn made(steps: &[Step]) -> usize {
    let made = steps.iter().filter(|step| matches!(step, Step::Done(_)));
    made.count()
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Step, made};
    use crate::{
        model::{CheckResult, CheckType, Verdict},
        problem::{Problem, ProblemCode},
        text::{Lang, product_request::ProductRequest},
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
        for (steps, outcome, count) in [
            (
                [Step::Waiting, Step::Waiting, Step::Waiting],
                Outcome::Open,
                0,
            ),
            ([pass(), Step::Running, fail()], Outcome::Open, 2),
            ([pass(), Step::Running, broken()], Outcome::Open, 1),
            ([pass(), pass(), pass()], Outcome::Passed, 3),
            ([pass(), fail(), broken()], Outcome::Failed, 2),
            ([pass(), broken(), pass()], Outcome::Unclear, 2),
        ] {
            assert_eq!(Outcome::of(&steps), outcome, "{steps:?}");
            assert_eq!(made(&steps), count, "{steps:?}");
        }
    }

    #[test]
    fn a_broken_check_is_repeated_or_the_visit_made_anew() {
        let words = ProductRequest::of(Lang::default());
        let away = Problem::of(ProblemCode::KosTimeout).traced("r-1");
        let over = Problem::of(ProblemCode::SessionEnded);
        let network = Problem::of(ProblemCode::Network);
        for (problem, repeatable, quoted) in [
            (away, true, true),
            (over, false, false),
            (network, true, false),
        ] {
            let step = Step::Broken(problem.clone());
            assert_eq!(step.repeatable(), repeatable, "{problem:?}");
            assert_eq!(step.outdated(), !repeatable, "{problem:?}");
            assert_eq!(
                step.request_id(words).contains("r-1"),
                quoted,
                "{problem:?}"
            );
            assert_eq!(step.sentence(words), problem.detail());
            let later = Step::Broken(problem.with_retry_after(7)).sentence(words);
            assert!(later.contains('7'), "{later}");
        }
        assert!(!done(Verdict::Pass).outdated() && !Step::Running.outdated());
    }
}
