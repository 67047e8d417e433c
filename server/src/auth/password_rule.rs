//! Which passwords may be set. A login does not check this: old passwords stay valid.

use super::demo::DEMO_PASSWORD;
use app::model::{LineNumber, LoginId, Password};

/// Lower case, eight characters or more; shorter ones are refused by length.
const COMMON: [&str; 40] = [
    "00000000",
    "11111111",
    "11223344",
    "12121212",
    "12341234",
    "12344321",
    "123123123",
    "12345678",
    "123456789",
    "1234567890",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "22222222",
    "66666666",
    "77777777",
    "87654321",
    "88888888",
    "99999999",
    "987654321",
    "a1234567",
    "a12345678",
    "aa123456",
    "abcd1234",
    "abcdefgh",
    "administrator",
    "asdf1234",
    "asdfasdf",
    "asdfghjkl",
    "baseball",
    "computer",
    "football",
    "iloveyou",
    "letmein1",
    "passw0rd",
    "password",
    "password1",
    "password123",
    "qwer1234",
    "qwertyuiop",
];

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has 8 to 128 bytes")]
    Length,
    #[error("this password is among the first that anybody would try")]
    Common,
    #[error(
        "the password contains the login id, the customer id, a line number or the name of the service"
    )]
    Guessable,
}

/// Whose password it is: what others know of the customer.
pub(super) struct Owner<'a> {
    pub user_id: &'a LoginId,
    pub customer_id: &'a str,
    pub lines: &'a [LineNumber],
}

/// Customer ids shorter than this are in many a password by chance.
const TELLING: usize = 4;

/// Accepts a new password exactly as typed, or returns why not.
pub(super) fn accept(text: &str, owner: &Owner<'_>) -> Result<Password, WeakPassword> {
    let password: Password = text.parse().map_err(|_| WeakPassword::Length)?;
    let lower = text.to_lowercase();
    if COMMON.contains(&lower.as_str()) || text.eq_ignore_ascii_case(DEMO_PASSWORD) {
        return Err(WeakPassword::Common);
    }
    if lower.contains("phonebill") || owner.is_named_by(&lower) {
        return Err(WeakPassword::Guessable);
    }
    Ok(password)
}

impl Owner<'_> {
    /// Whether the text, in lower case, contains the login id, the customer id or a line, however its
    /// digits are grouped, with `010` or without.
    fn is_named_by(&self, lower: &str) -> bool {
        let customer_id = self.customer_id.to_lowercase();
        let digits: String = lower.chars().filter(char::is_ascii_digit).collect();
        let own = |line: &LineNumber| digits.contains(line.as_str().get(3..).unwrap_or_default());
        lower.contains(&self.user_id.as_str().to_lowercase())
            || (customer_id.len() >= TELLING && lower.contains(&customer_id))
            || self.lines.iter().any(own)
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMON, Owner, WeakPassword, accept};
    use app::model::Password;
    use proptest::prelude::*;

    fn judged(text: &str, customer_id: &str) -> Result<Password, WeakPassword> {
        let lines = ["01098765432", "01001001234"].map(|line| line.parse().unwrap());
        let owner = Owner {
            user_id: &"minsu".parse().unwrap(),
            customer_id,
            lines: &lines,
        };
        accept(text, &owner)
    }

    fn verdict(text: &str) -> Result<(), WeakPassword> {
        judged(text, "Cust-4711").map(|_| ())
    }

    #[test]
    fn common_and_guessable_ones_are_refused() {
        assert_eq!(verdict("PassWord123"), Err(WeakPassword::Common));
        assert_eq!(verdict("xxMINSUxx"), Err(WeakPassword::Guessable));
        assert_eq!(verdict("PhoneBill-2026"), Err(WeakPassword::Guessable));
        assert_eq!(verdict("1234567"), Err(WeakPassword::Length));
        assert_eq!(verdict(&"가".repeat(43)), Err(WeakPassword::Length));
        assert_eq!(verdict("demo-Pass-2026"), Err(WeakPassword::Common));
        assert_eq!(verdict("Demo-pass-2027"), Ok(()));
        assert!(COMMON.iter().all(|word| word.len() >= 8));
    }

    #[test]
    fn what_others_know_of_the_customer_is_refused() {
        for own in [
            "01098765432",
            "010-9876-5432",
            "my 9876.5432!",
            "0100-1001-234",
            "cUST-4711",
            "xxcust-4711xx",
        ] {
            assert_eq!(verdict(own), Err(WeakPassword::Guessable), "{own}");
        }
        for other in ["01098765433", "cust-4712", "horse 9876"] {
            assert_eq!(verdict(other), Ok(()), "{other}");
        }
        for short in ["", "C1"] {
            assert!(judged("xxC1xxxx", short).is_ok(), "{short}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_trimmed_or_folded(text in ".{8,30}") {
            if let Ok(password) = judged(&text, "Cust-4711") {
                prop_assert_eq!(password.expose(), text);
            }
        }
    }
}
