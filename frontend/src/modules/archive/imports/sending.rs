//! Files on their way into an import: a few small ones a request, or a large one by itself, several requests at a time.

use std::cell::RefCell;
use std::rc::Rc;

use diwan_archive_api::Import;
use web_sys::File;
use yew::Callback;

use super::folders::Found;
use crate::client::{Failure, upload};

/// Files of one request at most.
const FILES: usize = 20;
/// Bytes of one request, unless a single file has more.
const BYTES: f64 = 4_000_000.0;
/// Requests at a time.
const AT_ONCE: usize = 3;

/// How far the sending is.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Way {
    /// Files that arrived.
    pub(super) sent: usize,
    /// Files that could not be sent, and why.
    pub(super) failed: Vec<(String, Failure)>,
}

/// Sends files, and tells after each request how far it is. What failed can be sent again.
pub(super) async fn send(import: i64, files: Vec<Found>, tell: Callback<Way>) -> Way {
    let waiting = Rc::new(RefCell::new(parcels(files)));
    let way = Rc::new(RefCell::new(Way::default()));
    let lane = || {
        let (waiting, way, tell) = (Rc::clone(&waiting), Rc::clone(&way), tell.clone());
        async move {
            loop {
                let next = waiting.borrow_mut().pop();
                let Some(parcel) = next else { return };
                let path = format!("/api/archive/imports/{import}/files");
                let answer = upload::send_all::<Import>(&path, &parcel, Callback::noop()).await;
                let mut way = way.borrow_mut();
                match answer {
                    Ok(_import) => way.sent += parcel.len(),
                    Err(why) => way.failed.extend(parcel.into_iter().map(|(_, path)| (path, why.clone()))),
                }
                tell.emit(way.clone());
            }
        }
    };
    futures_join(std::iter::repeat_with(lane).take(AT_ONCE)).await;
    way.take()
}

/// Waits for all of some futures, which take turns on the one thread of the browser.
async fn futures_join<F: Future<Output = ()> + 'static>(all: impl Iterator<Item = F>) {
    let promises = all.map(|one| {
        wasm_bindgen_futures::future_to_promise(async move {
            one.await;
            Ok(wasm_bindgen::JsValue::UNDEFINED)
        })
    });
    let promises: js_sys::Array = promises.collect();
    // None of them is ever rejected.
    let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::all(&promises)).await;
}

/// Files gathered into requests; the last is sent first.
fn parcels(files: Vec<Found>) -> Vec<Vec<(File, String)>> {
    let (mut parcels, mut size) = (Vec::<Vec<(File, String)>>::new(), 0.0);
    for (file, path) in files.into_iter().rev() {
        let bytes = file.size();
        match parcels.last_mut().filter(|parcel| parcel.len() < FILES && size + bytes <= BYTES) {
            Some(parcel) => {
                size += bytes;
                parcel.push((file, path));
            }
            None => {
                size = bytes;
                parcels.push(vec![(file, path)]);
            }
        }
    }
    parcels
}
