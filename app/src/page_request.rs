//! What a page knows about its request.
//!
//! The server provides it in the Leptos context. Pages are rendered on the server only (islands
//! mode), so reading it needs no resource and no await.

use crate::{
    in_language::InLanguage,
    links::line_asked_for,
    model::{BillingMonth, KstInstant, Line, LineId, Permission, UserInfo},
    problem::Problem,
    text::Lang,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The request behind a page.
#[derive(Clone)]
pub struct PageRequest {
    pub lang: Lang,
    /// The request id, shown in small type on every error.
    pub request_id: String,
    /// The signed-in customer, if any.
    pub user: Option<UserInfo>,
    pub moment: Moment,
    /// Why the previous form post was refused, to be shown once.
    pub refused: Option<Refused>,
    /// What the previous form post did, to be shown once.
    pub done: Option<Done>,
    /// A new idempotency key for a form on this page.
    pub idempotency_key: String,
    status: Arc<dyn Fn(u16) + Send + Sync>,
}

/// When a request came, as far as pages need it.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The current month in Asia/Seoul.
    pub current_month: BillingMonth,
    /// [`WATCHED_FOR`](crate::model::WATCHED_FOR) ago.
    pub watched_since: KstInstant,
}

/// What a form post leaves for the page it redirects to, in a short-lived cookie.
#[derive(Clone, Debug)]
pub enum Flash {
    Refused(Box<Refused>),
    Done(Done),
}

impl InLanguage for Flash {
    fn in_language(self, lang: Lang) -> Self {
        match self {
            Self::Refused(mut refused) => {
                refused.problem = refused.problem.in_language(lang);
                Self::Refused(refused)
            }
            Self::Done(done) => Self::Done(done),
        }
    }
}

/// The effect of a form post that the next page would not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Done {
    LoggedOut,
    /// Another device, which has left the list.
    DeviceLoggedOut,
    /// Every other device; their sessions are gone from the list.
    OthersLoggedOut,
}

/// Why a form was refused, and the input shown again.
#[derive(Clone, Debug)]
pub struct Refused {
    pub problem: Problem,
    pub entered: Entered,
    /// A form was posted without effect.
    pub not_done: bool,
}

/// The input of the login form, so that it need not be typed again.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Entered {
    pub user_id: String,
    /// Whether the box was ticked.
    pub auto_login: bool,
}

impl std::fmt::Debug for Entered {
    /// Ids are personal data: logs do not see what was typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entered")
            .field("auto_login", &self.auto_login)
            .finish_non_exhaustive()
    }
}

/// Renders `screen` for the current request; renders nothing while Leptos collects the routes, when
/// there is no request.
pub fn with_page<V: IntoView + 'static>(screen: impl FnOnce(PageRequest) -> V) -> AnyView {
    use_context::<PageRequest>().map(screen).into_any()
}

/// The language of the page being rendered; in the browser, that of the document around an island.
pub fn language() -> Lang {
    // Decided at compile time: the browser's code carries nothing of the request.
    if cfg!(target_family = "wasm") {
        let root = document().document_element();
        let tag = root.and_then(|root| root.get_attribute("lang"));
        tag.and_then(|tag| Lang::tagged(&tag)).unwrap_or_default()
    } else {
        let page = use_context::<PageRequest>();
        page.map(|page| page.lang).unwrap_or_default()
    }
}

/// Provided if the gateway refused a page request: the document shows it instead of the page.
#[derive(Clone)]
pub struct PageProblem(pub Problem);

impl PageRequest {
    /// `set_status` sets the status of the page's response.
    pub fn new(
        lang: Lang,
        request_id: String,
        user: Option<UserInfo>,
        moment: Moment,
        flash: Option<Flash>,
        idempotency_key: String,
        set_status: impl Fn(u16) + Send + Sync + 'static,
    ) -> Self {
        let (refused, done) = match flash {
            Some(Flash::Refused(refused)) => (Some(*refused), None),
            Some(Flash::Done(done)) => (None, Some(done)),
            None => (None, None),
        };
        Self {
            lang,
            request_id,
            user,
            moment,
            refused,
            done,
            idempotency_key,
            status: Arc::new(set_status),
        }
    }

    /// Sets the HTTP status of the page's response.
    pub fn set_status(&self, status: u16) {
        (self.status)(status);
    }

    /// The customer's lines, and the requested one, or the first if none is requested.
    pub fn lines(&self, asked: Option<&LineId>) -> (Vec<Line>, Option<LineId>) {
        let lines = self.user.as_ref().map(|user| user.lines.clone());
        let lines = lines.unwrap_or_default();
        let first = || lines.first().map(|line| line.line_id.clone());
        let meant = asked.cloned().or_else(first);
        (lines, meant)
    }

    /// The line in the address, for links to keep; `None` if it is not one of the customer's.
    pub fn line_to_keep(&self) -> Option<LineId> {
        line_asked_for().filter(|line| self.has_line(line))
    }

    /// Whether the line is one of the customer's own.
    pub fn has_line(&self, line: &LineId) -> bool {
        let mut lines = self.user.iter().flat_map(|user| &user.lines);
        lines.any(|own| own.line_id == *line)
    }

    /// Decides what a page shows; the gateway decides who may see the page.
    pub fn may(&self, permission: Permission) -> bool {
        self.user.as_ref().is_some_and(|user| user.may(permission))
    }
}
