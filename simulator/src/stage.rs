//! The stage shared by both stand-ins: the one place where a call runs under its fault.

use crate::{
    Clock, Fault, Faults, Journal, Ledger, Operation, ReceivedRequest, connection::Connection,
};
use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, FromRequest, OriginalUri, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, future::BoxFuture, stream};
use std::{io, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// The surroundings of a call.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) ledger: Ledger,
    /// Cancelled when the simulator stops: hung calls end then.
    pub(crate) stop: CancellationToken,
}

/// A request as seen by a handler.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    connection: Connection,
    path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.to_owned())
    }
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let connection = request
            .extensions()
            .get::<ConnectInfo<Connection>>()
            .map(|info| info.0.clone())
            .unwrap_or_default();
        // Inside a nested router `uri()` has lost the prefix.
        let uri = request
            .extensions()
            .get::<OriginalUri>()
            .map_or(request.uri(), |uri| &uri.0);
        let path = uri.path().to_owned();
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            connection,
            path,
            headers,
            body,
        })
    }
}

/// The answer of an operation: always JSON.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        respond(self.status, None, Body::from(self.body))
    }
}

/// The work of an operation, done once per delivery.
pub(crate) type Work = Arc<dyn Fn() -> BoxFuture<'static, Answer> + Send + Sync>;

/// Bytes that are neither UTF-8 nor JSON.
const GARBAGE: &[u8] = b"\xff\xfe{\"success\":tru\x00<html>\xc3\x28";

impl Stage {
    /// Chooses the fault of a call, and records the call.
    pub(crate) fn arrive(&self, operation: Operation, call: &Call) -> Option<Fault> {
        let fault = self.faults.choose(operation);
        self.journal.record(ReceivedRequest {
            at: self.clock.stamp(),
            operation,
            path: call.path.clone(),
            service_name: call.header("x-service-name"),
            request_id: call.header("x-request-id"),
            body: String::from_utf8_lossy(&call.body).into_owned(),
            fault: fault.as_ref().map(ToString::to_string),
        });
        tracing::debug!(operation = operation.as_str(), fault = ?fault, "call received");
        fault
    }

    /// Runs `work` under `fault`; `refuse` makes this system's refusal of a code.
    pub(crate) async fn perform(
        &self,
        call: Call,
        fault: Option<Fault>,
        work: Work,
        refuse: impl Fn(&str) -> Answer,
    ) -> Response {
        let Some(fault) = fault else {
            return finish(work).await.into_response();
        };
        match fault {
            Fault::Delay(pause) => {
                let stop = self.stop.clone();
                let late: Work = Arc::new(move || {
                    let (stop, work) = (stop.clone(), work.clone());
                    Box::pin(async move {
                        tokio::select! {
                            () = tokio::time::sleep(pause) => work().await,
                            () = stop.cancelled() => unavailable(503),
                        }
                    })
                });
                finish(late).await.into_response()
            }
            // A change under it does not come here.
            Fault::Accepted(_) => finish(work).await.into_response(),
            Fault::ErrorBefore(status) => unavailable(status).into_response(),
            Fault::ErrorAfter(status) => {
                finish(work).await;
                unavailable(status).into_response()
            }
            Fault::LostAnswer => {
                finish(work).await;
                call.connection.close();
                StatusCode::OK.into_response()
            }
            Fault::Hang => self.hang(&call.connection).await,
            Fault::HangAfter => {
                finish(work).await;
                self.hang(&call.connection).await
            }
            Fault::Reset => {
                call.connection.reset();
                StatusCode::OK.into_response()
            }
            Fault::HalfBody => half(finish(work).await),
            Fault::Garbage => respond(finish(work).await.status, None, Body::from(GARBAGE)),
            Fault::SlowDrip(pause) => self.drip(finish(work).await, pause),
            Fault::DuplicateDelivery => {
                let first = finish(work.clone()).await;
                finish(work).await;
                first.into_response()
            }
            Fault::Refuse(code) => refuse(&code).into_response(),
        }
    }

    async fn hang(&self, connection: &Connection) -> Response {
        self.stop.cancelled().await;
        connection.close();
        StatusCode::OK.into_response()
    }

    fn drip(&self, answer: Answer, pause: Duration) -> Response {
        let length = answer.body.len();
        let bytes = stream::iter(answer.body).then(move |byte| async move {
            tokio::time::sleep(pause).await;
            Ok::<_, io::Error>(Bytes::copy_from_slice(&[byte]))
        });
        let until_stopped = bytes.take_until(self.stop.clone().cancelled_owned());
        respond(
            answer.status,
            Some(length),
            Body::from_stream(until_stopped),
        )
    }
}

/// Finishes the work even if the caller leaves, as KOS does.
async fn finish(work: Work) -> Answer {
    match tokio::spawn(async move { work().await }).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(%error, "an operation of the simulator failed");
            unavailable(500)
        }
    }
}

fn unavailable(status: u16) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
        body: Bytes::from_static(br#"{"error":"unavailable"}"#),
    }
}

/// The header announces the whole body; after half of it the connection ends.
fn half(answer: Answer) -> Response {
    let length = answer.body.len();
    let first = answer.body.slice(..length / 2);
    // The pause lets the first half leave before the error ends the connection.
    let parts = stream::iter([Ok(first), Err(io::Error::other("cut"))]).then(|part| async {
        if part.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        part
    });
    respond(answer.status, Some(length), Body::from_stream(parts))
}

fn respond(status: StatusCode, length: Option<usize>, body: Body) -> Response {
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(length) = length {
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length.into());
    }
    response
}
