//! The words of every problem in English.

use crate::{
    model::{CheckType, RejectReason, Verdict},
    problem::{FieldCode, ProblemCode},
    text::problem::Words,
};

/// The title and sentence of a problem.
pub fn words(code: ProblemCode) -> Words {
    let (title, detail) = match code {
        ProblemCode::ValidationFailed => ("Check your entries", "Please check what you entered."),
        ProblemCode::CsrfRejected => (
            "Request refused",
            "This request came from another site, so it was not processed.",
        ),
        ProblemCode::NotFound => ("Not found", "What you are looking for is not here."),
        ProblemCode::MethodNotAllowed => (
            "Method not allowed",
            "This address does not accept that kind of request.",
        ),
        ProblemCode::BodyTooLarge => ("Request too large", "What you sent is too large."),
        ProblemCode::UriTooLong => ("Address too long", "The address you requested is too long."),
        ProblemCode::HeaderTooLarge => (
            "Request too large",
            "The request carries too much information. Please clear your cookies and try again.",
        ),
        ProblemCode::UnsupportedMediaType => (
            "Unsupported format",
            "Requests in this format are not supported.",
        ),
        ProblemCode::RequestTimeout => (
            "Timed out",
            "The request did not arrive in time. Please try again.",
        ),
        ProblemCode::RateLimited => (
            "Too many requests",
            "There have been too many requests. Please try again in a moment.",
        ),
        ProblemCode::AuthInvalid => ("Login failed", "Please check your ID or password"),
        ProblemCode::AuthLocked => (
            "Account locked",
            "After 5 failed attempts in a row, this account is locked for 30 minutes. Please try again when the lock ends.",
        ),
        ProblemCode::AuthBusy => (
            "Login is busy",
            "Many people are logging in. Please try again in a moment.",
        ),
        ProblemCode::RefreshInvalid => (
            "Log in again",
            "Your login has expired. Please log in again.",
        ),
        ProblemCode::TokenMissing => ("Login required", "Please log in."),
        ProblemCode::TokenExpired => (
            "Login expired",
            "Your login has expired. Please log in again.",
        ),
        ProblemCode::TokenInvalid => (
            "Login required",
            "Your login is not valid. Please log in again.",
        ),
        ProblemCode::SessionEnded => (
            "Logged out",
            "You have been logged out. Please log in again.",
        ),
        ProblemCode::PermissionDenied => (
            "No permission",
            "You don’t have permission to use this service",
        ),
        ProblemCode::LineNotFound => ("Line not found", "We could not find this line."),
        ProblemCode::BillNotFound => ("No bill", "There is no bill for this month."),
        ProblemCode::LineInactive => (
            "Line not in use",
            "This line is not in use, so it can’t be looked up.",
        ),
        ProblemCode::IdempotencyKeyMissing => (
            "Idempotency key required",
            "The Idempotency-Key header is required.",
        ),
        ProblemCode::IdempotencyKeyReused => (
            "Idempotency key reused",
            "The same Idempotency-Key can’t be used for a different request.",
        ),
        ProblemCode::PrecheckFailed => ("Pre-check failed", "The plan did not pass the pre-check"),
        ProblemCode::ChangeRejected => ("Change failed", "The plan change failed"),
        ProblemCode::ChangeInProgress => (
            "Change in progress",
            "Another plan change on this line is being processed. Please see its result before you request again.",
        ),
        ProblemCode::CurrentProductChanged => (
            "Your plan has changed",
            "Your plan has changed in the meantime. Please check your current plan.",
        ),
        ProblemCode::KosBadAnswer => (
            "Carrier answer not understood",
            "The carrier sent an answer we could not understand. Please try again in a moment.",
        ),
        ProblemCode::KosUnavailable => (
            "Temporary system failure",
            "Temporary system failure. Please try again in a moment.",
        ),
        ProblemCode::KosTimeout => (
            "Carrier is slow to answer",
            "The carrier is taking too long to answer. Please try again in a moment.",
        ),
        ProblemCode::Unavailable => (
            "Service unavailable",
            "The service is not available right now. Please try again in a moment.",
        ),
        ProblemCode::Internal => (
            "Something went wrong",
            "We could not process your request. Please try again in a moment. If it keeps happening, tell us the request ID.",
        ),
        ProblemCode::Network => (
            "No connection",
            "Please check your internet connection and try again.",
        ),
    };
    Words { title, detail }
}

/// The sentence of one wrong field.
pub fn field(name: &str, code: FieldCode) -> &'static str {
    match code {
        FieldCode::Required if name == "userId" => "Please enter your ID.",
        FieldCode::Required if name == "password" => "Please enter your password.",
        FieldCode::Required => "Please fill this in.",
        FieldCode::Unknown => "This field is unknown.",
        FieldCode::Malformed => "The format is not valid.",
        FieldCode::UserIdLength => "An ID is 3 to 20 letters, digits, _ or -.",
        FieldCode::PasswordLength => {
            "A password is 8 to 128 characters long, or up to 42 in Hangul."
        }
        FieldCode::MonthInFuture => "Bills for future months can’t be viewed.",
        FieldCode::MonthTooOld => "Only the last 6 months can be viewed.",
        FieldCode::SameProduct => "You are already on this plan.",
    }
}

/// The reason why a change failed.
pub fn reject_reason(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::LineNotFound => "The carrier could not find this line.",
        RejectReason::LineNotActive => "The line to be changed is not in use",
        RejectReason::ProductNotFound => "The plan you chose could not be found.",
        RejectReason::ProductNotOnSale => "This plan is not currently on sale",
        RejectReason::OperatorMismatch => "This plan is not sold by the operator of the line",
        RejectReason::CurrentProductChanged => "Your plan has changed in the meantime.",
        RejectReason::Refused => "The carrier did not accept the change.",
        RejectReason::NotApplied => {
            "We confirmed that the carrier did not make the change. This request changed nothing."
        }
    }
}

/// Instead of the reason, where KOS was found to have applied the change after all.
pub const FOUND_LATE: &str = "We told you that it failed, but the carrier seems to have made the change later. Please check your current plan, and give the reference number to customer service.";

/// The sentence of one pre-check.
pub fn check(check: CheckType, verdict: Verdict) -> &'static str {
    match (check, verdict) {
        (CheckType::ProductOnSale, Verdict::Pass) => "The plan is on sale.",
        (CheckType::ProductOnSale, Verdict::Fail) => "This plan is not currently on sale",
        (CheckType::OperatorMatch, Verdict::Pass) => "The plan is from your operator.",
        (CheckType::OperatorMatch, Verdict::Fail) => {
            "This plan is not sold by the operator of the line"
        }
        (CheckType::LineInUse, Verdict::Pass) => "The line is in use.",
        (CheckType::LineInUse, Verdict::Fail) => "The line to be changed is not in use",
    }
}

/// The operator check if KOS does not report whose plan it is.
pub const OPERATOR_LEFT_TO_KOS: &str =
    "The carrier checks the operator when it processes the change.";
