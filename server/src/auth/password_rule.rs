//! Which passwords may be set. A login does not check this: old passwords stay valid.

use app::model::{LoginId, Password};

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
    #[error("the password contains the login id or the name of the service")]
    Guessable,
}

/// Accepts a new password exactly as typed, or returns why not.
pub(super) fn accept(text: &str, user_id: &LoginId) -> Result<Password, WeakPassword> {
    let password: Password = text.parse().map_err(|_| WeakPassword::Length)?;
    let lower = text.to_lowercase();
    if COMMON.contains(&lower.as_str()) {
        return Err(WeakPassword::Common);
    }
    let user_id = user_id.as_str().to_lowercase();
    if lower.contains(&user_id) || lower.contains("phonebill") {
        return Err(WeakPassword::Guessable);
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::{COMMON, WeakPassword, accept};
    use proptest::prelude::*;

    fn verdict(text: &str) -> Result<(), WeakPassword> {
        accept(text, &"minsu".parse().unwrap()).map(|_| ())
    }

    #[test]
    fn common_and_guessable_ones_are_refused() {
        assert_eq!(verdict("PassWord123"), Err(WeakPassword::Common));
        assert_eq!(verdict("xxMINSUxx"), Err(WeakPassword::Guessable));
        assert_eq!(verdict("PhoneBill-2026"), Err(WeakPassword::Guessable));
        assert_eq!(verdict("1234567"), Err(WeakPassword::Length));
        assert_eq!(verdict(&"가".repeat(43)), Err(WeakPassword::Length));
        assert_eq!(verdict("Demo-pass-2026"), Ok(()));
        assert!(COMMON.iter().all(|word| word.len() >= 8));
    }

    proptest! {
        #[test]
        fn nothing_is_trimmed_or_folded(text in ".{8,30}") {
            if let Ok(password) = accept(&text, &"minsu".parse().unwrap()) {
                prop_assert_eq!(password.expose(), text);
            }
        }
    }
}
