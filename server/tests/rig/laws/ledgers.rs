//! The ledgers that are compared. Lists are in order of time.

/// All ledgers at the end of a run.
#[derive(Clone, Debug, Default)]
pub struct Ledgers {
    pub kos: KosLedger,
    pub record: Record,
    /// What the AP server received, duplicates included.
    pub ap: Vec<Delivery>,
    /// What was shown to customers.
    pub told: Vec<Told>,
    /// Snapshots of the record during the run, the last one from its end.
    pub moments: Vec<Moment>,
}

/// KOS's ledger: it decides what really happened.
#[derive(Clone, Debug, Default)]
pub struct KosLedger {
    /// Changes that arrived on the wire, whatever their outcome.
    pub arrived: Vec<Arrival>,
    pub applied: Vec<Applied>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub request_id: String,
    /// The network delivered it twice, and KOS detects no duplicates (neither K3 nor K4).
    pub doubled_by_network: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub request_id: String,
    pub line: String,
    /// The plan that the line was on.
    pub from: String,
    pub to: String,
    /// Made elsewhere, for example in a shop: not in the record, but shown by pages afterwards.
    pub by_somebody_else: bool,
}

/// The database.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub changes: Vec<ChangeRow>,
    pub history: Vec<HistoryRow>,
    pub outbox: Vec<OutboxRow>,
    pub answers: Vec<AnswerRow>,
    /// Bill inquiries whose request and result are both there, by request id.
    pub bill_inquiries: Vec<String>,
    /// The first row at which the history's chain is broken.
    pub chain_broken_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    pub request_id: String,
    pub account: String,
    pub key: String,
    pub line: String,
    pub from: String,
    pub to: String,
    pub state: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    pub event_id: String,
    pub line: String,
    pub seq: i64,
    pub request_id: String,
    pub state: State,
    pub payload: String,
}

/// An event of the outbox about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    pub event_id: String,
    pub line: String,
    pub payload: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    pub account: String,
    pub key: String,
    pub answer: Option<String>,
}

/// What the AP server received about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub event_id: String,
    pub line: String,
    pub request_id: String,
    /// `SUCCESS` or `FAILURE`.
    pub result: String,
    pub payload: String,
}

/// The state of a change in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Intent,
    Calling,
    Unknown,
    Manual,
    Completed,
    Rejected,
    NotApplied,
}

impl State {
    pub const ALL: [Self; 7] = [
        Self::Intent,
        Self::Calling,
        Self::Unknown,
        Self::Manual,
        Self::Completed,
        Self::Rejected,
        Self::NotApplied,
    ];

    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Intent => "INTENT",
            Self::Calling => "CALLING",
            Self::Unknown => "UNKNOWN",
            Self::Manual => "MANUAL",
            Self::Completed => "COMPLETED",
            Self::Rejected => "REJECTED",
            Self::NotApplied => "NOT_APPLIED",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    pub fn is_terminal(self) -> bool {
        self >= Self::Completed
    }

    /// Whether a change in this state may later be in `later`, in any number of steps. Written here
    /// independently, so that the product's own table is judged too.
    pub fn may_lead_to(self, later: Self) -> bool {
        match self {
            _ if self == later => true,
            Self::Intent => true,
            Self::Calling => later > Self::Calling,
            Self::Unknown => later > Self::Unknown,
            Self::Manual => later.is_terminal(),
            Self::Completed | Self::Rejected | Self::NotApplied => false,
        }
    }
}

/// The states of all changes at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Line, request id, state.
    pub states: Vec<(String, String, State)>,
}

/// Something that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Numbers of one counter, drawn when the question was sent and when its answer arrived: an answer
    /// is surely later than another if its question was sent after the other arrived.
    pub asked: u64,
    pub answered: u64,
    pub what: Shown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// An answer to a request for a change.
    Answer {
        account: String,
        key: String,
        /// The HTTP status.
        status: u16,
        body: String,
        request_id: Option<String>,
        says: Option<Says>,
    },
    /// A change as a status page or the history shows it.
    Status { request_id: String, says: Says },
    /// The line's plan as a page shows it.
    Page { line: String, plan: String },
    /// A bill, answered 200.
    Bill { request_id: String },
}

/// What a customer is shown of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Pending,
    Completed,
    Failed,
}

impl Told {
    /// The change it is about, and its status.
    pub fn of_change(&self) -> Option<(&str, Says)> {
        match &self.what {
            Shown::Answer {
                request_id, says, ..
            } => Some((request_id.as_deref()?, (*says)?)),
            Shown::Status { request_id, says } => Some((request_id, *says)),
            Shown::Page { .. } | Shown::Bill { .. } => None,
        }
    }
}
