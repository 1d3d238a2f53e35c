//! Sends one file as the body of a request and says how far it is; `fetch` cannot tell that, so this is `XMLHttpRequest`.

use std::cell::RefCell;
use std::rc::Rc;

use diwan_kernel::Problem;
use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};
use yew::Callback;

use super::http::{Method, csrf_token};
use super::{Failure, json};

type OnEnd = Closure<dyn Fn()>;

/// Sends `file` to `path` as the multipart part `files`, beside the text parts `fields`.
///
/// `progress` gets 0–100; `finished` gets the answer once. The returned request can be broken off with `abort`.
///
/// # Errors
/// [`Failure::Unreadable`] where the browser refuses to build the request.
pub fn send<T: DeserializeOwned + 'static>(
    method: Method,
    path: &str,
    file: &File,
    fields: &[(&str, String)],
    progress: Callback<u32>,
    finished: Callback<Result<T, Failure>>,
) -> Result<XmlHttpRequest, Failure> {
    let broken = |_| Failure::Unreadable(0);
    let form = FormData::new().map_err(broken)?;
    for (name, value) in fields {
        form.append_with_str(name, value).map_err(broken)?;
    }
    form.append_with_blob_and_filename("files", file, &file.name()).map_err(broken)?;
    send_form(method, path, &form, progress, finished)
}

/// Sends files in one request, each under the name that is given with it, and waits for the answer. `progress` gets 0–100.
///
/// # Errors
/// Those of the server and of the way there.
pub async fn send_all<T: DeserializeOwned + 'static>(
    path: &str,
    files: &[(File, String)],
    progress: Callback<u32>,
) -> Result<T, Failure> {
    let broken = |_| Failure::Unreadable(0);
    let form = FormData::new().map_err(broken)?;
    for (file, name) in files {
        form.append_with_blob_and_filename("files", file, name).map_err(broken)?;
    }
    let slot: Rc<RefCell<Option<Result<T, Failure>>>> = Rc::default();
    let promise = Promise::new(&mut |resolve, _| {
        let (kept, done) = (Rc::clone(&slot), resolve.clone());
        let finished = Callback::from(move |answer| {
            *kept.borrow_mut() = Some(answer);
            // Resolving a promise does not throw.
            let _ = done.call0(&JsValue::UNDEFINED);
        });
        if let Err(why) = send_form(Method::Post, path, &form, progress.clone(), finished) {
            *slot.borrow_mut() = Some(Err(why));
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise is resolved in both ways above and never rejected.
    let _ = JsFuture::from(promise).await;
    let answer = slot.borrow_mut().take();
    answer.unwrap_or(Err(Failure::Cancelled))
}

fn send_form<T: DeserializeOwned + 'static>(
    method: Method,
    path: &str,
    form: &FormData,
    progress: Callback<u32>,
    finished: Callback<Result<T, Failure>>,
) -> Result<XmlHttpRequest, Failure> {
    let broken = |_| Failure::Unreadable(0);
    let request = XmlHttpRequest::new().map_err(broken)?;
    request.open(method.name(), path).map_err(broken)?;
    request.set_request_header("X-Diwan-CSRF", &csrf_token()).map_err(broken)?;
    request.set_request_header("Accept", "application/json").map_err(broken)?;
    let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 100")]
            progress.emit((event.loaded() / event.total() * 100.0) as u32);
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    // `loadend` fires exactly once, after success, failure and abort alike; then both closures are let go.
    let keep: Rc<RefCell<Option<OnEnd>>> = Rc::default();
    let on_end = {
        let (request, keep) = (request.clone(), Rc::clone(&keep));
        Closure::<dyn Fn()>::new(move || {
            let _progress = &on_progress;
            finished.emit(answer(&request));
            let keep = Rc::clone(&keep);
            gloo_timers::callback::Timeout::new(0, move || drop(keep.take())).forget();
        })
    };
    request.set_onloadend(Some(on_end.as_ref().unchecked_ref()));
    *keep.borrow_mut() = Some(on_end);
    request.send_with_opt_form_data(Some(form)).map_err(broken)?;
    Ok(request)
}

fn answer<T: DeserializeOwned>(request: &XmlHttpRequest) -> Result<T, Failure> {
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        0 => Err(Failure::Offline),
        200..300 => json::read(&text).ok_or(Failure::Unreadable(status)),
        _ => Err(json::read::<Problem>(&text)
            .map_or(Failure::Unreadable(status), |problem| Failure::Refused(Rc::new(problem)))),
    }
}

/// The text for a file that is larger than `max` bytes, or none where it fits.
pub fn too_large(file: &File, max: i64) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, reason = "file sizes fit in 53 bits")]
    let size = file.size() as i64;
    (size > max).then(|| t!("err-file-too-large", name = file.name(), max = crate::i18n::format::bytes(max)))
}
