//! KOS's Korean texts.

/// The message of a result code.
pub(crate) fn result_message(code: &str) -> &'static str {
    match code {
        "0000" => "정상 처리되었습니다",
        "1001" | "2001" | "3001" => "존재하지 않는 회선입니다",
        "1002" | "2002" | "3002" => "사용 중인 회선이 아닙니다",
        "1003" => "해당 월의 청구 정보가 없습니다",
        "2003" => "존재하지 않는 상품입니다",
        "2004" => "판매가 종료된 상품입니다",
        "2005" => "다른 사업자의 상품입니다",
        "2006" => "현재 상품이 일치하지 않습니다",
        "2007" => "이미 처리된 요청입니다",
        "2099" => "상품 변경에 실패했습니다",
        "2404" => "처리된 변경 요청이 없습니다",
        "3003" => "상품 정보가 없습니다",
        "8888" => "일시적인 오류입니다",
        "9001" => "요청 본문이 올바르지 않습니다",
        "9002" => "필수 항목이 없습니다",
        "9003" => "회선번호 형식이 올바르지 않습니다",
        "9004" => "청구월 형식이 올바르지 않습니다",
        "9005" => "상품 코드 형식이 올바르지 않습니다",
        "9006" => "요청번호 형식이 올바르지 않습니다",
        _ => "시스템 오류입니다",
    }
}

pub(crate) const UNLIMITED: &str = "무제한";

/// Whole gigabytes, rounded up: `37GB`.
pub(crate) fn data_used(mb: u64) -> String {
    format!("{}GB", mb.div_ceil(1024))
}

/// `120분`.
pub(crate) fn minutes_used(minutes: u64) -> String {
    format!("{minutes}분")
}

/// `33건`.
pub(crate) fn messages_used(messages: u64) -> String {
    format!("{messages}건")
}
