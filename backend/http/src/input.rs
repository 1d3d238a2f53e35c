//! JSON bodies: whatever does not fit is told by the field it stands in.

use std::ops::Deref;

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, error::PayloadError, http::StatusCode, web};
use diwan_kernel::FieldError;
use diwan_platform::Refusal;
use futures_util::future::LocalBoxFuture;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::ApiError;

/// The JSON body of a request, at most as large as the server's `PayloadConfig` says.
#[derive(Debug, Clone)]
pub struct Input<T>(pub T);

impl<T> Input<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Input<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Input<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mime = request.mime_type().ok().flatten();
        let json = mime.is_some_and(|mime| mime.subtype() == "json" || mime.suffix().is_some_and(|end| end == "json"));
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            if !json {
                let message = "the body has to be application/json";
                return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", message));
            }
            read(&body.await.map_err(|error| unread(&error))?).map(Self)
        })
    }
}

/// Why the body did not come whole.
fn unread(error: &actix_web::Error) -> ApiError {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", error.to_string()),
        _ => ApiError::new(StatusCode::BAD_REQUEST, "bad_json", error.to_string()),
    }
}

/// Reads a value out of JSON text.
fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let mut unknown = Vec::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let value = serde_ignored::deserialize(tracked, |path| unknown.push(dotted(&path.to_string())));
    let value =
        value.and_then(|value| json.end().map(|()| value)).map_err(|fault| unfit(text, &fault, &track.path()))?;
    if unknown.is_empty() {
        return Ok(value);
    }
    let fields = unknown.into_iter().map(|field| FieldError::new(field, "unknown_field")).collect();
    Err(Refusal::Invalid(fields).into())
}

/// A broken text is told by its place, a value that does not fit by its field.
fn unfit(text: &[u8], fault: &serde_json::Error, path: &serde_path_to_error::Path) -> ApiError {
    // A list where a code is wanted counts as broken text to the reader, though the text is whole.
    if !fault.is_data() && serde_json::from_slice::<IgnoredAny>(text).is_err() {
        return ApiError::new(StatusCode::BAD_REQUEST, "bad_json", fault.to_string())
            .arg("line", fault.line())
            .arg("column", fault.column());
    }
    let message = fault.to_string();
    let named = |start: &str| message.strip_prefix(start)?.split_once('`').map(|(field, _)| field);
    let (last, code) = match (named("missing field `"), named("unknown field `")) {
        (Some(field), _) => (Some(field), "required"),
        (None, Some(field)) => (Some(field), "unknown_field"),
        (None, None) => (None, "wrong_type"),
    };
    let parts = [Some(dotted(&path.to_string())), last.map(str::to_owned)].into_iter().flatten();
    // A field that is missing or unknown may stand on the path already.
    let mut parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if let [path, last] = parts.as_slice()
        && (path == last || path.ends_with(&format!(".{last}")))
    {
        parts.pop();
    }
    Refusal::from(FieldError::new(parts.join("."), code).with("message", message)).into()
}

/// A path as fields are named: `recipients.0.agency_id`.
fn dotted(path: &str) -> String {
    let plain = path.replace('[', ".").replace(']', "");
    plain.split('.').filter(|part| !part.is_empty() && *part != "?").collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Letter {
        #[expect(dead_code, reason = "only read")]
        subject: String,
        #[serde(default)]
        #[expect(dead_code, reason = "only read")]
        form: Option<Form>,
        #[serde(default)]
        #[expect(dead_code, reason = "only read")]
        to: Vec<To>,
    }

    #[derive(Debug, Deserialize)]
    enum Form {
        Letter,
    }

    #[derive(Debug, Deserialize)]
    struct To {
        #[expect(dead_code, reason = "only read")]
        id: Option<i64>,
    }

    fn told(text: &str) -> (u16, String) {
        let error = read::<Letter>(text.as_bytes()).unwrap_err();
        let fields = error.fields().iter().map(|field| format!("{} {}", field.field, field.code)).collect::<Vec<_>>();
        (error.status_code().as_u16(), if fields.is_empty() { error.code().to_owned() } else { fields.join(", ") })
    }

    #[test]
    fn what_does_not_fit_is_told_by_its_field() {
        for (text, status, fields) in [
            ("{", 400, "bad_json"),
            ("{\"subject\": \"x\"} more", 400, "bad_json"),
            ("{}", 422, "subject required"),
            ("{\"subject\": 7}", 422, "subject wrong_type"),
            ("{\"subject\": \"x\", \"to\": [{\"id\": 1}, {\"id\": \"two\"}]}", 422, "to.1.id wrong_type"),
            ("{\"subject\": \"x\", \"form\": []}", 422, "form wrong_type"),
            ("{\"subject\": \"x\", \"to\": {}}", 422, "to wrong_type"),
            (
                "{\"subject\": \"x\", \"sender\": 1, \"to\": [{\"di\": 1}]}",
                422,
                "sender unknown_field, to.0.di unknown_field",
            ),
        ] {
            assert_eq!(told(text), (status, fields.to_owned()), "{text}");
        }
        assert!(read::<Letter>(b"{\"subject\": \"x\", \"to\": [{\"id\": null}]}").is_ok());
    }
}
