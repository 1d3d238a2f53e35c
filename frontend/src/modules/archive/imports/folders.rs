//! Files with their paths out of what was dropped or chosen: single files, and folders with everything below them.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File};

/// A file, and where it lies below what was dropped.
pub(super) type Found = (File, String);

/// The most files of one import over the browser; more come faster by `diwan import`.
pub(super) const MOST: usize = 5_000;

fn call(of: &JsValue, method: &str) -> Option<JsValue> {
    let function: Function = Reflect::get(of, &method.into()).ok()?.dyn_into().ok()?;
    function.call0(of).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

fn text(of: &JsValue, name: &str) -> String {
    get(of, name).and_then(|value| value.as_string()).unwrap_or_default()
}

/// The path that a file has in a folder that was chosen; its name where it was chosen by itself.
pub(super) fn with_path(file: File) -> Found {
    let path = text(&file, "webkitRelativePath");
    let path = if path.is_empty() { file.name() } else { path };
    (file, path)
}

/// What was dropped, as entries; to be taken at once, for they are gone after the event.
pub(super) fn entries(dropped: &DataTransfer) -> Vec<JsValue> {
    let Some(items) = get(dropped, "items") else { return Vec::new() };
    Array::from(&items).iter().filter_map(|item| call(&item, "webkitGetAsEntry")).collect()
}

/// All files of entries, folder after folder.
pub(super) async fn files(entries: Vec<JsValue>) -> Vec<Found> {
    let (mut open, mut found) = (entries, Vec::new());
    while let Some(entry) = open.pop() {
        if found.len() >= MOST {
            break;
        }
        if get(&entry, "isDirectory").is_some_and(|is| is.is_truthy()) {
            open.extend(below(&entry).await);
        } else if let Some(file) = asked(&entry, "file").await.and_then(|file| file.dyn_into::<File>().ok()) {
            let path = text(&entry, "fullPath");
            found.push((file, path.trim_start_matches('/').to_owned()));
        }
    }
    found.sort_by(|(_, one), (_, other)| one.cmp(other));
    found
}

/// The entries of a folder; browsers give them a hundred at a time.
async fn below(folder: &JsValue) -> Vec<JsValue> {
    let mut all = Vec::new();
    let Some(reader) = call(folder, "createReader") else { return all };
    while let Some(some) = asked(&reader, "readEntries").await {
        let some = Array::from(&some);
        if some.length() == 0 {
            break;
        }
        all.extend(some.iter());
    }
    all
}

/// Calls a method that answers through a callback.
async fn asked(of: &JsValue, method: &str) -> Option<JsValue> {
    let function: Function = Reflect::get(of, &method.into()).ok()?.dyn_into().ok()?;
    let promise = Promise::new(&mut |resolve, reject| {
        if function.call2(of, &resolve, &reject).is_err() {
            // Rejecting a promise does not throw.
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(promise).await.ok()
}
