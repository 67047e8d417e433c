//! Customers as the gateway hands them to the services.

use app::model::{Line, LineId, LineNumber, Permission, Principal, UserInfo};
use server::kos::HeldLine;

/// A customer with both permissions and the given lines, with ids `<account>-line-1` and so on. At KOS it
/// is the customer of the first line.
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
            customer_id: numbers
                .first()
                .map_or_else(String::new, |first| holder(first)),
            permissions: Permission::ALL.to_vec(),
            lines: lines.collect(),
        },
    }
}

/// The demo customer with two lines.
pub fn demo01() -> Principal {
    customer("demo01", &["01012345678", "01023456789"])
}

/// The line as that of its customer at KOS.
pub fn held(number: &LineNumber) -> HeldLine {
    HeldLine {
        number: number.clone(),
        customer_id: holder(number.as_str()),
    }
}

/// The id of the line's customer at KOS; of a line that KOS does not know, any.
pub fn holder(number: &str) -> String {
    let told = simulator::demo_customer(number);
    told.map_or_else(|| "nobody".to_owned(), |told| told.customer_id)
}
