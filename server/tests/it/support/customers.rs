//! Customers as the gateway hands them to the services.

use app::model::{Line, LineId, Permission, Principal, UserInfo};

/// A customer with both permissions and the given lines, with ids `<account>-line-1` and so on.
pub fn customer(account: &str, numbers: &[&str]) -> Principal {
    let lines = numbers.iter().enumerate().map(|(index, number)| Line {
        line_id: LineId(format!("{account}-line-{}", index + 1)),
        line_number: number.parse().unwrap(),
    });
    Principal {
        session_id: "session".into(),
        account_id: account.into(),
        user: UserInfo {
            user_id: account.into(),
            user_name: "김하늘".into(),
            customer_id: format!("C-{account}"),
            permissions: Permission::ALL.to_vec(),
            lines: lines.collect(),
        },
    }
}

/// The demo customer with two lines.
pub fn demo01() -> Principal {
    customer("demo01", &["01012345678", "01023456789"])
}
