//! Saves what the server sends as a file.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlAnchorElement;

/// Lets the browser fetch `url` and save it under the name the server gives.
pub fn save(url: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let Some(link) = document.create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
    else {
        return;
    };
    link.set_href(url);
    link.set_download("");
    link.click();
}
