//! How a command ended, for scripts.

/// An answer that is not the hoped-for one, each kind with an exit code of its own. Everything else
/// that goes wrong is 1; 2 is a mistake on the command line, 78 one in the configuration.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Told {
    /// There is no such thing.
    #[error("{0}")]
    NotThere(String),
    /// It is there, and not in a state for this.
    #[error("{0}")]
    NotNow(String),
    /// The history is not what was written.
    #[error("the history is broken: {0}")]
    Broken(String),
}

impl Told {
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::NotThere(_) => 3,
            Self::NotNow(_) => 4,
            Self::Broken(_) => 5,
        }
    }
}
