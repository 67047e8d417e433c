//! The columns of the matrix.

/// The routes of customers and operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    Login,
    /// SCR-002.
    Main,
    /// SCR-003.
    BillMenu,
    /// A bill asked for before.
    Cached,
    /// A bill never asked for.
    Uncached,
    /// SCR-004, for a line looked at before.
    BillResult,
    /// SCR-005, for a line looked at before.
    ProductMenu,
    Options,
    Check,
    Change,
    /// Both, in turns.
    Histories,
    Live,
    Ready,
}

impl Route {
    pub const ALL: [Self; 13] = [
        Self::Login,
        Self::Main,
        Self::BillMenu,
        Self::Cached,
        Self::Uncached,
        Self::BillResult,
        Self::ProductMenu,
        Self::Options,
        Self::Check,
        Self::Change,
        Self::Histories,
        Self::Live,
        Self::Ready,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Main => "/main",
            Self::BillMenu => "bill menu",
            Self::Cached => "cached inquiry",
            Self::Uncached => "uncached inquiry",
            Self::BillResult => "SCR-004",
            Self::ProductMenu => "product menu",
            Self::Options => "options",
            Self::Check => "pre-check",
            Self::Change => "change",
            Self::Histories => "histories",
            Self::Live => "live",
            Self::Ready => "ready",
        }
    }

    /// Concurrent askers: for routes that wait for KOS, enough to open a breaker.
    pub fn askers(self) -> usize {
        match self {
            Self::Uncached => 6,
            Self::Options | Self::Check | Self::Change => 2,
            _ => 1,
        }
    }
}
