//! The price list of two operators.

use serde::Serialize;

/// The operator that sells a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Operator {
    Hanbit,
    Pureun,
}

/// Whether a plan can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SaleStatus {
    Active,
    Inactive,
    Discontinued,
}

/// A plan. `None` in an allowance is unlimited.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// `5G`, `LTE` or `3G`.
    pub(crate) network: &'static str,
    pub(crate) operator: Operator,
    /// Won per month.
    pub(crate) fee: u64,
    pub(crate) data_gb: Option<u64>,
    pub(crate) voice_minutes: Option<u64>,
    pub(crate) sms: Option<u64>,
    pub(crate) status: SaleStatus,
    pub(crate) description: &'static str,
    pub(crate) benefits: &'static [&'static str],
}

/// The plan with a code.
pub(crate) fn plan(code: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.code == code)
}

/// A plan on sale; the table overrides the few that are not.
const fn on_sale(
    operator: Operator,
    names: [&'static str; 4],
    fee: u64,
    allowances: [Option<u64>; 3],
    benefits: &'static [&'static str],
) -> Plan {
    let [code, name, network, description] = names;
    let [data_gb, voice_minutes, sms] = allowances;
    let status = SaleStatus::Active;
    Plan {
        code,
        name,
        network,
        operator,
        fee,
        data_gb,
        voice_minutes,
        sms,
        status,
        description,
        benefits,
    }
}

use Operator::{Hanbit, Pureun};

/// Every plan, by operator, from the most expensive to the cheapest.
pub(crate) static PLANS: [Plan; 17] = [
    on_sale(
        Hanbit,
        [
            "5G-PREMIUM-001",
            "5G 프리미엄",
            "5G",
            "데이터 걱정 없는 5G 최상위 요금제",
        ],
        89_000,
        [None, None, None],
        &[
            "영상 스트리밍 구독 포함",
            "해외 로밍 50% 할인",
            "스마트워치 회선 무료",
        ],
    ),
    on_sale(
        Hanbit,
        [
            "5G-STANDARD-001",
            "5G 스탠다드",
            "5G",
            "넉넉한 100GB 5G 요금제",
        ],
        69_000,
        [Some(100), None, None],
        &["음악 스트리밍 3개월 무료", "데이터 나눠쓰기 20GB"],
    ),
    on_sale(
        Hanbit,
        [
            "LTE-PREMIUM-001",
            "LTE 프리미엄",
            "LTE",
            "50GB와 무제한 통화",
        ],
        59_000,
        [Some(50), None, None],
        &["데이터 나눠쓰기 10GB"],
    ),
    on_sale(
        Hanbit,
        ["5G-SLIM-001", "5G 슬림", "5G", "알뜰하게 시작하는 5G"],
        49_000,
        [Some(30), None, None],
        &["심야 데이터 50% 할인"],
    ),
    on_sale(
        Hanbit,
        [
            "LTE-BASIC-001",
            "LTE 베이직",
            "LTE",
            "꼭 필요한 만큼만 쓰는 LTE",
        ],
        39_000,
        [Some(10), Some(300), Some(200)],
        &[],
    ),
    Plan {
        status: SaleStatus::Discontinued,
        ..on_sale(
            Hanbit,
            [
                "3G-OLD-001",
                "3G 올드 요금제",
                "3G",
                "신규 가입이 끝난 3G 요금제",
            ],
            29_000,
            [Some(2), Some(200), Some(200)],
            &[],
        )
    },
    Plan {
        status: SaleStatus::Inactive,
        ..on_sale(
            Hanbit,
            [
                "LTE-EVENT-001",
                "LTE 이벤트",
                "LTE",
                "이벤트 기간에만 판매하는 요금제",
            ],
            25_000,
            [Some(15), None, None],
            &["이벤트 기간 할인"],
        )
    },
    on_sale(
        Hanbit,
        [
            "LTE-LITE-001",
            "LTE 라이트",
            "LTE",
            "가벼운 사용자를 위한 LTE",
        ],
        19_800,
        [Some(3), Some(100), Some(100)],
        &[],
    ),
    on_sale(
        Hanbit,
        [
            "LTE-SENIOR-001",
            "시니어 안심",
            "LTE",
            "만 65세 이상 고객을 위한 요금제",
        ],
        16_500,
        [Some(1), Some(200), Some(200)],
        &["안심 위치 알림"],
    ),
    on_sale(
        Pureun,
        [
            "5G-PURE-MAX-001",
            "푸른 5G 맥스",
            "5G",
            "푸른통신의 5G 무제한",
        ],
        79_000,
        [None, None, None],
        &["해외 로밍 30% 할인"],
    ),
    on_sale(
        Pureun,
        [
            "5G-PURE-PLUS-001",
            "푸른 5G 플러스",
            "5G",
            "120GB를 담은 5G",
        ],
        65_000,
        [Some(120), None, None],
        &["데이터 이월"],
    ),
    on_sale(
        Pureun,
        ["5G-PURE-001", "푸른 5G", "5G", "80GB 5G 기본형"],
        55_000,
        [Some(80), None, None],
        &["데이터 이월"],
    ),
    on_sale(
        Pureun,
        [
            "LTE-PURE-MAX-001",
            "푸른 LTE 무제한",
            "LTE",
            "속도 제한 없는 LTE",
        ],
        44_000,
        [None, None, None],
        &[],
    ),
    on_sale(
        Pureun,
        [
            "LTE-PURE-11-001",
            "푸른 LTE 11GB",
            "LTE",
            "가장 많이 찾는 11GB",
        ],
        33_000,
        [Some(11), None, None],
        &[],
    ),
    on_sale(
        Pureun,
        ["LTE-PURE-7-001", "푸른 LTE 7GB", "LTE", "7GB와 통화 500분"],
        27_500,
        [Some(7), Some(500), Some(300)],
        &[],
    ),
    on_sale(
        Pureun,
        [
            "LTE-PURE-START-001",
            "푸른 스타트",
            "LTE",
            "처음 쓰는 휴대폰에 맞춘 2GB",
        ],
        13_200,
        [Some(2), Some(100), Some(100)],
        &[],
    ),
    Plan {
        status: SaleStatus::Discontinued,
        ..on_sale(
            Pureun,
            [
                "3G-PURE-OLD-001",
                "푸른 3G",
                "3G",
                "신규 가입이 끝난 3G 요금제",
            ],
            22_000,
            [Some(1), Some(150), Some(150)],
            &[],
        )
    },
];
