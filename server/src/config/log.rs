//! Logs.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug)]
pub struct LogConfig {
    /// A level or a tracing filter.
    pub level: String,
    pub format: LogFormat,
}
