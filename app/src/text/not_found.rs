//! The words of the page for an address that does not exist.

use super::Lang;

/// The sentences of the page.
pub struct NotFound {
    pub title: &'static str,
    pub heading: &'static str,
    pub text: &'static str,
}

impl NotFound {
    /// The sentences in `lang`.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Ko => &KO,
            Lang::En => &super::english::not_found::EN,
        }
    }
}

const KO: NotFound = NotFound {
    title: "페이지를 찾을 수 없어요",
    heading: "주소를 다시 확인해 주세요",
    text: "입력하신 주소가 바뀌었거나 없는 페이지예요. 찾으시던 내용은 메인에서 다시 시작할 수 있어요.",
};
