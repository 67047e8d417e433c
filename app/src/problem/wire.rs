//! The wire form of a problem: `application/problem+json`.

use super::ProblemCode;
use crate::{
    in_language::InLanguage,
    model::{CheckResult, RejectReason, RequestId, Verdict},
    text::{self, Lang},
};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem with its words for the customer, all of them from the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `urn:phonebill:problem:<code in kebab-case>`.
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    code: ProblemCode,
    detail: String,
    /// The request id that finds it in the logs.
    #[serde(default)]
    pub trace_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Seconds until a retry makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// With `PRECHECK_FAILED`: the checks and their results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<CheckResult>>,
    /// With `CHANGE_REJECTED` and `CHANGE_IN_PROGRESS`: the change it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
}

/// One field of the request that was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldProblem {
    pub field: String,
    code: FieldCode,
    message: String,
}

/// What was wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldCode {
    Required,
    Unknown,
    Malformed,
    UserIdLength,
    PasswordLength,
    MonthInFuture,
    MonthTooOld,
    SameProduct,
}

impl FieldProblem {
    /// With the message from the catalogue.
    pub fn new(field: impl Into<String>, code: FieldCode) -> Self {
        let field = field.into();
        Self {
            message: text::problem::field(Lang::default(), &field, code).to_owned(),
            field,
            code,
        }
    }

    /// The stable name of the fault.
    pub fn code(&self) -> FieldCode {
        self.code
    }

    /// The sentence for the customer.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl Problem {
    /// The problem with the given code and its words from the catalogue, in Korean.
    pub fn of(code: ProblemCode) -> Self {
        Self::told(Lang::default(), code)
    }

    /// The same in that language.
    pub fn told(lang: Lang, code: ProblemCode) -> Self {
        let words = text::problem::words(lang, code);
        Self {
            kind: format!(
                "urn:phonebill:problem:{}",
                code.as_str().to_ascii_lowercase().replace('_', "-")
            ),
            title: words.title.to_owned(),
            status: code.status(),
            code,
            detail: words.detail.to_owned(),
            trace_id: String::new(),
            fields: Vec::new(),
            retry_after: None,
            checks: None,
            request_id: None,
        }
    }

    /// `VALIDATION_FAILED`, naming the fields; the message of a single field becomes the sentence.
    pub fn validation(fields: Vec<FieldProblem>) -> Self {
        let mut problem = Self::of(ProblemCode::ValidationFailed);
        if let [only] = fields.as_slice() {
            problem.detail.clone_from(&only.message);
        }
        problem.fields = fields;
        problem
    }

    /// `VALIDATION_FAILED` for one field that does not parse.
    pub fn malformed(field: &str) -> Self {
        Self::validation(vec![FieldProblem::new(field, FieldCode::Malformed)])
    }

    /// `CHANGE_REJECTED` with the reason in words.
    pub fn rejected(reason: RejectReason, request_id: RequestId) -> Self {
        let mut problem = Self::of(ProblemCode::ChangeRejected);
        problem.detail = text::problem::reject_reason(Lang::default(), reason).to_owned();
        problem.request_id = Some(request_id);
        problem
    }

    /// Seconds until a retry makes sense.
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The checks of a `PRECHECK_FAILED`.
    pub fn with_checks(mut self, checks: Vec<CheckResult>) -> Self {
        self.checks = Some(checks);
        self
    }

    /// The change that the problem is about.
    pub fn with_request_id(mut self, request_id: RequestId) -> Self {
        self.request_id = Some(request_id);
        self
    }

    /// Sets the request id, unless a replayed answer already carries one.
    pub fn traced(mut self, trace_id: &str) -> Self {
        if self.trace_id.is_empty() {
            trace_id.clone_into(&mut self.trace_id);
        }
        self
    }

    /// The stable name of the problem.
    pub fn code(&self) -> ProblemCode {
        self.code
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The short name of the problem for the customer.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The sentences of the checks that failed.
    pub fn reasons(&self) -> Vec<String> {
        let failed = |check: &&CheckResult| check.result == Verdict::Fail;
        let checks = self.checks.iter().flatten().filter(failed);
        checks.map(|check| check.message.clone()).collect()
    }

    /// The sentence for the customer.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl InLanguage for FieldProblem {
    fn in_language(mut self, lang: Lang) -> Self {
        text::problem::field(lang, &self.field, self.code).clone_into(&mut self.message);
        self
    }
}

impl InLanguage for Problem {
    fn in_language(mut self, lang: Lang) -> Self {
        let words = text::problem::words(lang, self.code);
        words.title.clone_into(&mut self.title);
        self.fields = self.fields.in_language(lang);
        self.checks = self.checks.in_language(lang);
        self.detail = match (self.code, self.fields.as_slice()) {
            (ProblemCode::ValidationFailed, [only]) => only.message.clone(),
            (ProblemCode::ChangeRejected, _) => rejection_in(lang, self.detail),
            _ => words.detail.to_owned(),
        };
        self
    }
}

/// The sentence of `CHANGE_REJECTED`. The problem does not name the reason; its sentence tells which
/// one it is. One that the catalogue no longer has stays as it is.
fn rejection_in(lang: Lang, sentence: String) -> String {
    let general = |lang| text::problem::words(lang, ProblemCode::ChangeRejected).detail;
    let told = |lang, reason: RejectReason| text::problem::reject_reason(lang, reason);
    if Lang::ALL
        .into_iter()
        .any(|known| general(known) == sentence)
    {
        return general(lang).to_owned();
    }
    let is_the_one = |reason: &RejectReason| {
        let mut languages = Lang::ALL.into_iter();
        languages.any(|known| told(known, *reason) == sentence)
    };
    let reason = RejectReason::ALL.into_iter().find(is_the_one);
    reason.map_or(sentence, |reason| told(lang, reason).to_owned())
}

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::of(ProblemCode::ValidationFailed),
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                Self::of(ProblemCode::Network)
            }
            _ => Self::of(ProblemCode::Internal),
        }
    }
}
