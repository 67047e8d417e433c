//! The words of every problem.

use super::{Lang, english::problem as english};
use crate::{
    model::{CheckType, RejectReason, Verdict},
    problem::{FieldCode, ProblemCode},
};

/// A problem's title and the sentence for the customer.
pub struct Words {
    pub title: &'static str,
    pub detail: &'static str,
}

/// The words of a problem; exhaustive, so that a new code without words does not compile.
pub fn words(lang: Lang, code: ProblemCode) -> Words {
    match lang {
        Lang::Ko => korean(code),
        Lang::En => english::words(code),
    }
}

fn korean(code: ProblemCode) -> Words {
    let (title, detail) = match code {
        ProblemCode::ValidationFailed => ("입력 확인", "입력하신 내용을 확인해 주세요."),
        ProblemCode::CsrfRejected => (
            "요청 거부",
            "다른 사이트에서 온 요청이라 처리하지 않았어요.",
        ),
        ProblemCode::NotFound => ("찾을 수 없음", "찾으시는 내용이 없어요."),
        ProblemCode::MethodNotAllowed => (
            "요청 방식 오류",
            "이 주소에서는 쓸 수 없는 요청 방식이에요.",
        ),
        ProblemCode::BodyTooLarge => ("요청이 너무 큼", "보내신 내용이 너무 커요."),
        ProblemCode::UriTooLong => ("주소가 너무 긺", "요청하신 주소가 너무 길어요."),
        ProblemCode::HeaderTooLarge => (
            "요청이 너무 큼",
            "요청에 딸린 정보가 너무 커요. 쿠키를 지운 뒤 다시 시도해 주세요.",
        ),
        ProblemCode::UnsupportedMediaType => ("형식 오류", "지원하지 않는 형식의 요청이에요."),
        ProblemCode::RequestTimeout => (
            "시간 초과",
            "요청이 제시간에 도착하지 않았어요. 다시 시도해 주세요.",
        ),
        ProblemCode::RateLimited => (
            "요청이 많음",
            "요청이 너무 많아요. 잠시 후 다시 시도해 주세요.",
        ),
        ProblemCode::AuthInvalid => ("로그인 실패", "ID 또는 비밀번호를 확인해주세요"),
        ProblemCode::AuthLocked => (
            "계정 잠김",
            "5회 연속 실패하여 30분간 계정이 잠금되었습니다. 잠금이 풀린 뒤 다시 시도해 주세요.",
        ),
        ProblemCode::AuthBusy => (
            "로그인 혼잡",
            "로그인 요청이 몰리고 있어요. 잠시 후 다시 시도해 주세요.",
        ),
        ProblemCode::RefreshInvalid => (
            "재로그인 필요",
            "로그인이 만료되었어요. 다시 로그인해 주세요.",
        ),
        ProblemCode::TokenMissing => ("로그인 필요", "로그인이 필요해요."),
        ProblemCode::TokenExpired => (
            "로그인 만료",
            "로그인이 만료되었어요. 다시 로그인해 주세요.",
        ),
        ProblemCode::TokenInvalid => (
            "로그인 필요",
            "로그인 정보가 올바르지 않아요. 다시 로그인해 주세요.",
        ),
        ProblemCode::SessionEnded => ("로그아웃됨", "로그아웃되었어요. 다시 로그인해 주세요."),
        ProblemCode::PermissionDenied => ("권한 없음", "서비스 이용 권한이 없습니다"),
        ProblemCode::LineNotFound => ("회선 없음", "해당 회선을 찾을 수 없어요."),
        ProblemCode::BillNotFound => ("청구 내역 없음", "해당 월의 청구 내역이 없어요."),
        ProblemCode::LineInactive => (
            "사용 중이 아닌 회선",
            "사용 중이 아닌 회선이라 조회할 수 없어요.",
        ),
        ProblemCode::IdempotencyKeyMissing => {
            ("중복 방지 키 필요", "Idempotency-Key 헤더가 필요해요.")
        }
        ProblemCode::IdempotencyKeyReused => (
            "중복 방지 키 재사용",
            "같은 Idempotency-Key로 다른 내용을 요청할 수 없어요.",
        ),
        ProblemCode::PrecheckFailed => ("사전 체크 실패", "상품 사전 체크에 실패하였다"),
        ProblemCode::ChangeRejected => ("변경 실패", "상품 변경에 실패했습니다"),
        ProblemCode::ChangeInProgress => (
            "진행 중인 변경",
            "이 회선의 다른 상품 변경을 처리하고 있어요. 결과를 확인한 뒤 다시 신청해 주세요.",
        ),
        ProblemCode::CurrentProductChanged => (
            "현재 상품이 바뀜",
            "이용 중인 상품이 그 사이에 바뀌었어요. 현재 상품을 다시 확인해 주세요.",
        ),
        ProblemCode::KosBadAnswer => (
            "통신사 응답 오류",
            "통신사에서 알 수 없는 답이 왔어요. 잠시 후 다시 시도해 주세요.",
        ),
        ProblemCode::KosUnavailable => ("시스템 일시 장애", "시스템 일시 장애, 잠시 후 재시도"),
        ProblemCode::KosTimeout => (
            "통신사 응답 지연",
            "통신사의 답이 늦어지고 있어요. 잠시 후 다시 시도해 주세요.",
        ),
        ProblemCode::Unavailable => (
            "서비스 일시 중단",
            "지금은 서비스를 이용할 수 없어요. 잠시 후 다시 시도해 주세요.",
        ),
        ProblemCode::Internal => (
            "처리하지 못함",
            "요청을 처리하지 못했어요. 잠시 후 다시 시도하고, 계속되면 요청번호를 알려 주세요.",
        ),
        ProblemCode::Network => ("연결 안 됨", "인터넷 연결을 확인한 뒤 다시 시도해 주세요."),
    };
    Words { title, detail }
}

/// The message for one wrong field; an empty field of the login names what belongs there.
pub fn field(lang: Lang, name: &str, code: FieldCode) -> &'static str {
    if lang == Lang::En {
        return english::field(name, code);
    }
    match code {
        FieldCode::Required if name == "userId" => "아이디를 입력해 주세요.",
        FieldCode::Required if name == "password" => "비밀번호를 입력해 주세요.",
        FieldCode::Required => "값을 입력해 주세요.",
        FieldCode::Unknown => "알 수 없는 항목이에요.",
        FieldCode::Malformed => "형식이 올바르지 않아요.",
        FieldCode::UserIdLength => "아이디는 영문, 숫자, _, -로 3~20자예요.",
        FieldCode::PasswordLength => {
            "비밀번호는 8자 이상 128자 이하예요. 한글은 42자까지 쓸 수 있어요."
        }
        FieldCode::MonthInFuture => "미래 월의 요금 정보는 조회할 수 없습니다.",
        FieldCode::MonthTooOld => "최근 6개월 요금만 조회할 수 있어요.",
        FieldCode::SameProduct => "이미 이용 중인 상품이에요.",
    }
}

/// Why a change failed.
pub fn reject_reason(lang: Lang, reason: RejectReason) -> &'static str {
    if lang == Lang::En {
        return english::reject_reason(reason);
    }
    match reason {
        RejectReason::LineNotFound => "통신사에서 해당 회선을 찾지 못했어요.",
        RejectReason::LineNotActive => "변경 요청 회선은 사용 중인 상태가 아닙니다",
        RejectReason::ProductNotFound => "선택하신 상품을 찾지 못했어요.",
        RejectReason::ProductNotOnSale => "현재 판매중인 상품이 아닙니다",
        RejectReason::OperatorMismatch => "변경 요청한 사업자에서 판매중인 상품이 아닙니다",
        RejectReason::CurrentProductChanged => "이용 중인 상품이 그 사이에 바뀌었어요.",
        RejectReason::Refused => "통신사에서 변경을 받아들이지 않았어요.",
        RejectReason::NotApplied => {
            "통신사에서 변경이 처리되지 않은 것을 확인했어요. 이 신청으로 바뀐 것은 없어요."
        }
    }
}

/// Instead of the reason, where KOS was found to have applied the change after all.
pub fn found_late(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => {
            "실패로 알려 드린 변경을 통신사가 나중에 처리한 것으로 보여요. 지금 쓰는 상품을 확인하고 고객센터에 처리번호를 알려 주세요."
        }
        Lang::En => english::FOUND_LATE,
    }
}

/// The sentence of one pre-check.
pub fn check(lang: Lang, check: CheckType, verdict: Verdict) -> &'static str {
    if lang == Lang::En {
        return english::check(check, verdict);
    }
    match (check, verdict) {
        (CheckType::ProductOnSale, Verdict::Pass) => "판매 중인 상품이에요.",
        (CheckType::ProductOnSale, Verdict::Fail) => "현재 판매중인 상품이 아닙니다",
        (CheckType::OperatorMatch, Verdict::Pass) => "같은 사업자의 상품이에요.",
        (CheckType::OperatorMatch, Verdict::Fail) => {
            "변경 요청한 사업자에서 판매중인 상품이 아닙니다"
        }
        (CheckType::LineInUse, Verdict::Pass) => "사용 중인 회선이에요.",
        (CheckType::LineInUse, Verdict::Fail) => "변경 요청 회선은 사용 중인 상태가 아닙니다",
    }
}

/// The operator check if KOS does not report whose plan it is.
pub fn operator_left_to_kos(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => OPERATOR_LEFT_TO_KOS,
        Lang::En => english::OPERATOR_LEFT_TO_KOS,
    }
}

/// The same in Korean.
pub const OPERATOR_LEFT_TO_KOS: &str = "사업자는 통신사가 변경을 처리할 때 확인해요.";
