//! Quantities of data, calls and messages as customers read them.

use super::{Lang, english, frame::Frame};
use crate::model::Allowance;

/// `10GB`, `5.2GB`, `500MB` in either language (1 GB = 1,024 MB; at most one decimal).
pub fn data(_: Lang, megabytes: u64) -> String {
    if megabytes < 1_024 {
        return format!("{megabytes}MB");
    }
    // Rounded half up in tenths, without leaving integers.
    let tenths = (u128::from(megabytes) * 10 + 512) / 1_024;
    match tenths % 10 {
        0 => format!("{}GB", tenths / 10),
        tenth => format!("{}.{tenth}GB", tenths / 10),
    }
}

/// `100분`, `100 min`.
pub fn minutes(lang: Lang, minutes: u64) -> String {
    match lang {
        Lang::Ko => format!("{minutes}분"),
        Lang::En => format!("{minutes} min"),
    }
}

/// `100건`, `100 texts`.
pub fn messages(lang: Lang, count: u64) -> String {
    match lang {
        Lang::Ko => format!("{count}건"),
        Lang::En => english::counted(count, "text", "texts"),
    }
}

/// An allowance in words: the quantity formatted by `unit`, unlimited, or not reported by KOS.
pub fn allowance(lang: Lang, allowance: Allowance, unit: fn(Lang, u64) -> String) -> String {
    match allowance {
        Allowance::Limited(quantity) => unit(lang, quantity),
        Allowance::Unlimited => Frame::of(lang).unlimited.to_owned(),
        Allowance::Unknown => Frame::of(lang).unknown.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{allowance, data, messages};
    use crate::{model::Allowance, text::Lang};

    #[test]
    fn data_is_rounded_to_one_decimal() {
        for (megabytes, text) in [
            (0, "0MB"),
            (500, "500MB"),
            (1_023, "1023MB"),
            (1_024, "1GB"),
            (1_536, "1.5GB"),
            (5_325, "5.2GB"),
            (10_239, "10GB"),
            (102_400, "100GB"),
        ] {
            assert_eq!(data(Lang::Ko, megabytes), text);
        }
        assert_eq!(data(Lang::En, u64::MAX), "18014398509481984GB");
    }

    #[test]
    fn unlimited_and_unknown_are_words() {
        let text = |quantity| allowance(Lang::Ko, quantity, messages);
        assert_eq!(text(Allowance::Unlimited), "무제한");
        assert_eq!(text(Allowance::Limited(100)), "100건");
        assert_eq!(text(Allowance::Unknown), "정보 없음");
        let text = |quantity| allowance(Lang::En, quantity, messages);
        assert_eq!(text(Allowance::Unlimited), "Unlimited");
        assert_eq!(text(Allowance::Limited(1)), "1 text");
        assert_eq!(text(Allowance::Limited(0)), "0 texts");
        assert_eq!(text(Allowance::Unknown), "No information");
    }
}
