//! The message of a form post for the page it redirects to, in a cookie that lives one minute.
//!
//! It holds only codes, the login form's entries (no password) and the number of a change; the words come
//! from the catalogue, so a forged cookie can show its owner nothing but our own sentences.

use app::{
    model::{CheckResult, CheckType, RequestId, Verdict},
    page_request::{Done, Entered, Flash, Refused},
    problem::{FieldCode, FieldProblem, Problem, ProblemCode},
    text::{self, Lang},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long the browser keeps it.
pub(super) const LIVES: Duration = Duration::from_secs(60);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Note {
    Refused(RefusedNote),
    Done { done: Done },
}

#[derive(Serialize, Deserialize)]
struct RefusedNote {
    code: ProblemCode,
    #[serde(default)]
    trace_id: String,
    #[serde(default)]
    retry_after: Option<u32>,
    #[serde(default)]
    fields: Vec<(String, FieldCode)>,
    #[serde(default)]
    checks: Vec<(CheckType, Verdict)>,
    /// The change a problem speaks of.
    #[serde(default)]
    request_id: Option<RequestId>,
    #[serde(default)]
    user_id: String,
    #[serde(default)]
    auto_login: bool,
    #[serde(default)]
    not_done: bool,
}

/// The cookie's value.
pub(super) fn encode(flash: &Flash) -> String {
    let note = match flash {
        Flash::Refused(refused) => Note::Refused(note_of(refused)),
        Flash::Done(done) => Note::Done { done: *done },
    };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&note).unwrap_or_default())
}

/// The content of the cookie; `None` for anything this server did not write.
pub(super) fn decode(value: &str) -> Option<Flash> {
    let note = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
    Some(match note {
        Note::Refused(note) => Flash::Refused(Box::new(refused(note))),
        Note::Done { done } => Flash::Done(done),
    })
}

fn note_of(refused: &Refused) -> RefusedNote {
    let problem = &refused.problem;
    let checks = problem
        .checks
        .iter()
        .flatten()
        .map(|check| (check.check, check.result));
    RefusedNote {
        code: problem.code(),
        trace_id: problem.trace_id.clone(),
        retry_after: problem.retry_after,
        fields: problem
            .fields
            .iter()
            .map(|field| (field.field.clone(), field.code()))
            .collect(),
        checks: checks.collect(),
        request_id: problem.request_id.clone(),
        user_id: refused.entered.user_id.chars().take(64).collect(),
        auto_login: refused.entered.auto_login,
        not_done: refused.not_done,
    }
}

fn refused(note: RefusedNote) -> Refused {
    let fields: Vec<_> = note
        .fields
        .into_iter()
        .map(|(field, code)| FieldProblem::new(field, code))
        .collect();
    let mut problem = if note.code == ProblemCode::ValidationFailed {
        Problem::validation(fields)
    } else {
        Problem::of(note.code)
    };
    problem.retry_after = note.retry_after;
    problem.request_id = note.request_id;
    if !note.checks.is_empty() {
        let checks = note.checks.into_iter().map(|(check, result)| CheckResult {
            check,
            result,
            message: text::problem::check(Lang::default(), check, result).to_owned(),
        });
        problem.checks = Some(checks.collect());
    }
    Refused {
        problem: problem.traced(&note.trace_id),
        entered: Entered {
            user_id: note.user_id,
            auto_login: note.auto_login,
        },
        not_done: note.not_done,
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use app::{
        model::RequestId,
        page_request::{Done, Entered, Flash, Refused},
        problem::{FieldCode, FieldProblem, Problem, ProblemCode},
    };

    fn entered() -> Entered {
        Entered {
            user_id: "demo01".to_owned(),
            auto_login: true,
        }
    }

    /// The flash after a round trip.
    fn shown(problem: &Problem) -> Refused {
        let flash = Flash::Refused(Box::new(Refused {
            problem: problem.clone(),
            entered: entered(),
            not_done: true,
        }));
        match decode(&encode(&flash)) {
            Some(Flash::Refused(refused)) => *refused,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_problem_comes_back_with_its_words() {
        let problem = Problem::of(ProblemCode::AuthLocked)
            .with_retry_after(1800)
            .traced("req-1");
        let refused = shown(&problem);
        assert_eq!(refused.problem, problem);
        assert_eq!((refused.entered, refused.not_done), (entered(), true));
        let open = RequestId("r-1".into());
        let problem = Problem::of(ProblemCode::ChangeInProgress).with_request_id(open);
        assert_eq!(shown(&problem).problem, problem);
        let problem = Problem::validation(vec![FieldProblem::new("userId", FieldCode::Required)]);
        assert_eq!(shown(&problem).problem, problem);
    }

    #[test]
    fn what_was_done_comes_back() {
        for done in [
            Done::LoggedOut,
            Done::DeviceLoggedOut,
            Done::OthersLoggedOut,
        ] {
            let flash = decode(&encode(&Flash::Done(done)));
            assert!(
                matches!(flash, Some(Flash::Done(back)) if back == done),
                "{flash:?}"
            );
        }
    }

    #[test]
    fn what_we_did_not_write_is_nothing() {
        for value in ["", "%%%", "e30", "bnVsbA", "eyJjb2RlIjoiTk9QRSJ9"] {
            assert!(decode(value).is_none(), "{value}");
        }
    }
}
