//! The exit codes of failed commands, for scripts.

/// A failure with an exit code of its own. Any other is 1; 2 is a mistake on the command line, 78 one in
/// the configuration.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Failure {
    /// What was named does not exist.
    #[error("{0}")]
    NotThere(String),
    /// It exists, but is not in a state for this.
    #[error("{0}")]
    NotNow(String),
    /// The history was altered.
    #[error("the history is broken: {0}")]
    Broken(String),
}

impl Failure {
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::NotThere(_) => 3,
            Self::NotNow(_) => 4,
            Self::Broken(_) => 5,
        }
    }
}
