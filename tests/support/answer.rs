//! What a request is answered with.

use std::{pin::Pin, time::Duration};

use actix_web::{
    Error,
    body::{BoxBody, MessageBody, to_bytes},
    dev::ServiceResponse,
    http::{StatusCode, header::HeaderMap},
};
use bytes::Bytes;
use diwan_kernel::Problem;
use serde::de::DeserializeOwned;

/// An answer, read to its end.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Answer {
    /// Reads an answer to its end. A fault that a middleware passed on is an answer too.
    pub(crate) async fn of(outcome: Result<ServiceResponse<BoxBody>, Error>) -> Self {
        let response = match outcome {
            Ok(response) => response.into_parts().1,
            Err(error) => error.error_response(),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: to_bytes(response.into_body()).await.unwrap_or_default() }
    }

    /// The DTO of a 200.
    #[track_caller]
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        self.json(StatusCode::OK)
    }

    /// The DTO of a 201.
    #[track_caller]
    pub fn created<T: DeserializeOwned>(&self) -> T {
        self.json(StatusCode::CREATED)
    }

    /// Checks that it is a 204.
    #[track_caller]
    pub fn done(&self) {
        assert_eq!(self.status, StatusCode::NO_CONTENT, "{}", self.text());
    }

    /// The DTO of an answer with this status.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self, status: StatusCode) -> T {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The refusal, which has this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Problem {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.code, code, "{problem:?}");
        problem
    }

    /// The wrong fields of a 422, each with its code.
    #[track_caller]
    pub fn wrong_fields(&self) -> Vec<(String, String)> {
        let problem = self.refused(422, "invalid");
        problem.fields.into_iter().map(|field| (field.field, field.code)).collect()
    }

    /// A header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A stream of server-sent events.
pub struct Events {
    body: Pin<Box<BoxBody>>,
    read: String,
}

impl Events {
    pub(crate) fn of(response: ServiceResponse<BoxBody>) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
        Self { body: Box::pin(response.into_body()), read: String::new() }
    }

    /// Reads on until an event of this kind has come whose text has `part` in it, and answers its data.
    ///
    /// # Panics
    /// None comes within ten seconds.
    pub async fn next(&mut self, kind: &str, part: &str) -> String {
        let found = async {
            loop {
                while let Some((event, rest)) = self.read.split_once("\n\n") {
                    let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
                    let (is, data) = (line("event: "), line("data: ").unwrap_or_default());
                    self.read = rest.to_owned();
                    if is.as_deref() == Some(kind) && data.contains(part) {
                        return data;
                    }
                }
                let chunk = std::future::poll_fn(|cx| self.body.as_mut().poll_next(cx)).await;
                let chunk = chunk.unwrap_or_else(|| panic!("the stream ended before {kind}")).unwrap();
                self.read.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(10), found).await;
        found.unwrap_or_else(|_| panic!("no event {kind} with {part} within ten seconds"))
    }
}
