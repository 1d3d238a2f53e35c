//! One typed call: JSON in and out, with the headers the server asks for.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use diwan_kernel::Problem;
use gloo_net::http::{RequestBuilder, Response};
use gloo_timers::future::TimeoutFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use web_sys::{AbortSignal, File};

use super::failure::Failure;
use super::{gate, json, net};
use crate::app::query::Query;

/// How long a retried write waits before each further try, milliseconds.
const RETRY_AFTER: [u32; 2] = [800, 3_000];

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or does.
    Post,
    /// Replaces.
    Put,
    /// Changes a part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method's name in HTTP.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A call to the server, built step by step and then sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    method: Method,
    path: String,
    query: Query,
    body: Option<String>,
    file: Option<File>,
    version: Option<i64>,
    key: Option<String>,
    signal: Option<AbortSignal>,
    waits_for_login: bool,
}

/// A reading call.
pub fn get(path: impl Into<String>) -> Call {
    Call::new(Method::Get, path.into())
}

/// A call that creates or does something. It may be sent twice without harm: it carries an `Idempotency-Key`.
pub fn post(path: impl Into<String>) -> Call {
    let key = web_sys::window().and_then(|window| window.crypto().ok()).map(|crypto| crypto.random_uuid());
    Call { key, ..Call::new(Method::Post, path.into()) }
}

/// A call that replaces something.
pub fn put(path: impl Into<String>) -> Call {
    Call::new(Method::Put, path.into())
}

/// A call that changes a part of something.
pub fn patch(path: impl Into<String>) -> Call {
    Call::new(Method::Patch, path.into())
}

/// A call that removes something.
pub fn delete(path: impl Into<String>) -> Call {
    Call::new(Method::Delete, path.into())
}

impl Call {
    fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: Query::default(),
            body: None,
            file: None,
            version: None,
            key: None,
            signal: None,
            waits_for_login: true,
        }
    }

    /// Adds a query value; an empty one is left out.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query = self.query.with(name, value);
        self
    }

    /// Adds all pairs of a query.
    #[must_use]
    pub fn queries(mut self, query: &Query) -> Self {
        for (name, value) in query.pairs() {
            self.query = self.query.with(name, value);
        }
        self
    }

    /// Sends this value as the JSON body.
    #[must_use]
    pub fn json<T: Serialize>(mut self, body: &T) -> Self {
        // A DTO has text keys only and so always becomes JSON.
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// Sends the file itself as the body.
    #[must_use]
    pub fn file(mut self, file: File) -> Self {
        self.file = Some(file);
        self
    }

    /// Asks that the record still has this version (`If-Match`).
    #[must_use]
    pub fn if_match(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Lets the screen break the call off.
    #[must_use]
    pub fn signal(mut self, signal: Option<AbortSignal>) -> Self {
        self.signal = signal;
        self
    }

    /// Fails at once when nobody is signed in: for the calls of the sign-in itself.
    #[must_use]
    pub fn without_gate(mut self) -> Self {
        self.waits_for_login = false;
        self
    }

    /// Sends the call and reads the answer.
    ///
    /// # Errors
    /// [`Failure`] says why there is no answer.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Failure> {
        self.text().await?.read()
    }

    /// Sends the call; the answer is read by whoever knows its type. Boxed, so that all types share one compiled call.
    pub(crate) fn text(self) -> Pin<Box<dyn Future<Output = Result<Answer, Failure>>>> {
        Box::pin(async move {
            let response = self.answer().await?;
            let status = response.status();
            let text = response.text().await.map_err(|_| Failure::Unreadable(status))?;
            Ok(Answer { status, text })
        })
    }

    /// Sends the call where no content is expected back.
    ///
    /// # Errors
    /// As [`Call::send`].
    pub async fn done(self) -> Result<(), Failure> {
        self.answer().await.map(|_| ())
    }

    /// Sends until there is an answer or a reason: waits for a new sign-in, retries what may be retried.
    async fn answer(&self) -> Result<Response, Failure> {
        let mut tries = RETRY_AFTER.iter();
        loop {
            match self.once().await {
                Ok(response) if response.ok() => return Ok(response),
                Ok(response) => {
                    let failure = refusal(response).await;
                    // Only an ended session waits; a wrong password or code is also a 401.
                    let ended = self.waits_for_login && failure.code() == "signed_out";
                    if !(ended && gate::wait().await) {
                        return Err(failure);
                    }
                }
                Err(Failure::Offline) if self.method == Method::Get || self.key.is_some() => {
                    let Some(pause) = tries.next() else { return Err(Failure::Offline) };
                    TimeoutFuture::new(*pause).await;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    async fn once(&self) -> Result<Response, Failure> {
        let request = self.builder();
        let request = match (&self.body, &self.file) {
            (Some(body), _) => request.header("Content-Type", "application/json").body(body.as_str()),
            (None, Some(file)) => request.header("Content-Type", "application/octet-stream").body(file.clone()),
            (None, None) => request.build(),
        };
        let sent = request.map_err(|_| Failure::Unreadable(0))?.send().await;
        match sent {
            Ok(response) => {
                net::report(true);
                Ok(response)
            }
            Err(_) if self.signal.as_ref().is_some_and(AbortSignal::aborted) => Err(Failure::Cancelled),
            Err(_) => {
                net::report(false);
                Err(Failure::Offline)
            }
        }
    }

    fn builder(&self) -> RequestBuilder {
        let url = format!("{}{}", self.path, self.query.text());
        let method = match self.method {
            Method::Get => gloo_net::http::Method::GET,
            Method::Post => gloo_net::http::Method::POST,
            Method::Put => gloo_net::http::Method::PUT,
            Method::Patch => gloo_net::http::Method::PATCH,
            Method::Delete => gloo_net::http::Method::DELETE,
        };
        let mut request = RequestBuilder::new(&url)
            .method(method)
            .abort_signal(self.signal.as_ref())
            .header("Accept", "application/json");
        if self.method != Method::Get {
            request = request.header("X-Diwan-CSRF", &csrf_token());
        }
        if let Some(version) = self.version {
            request = request.header("If-Match", &format!("\"{version}\""));
        }
        if let Some(key) = &self.key {
            request = request.header("Idempotency-Key", key);
        }
        request
    }
}

/// An answer that is not read yet.
pub(crate) struct Answer {
    status: u16,
    text: String,
}

impl Answer {
    /// The answer as the expected type.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        json::read(&self.text).ok_or(Failure::Unreadable(self.status))
    }
}

async fn refusal(response: Response) -> Failure {
    let status = response.status();
    let problem = response.text().await.ok().and_then(|text| json::read::<Problem>(&text));
    problem.map_or(Failure::Unreadable(status), |problem| Failure::Refused(Rc::new(problem)))
}

/// The value of the readable cookie `diwan_csrf`, which every change must repeat in a header.
pub(super) fn csrf_token() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let cookies = document
        .and_then(|document| js_sys::Reflect::get(&document, &"cookie".into()).ok())
        .and_then(|cookies| cookies.dyn_into::<js_sys::JsString>().ok())
        .map(String::from)
        .unwrap_or_default();
    let token = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("diwan_csrf="));
    token.unwrap_or_default().to_owned()
}
