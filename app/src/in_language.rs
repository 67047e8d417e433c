//! Answers that hold sentences, in the reader's language.
//!
//! The ports answer in Korean, and so is whatever is stored. The gateway and the pages translate an
//! answer on its way out: a sentence follows from the codes beside it, so nothing is lost.

use crate::{
    model::{Change, ChangeFailure, CheckResult, CheckType, Page, PreCheck, Verdict},
    problem::Problem,
    text::{Lang, problem},
};

/// Has sentences that are known in every language.
pub trait InLanguage: Sized {
    /// The same with its sentences in `lang`, whatever language they were in.
    #[must_use]
    fn in_language(self, lang: Lang) -> Self;
}

impl InLanguage for CheckResult {
    fn in_language(mut self, lang: Lang) -> Self {
        let left_to_kos = |lang| self.message == problem::operator_left_to_kos(lang);
        let undecided = (self.check, self.result) == (CheckType::OperatorMatch, Verdict::Pass)
            && Lang::ALL.into_iter().any(left_to_kos);
        let sentence = if undecided {
            problem::operator_left_to_kos(lang)
        } else {
            problem::check(lang, self.check, self.result)
        };
        sentence.clone_into(&mut self.message);
        self
    }
}

impl InLanguage for PreCheck {
    fn in_language(mut self, lang: Lang) -> Self {
        self.checks = self.checks.in_language(lang);
        self
    }
}

impl InLanguage for ChangeFailure {
    fn in_language(mut self, lang: Lang) -> Self {
        problem::reject_reason(lang, self.code).clone_into(&mut self.message);
        self
    }
}

impl InLanguage for Change {
    fn in_language(mut self, lang: Lang) -> Self {
        self.failure = self.failure.in_language(lang);
        if let Some(failure) = self.failure.as_mut().filter(|_| self.under_review) {
            problem::found_late(lang).clone_into(&mut failure.message);
        }
        self
    }
}

impl<T: InLanguage> InLanguage for Page<T> {
    fn in_language(mut self, lang: Lang) -> Self {
        self.items = self.items.in_language(lang);
        self
    }
}

impl<T: InLanguage> InLanguage for Vec<T> {
    fn in_language(self, lang: Lang) -> Self {
        self.into_iter().map(|one| one.in_language(lang)).collect()
    }
}

impl<T: InLanguage> InLanguage for Option<T> {
    fn in_language(self, lang: Lang) -> Self {
        self.map(|one| one.in_language(lang))
    }
}

impl<T: InLanguage> InLanguage for Result<T, Problem> {
    fn in_language(self, lang: Lang) -> Self {
        match self {
            Ok(answer) => Ok(answer.in_language(lang)),
            Err(problem) => Err(problem.in_language(lang)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::InLanguage;
    use crate::{
        model::{CheckResult, CheckType, RejectReason, RequestId, Verdict},
        problem::{FieldCode, FieldProblem, Problem, ProblemCode},
        text::{Lang, problem},
    };
    use std::collections::HashSet;

    fn is_hangul(letter: char) -> bool {
        matches!(letter, '\u{ac00}'..='\u{d7a3}')
    }

    /// To English and back, looking at the English.
    fn there_and_back(first: &Problem) {
        let english = first.clone().in_language(Lang::En);
        let told = serde_json::to_string(&english).unwrap();
        assert!(!told.contains(is_hangul), "{told}");
        assert_eq!(english.clone().in_language(Lang::En), english);
        assert_eq!(&english.in_language(Lang::Ko), first);
        assert_eq!(&first.clone().in_language(Lang::Ko), first);
    }

    #[test]
    fn every_problem_keeps_all_but_its_language() {
        for code in ProblemCode::ALL {
            there_and_back(&Problem::of(code).traced("r-1").with_retry_after(7));
            assert_eq!(
                Problem::told(Lang::En, code),
                Problem::of(code).in_language(Lang::En)
            );
        }
        for reason in RejectReason::ALL {
            there_and_back(&Problem::rejected(reason, RequestId("c-1".into())));
        }
        let wrong = |code| FieldProblem::new("month", code);
        there_and_back(&Problem::validation(vec![wrong(FieldCode::MonthTooOld)]));
        there_and_back(&Problem::validation(vec![
            wrong(FieldCode::Required),
            wrong(FieldCode::Malformed),
        ]));
    }

    #[test]
    fn every_check_keeps_all_but_its_language() {
        let check = |check, result, message: &str| CheckResult {
            check,
            result,
            message: message.to_owned(),
        };
        let mut checks = vec![check(
            CheckType::OperatorMatch,
            Verdict::Pass,
            problem::OPERATOR_LEFT_TO_KOS,
        )];
        for one in CheckType::ALL {
            for result in Verdict::ALL {
                checks.push(check(one, result, problem::check(Lang::Ko, one, result)));
            }
        }
        there_and_back(&Problem::of(ProblemCode::PrecheckFailed).with_checks(checks));
    }

    #[test]
    fn the_sentence_of_a_rejection_names_one_reason() {
        let sentences = Lang::ALL.into_iter().flat_map(|lang| {
            let told = move |reason| problem::reject_reason(lang, reason);
            RejectReason::ALL.into_iter().map(told)
        });
        let distinct: HashSet<_> = sentences.collect();
        assert_eq!(distinct.len(), 2 * RejectReason::ALL.len());
    }

    #[test]
    fn a_sentence_nobody_knows_any_more_stays_as_it_is() {
        let stored = serde_json::to_string(&Problem::rejected(
            RejectReason::Refused,
            RequestId("c-1".into()),
        ));
        let known = problem::reject_reason(Lang::Ko, RejectReason::Refused);
        let stored = stored.unwrap().replace(known, "words of an older release");
        let old: Problem = serde_json::from_str(&stored).unwrap();
        let english = old.in_language(Lang::En);
        assert_eq!(english.detail(), "words of an older release");
        assert_eq!(english.title(), "Change failed");
    }
}
