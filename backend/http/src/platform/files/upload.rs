//! Receiving files: each goes into the blob store as it comes, none is held in memory as a whole.

use std::collections::BTreeMap;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use diwan_kernel::FieldError;
use diwan_platform::{
    Outcome, Platform, Refusal,
    files::{BlobFault, NewFile},
};
use diwan_platform_api::files::FILES_MAX;
use futures_util::TryStreamExt;

use crate::{ApiError, ApiResult};

/// The most bytes of a field that is not a file.
const TEXT_MAX: usize = 64 << 10;
/// What is still read and thrown away of a request that is refused for its size: a browser that is cut off while it
/// sends sees a broken connection, not the answer.
const DRAINED: u64 = 256 << 20;

/// A form with files, which lie in the blob store already.
#[derive(Debug, Default)]
pub struct Form {
    /// The fields that are not files.
    pub texts: BTreeMap<String, String>,
    /// The files in order.
    pub files: Vec<NewFile>,
}

impl Form {
    /// The files, at least one.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] where there is none.
    pub fn some_files(self) -> Outcome<Vec<NewFile>> {
        if self.files.is_empty() { Err(Refusal::field("files", "required")) } else { Ok(self.files) }
    }

    /// The one file.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] where there is none, or more than one.
    pub fn one_file(self) -> Outcome<NewFile> {
        let mut files = self.some_files()?;
        match (files.pop(), files.is_empty()) {
            (Some(file), true) => Ok(file),
            _ => Err(FieldError::new("files", "too_many").with("max", 1).into()),
        }
    }
}

/// Reads a form; a field with a file name is a file.
///
/// # Errors
/// `too_large` with the limit, `storage_full`, a broken form.
pub async fn receive(platform: &Platform, mut body: Multipart) -> ApiResult<Form> {
    let mut form = Form::default();
    while let Some(field) = body.try_next().await.map_err(broken)? {
        if let Err(refused) = take(platform, &mut form, field).await {
            if refused.code() == "too_large" {
                drain(body).await;
            }
            return Err(refused);
        }
    }
    Ok(form)
}

async fn take(platform: &Platform, form: &mut Form, mut field: Field) -> ApiResult<()> {
    let disposition = field.content_disposition();
    let named =
        disposition.and_then(|d| d.get_filename_ext().map(ext_value).or_else(|| d.get_filename().map(str::to_owned)));
    match named {
        Some(name) if form.files.len() < FILES_MAX => form.files.push(file(platform, field, name).await?),
        Some(_) => return Err(Refusal::from(FieldError::new("files", "too_many").with("max", FILES_MAX)).into()),
        None => {
            let name = field.name().unwrap_or_default().to_owned();
            let too_long = || Refusal::from(FieldError::new(name.as_str(), "too_long").with("max", TEXT_MAX));
            let bytes = field.bytes(TEXT_MAX).await.map_err(|_| too_long())?.map_err(broken)?;
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::field(&name, "not_utf8"))?;
            form.texts.insert(name, text);
        }
    }
    Ok(())
}

async fn file(platform: &Platform, mut field: Field, name: String) -> ApiResult<NewFile> {
    let fault = |fault: BlobFault| Refusal::from(fault);
    let mut incoming = platform.blobs.receive(platform.limits.upload_bytes);
    let mut outcome = Ok(());
    let mut drained = 0;
    while let Some(bytes) = field.try_next().await.map_err(broken)? {
        let size = bytes.len() as u64;
        if outcome.is_ok() {
            outcome = incoming.write(bytes).await;
        } else {
            drained += size;
            if drained > DRAINED {
                break;
            }
        }
    }
    outcome.map_err(fault)?;
    let stored = incoming.finish(&name).await.map_err(fault)?;
    Ok(NewFile { name, stored })
}

/// Reads on, within bounds, so that the client gets to see the answer.
async fn drain(mut body: Multipart) {
    let mut left = DRAINED;
    while let Ok(Some(mut field)) = body.try_next().await {
        while let Ok(Some(bytes)) = field.try_next().await {
            left = left.saturating_sub(bytes.len() as u64);
            if left == 0 {
                return;
            }
        }
    }
}

fn ext_value(value: &actix_web::http::header::ExtendedValue) -> String {
    String::from_utf8_lossy(&value.value).into_owned()
}

fn broken(error: MultipartError) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "bad_form", error.to_string())
}
