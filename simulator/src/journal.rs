//! The journal of requests that arrived, in memory, for assertions.

use crate::Operation;
use serde::Serialize;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

/// Number of latest requests kept; older ones are only counted.
const KEPT: usize = 10_000;

/// One request as it arrived.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedRequest {
    /// RFC 3339 in Seoul.
    pub at: String,
    /// The call.
    pub operation: Operation,
    /// The path, with its parameters.
    pub path: String,
    /// The header `X-Service-Name`.
    pub service_name: Option<String>,
    /// The header `X-Request-ID`.
    pub request_id: Option<String>,
    /// The body as text.
    pub body: String,
    /// The fault chosen for it.
    pub fault: Option<String>,
}

/// The requests received by both stand-ins; cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Requests>>);

#[derive(Debug, Default)]
struct Requests {
    latest: VecDeque<ReceivedRequest>,
    counts: HashMap<Operation, u64>,
}

impl Journal {
    /// The latest 10,000 requests, oldest first.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.lock().latest.iter().cloned().collect()
    }

    /// The number of calls of `operation` since the start.
    pub fn calls(&self, operation: Operation) -> u64 {
        self.lock()
            .counts
            .get(&operation)
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn record(&self, request: ReceivedRequest) {
        let mut requests = self.lock();
        *requests.counts.entry(request.operation).or_default() += 1;
        if requests.latest.len() == KEPT {
            requests.latest.pop_front();
        }
        requests.latest.push_back(request);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Requests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
