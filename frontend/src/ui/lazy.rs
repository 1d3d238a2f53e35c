//! Heavy JavaScript parts, loaded when they are first needed: `globalThis.diwan.load(name)` gives the ES module.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn member<T: wasm_bindgen::JsCast>(of: &JsValue, name: &str) -> Option<T> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

/// The module with this name, or none where it cannot be loaded (offline, or the server was renewed meanwhile).
pub async fn module(name: &str) -> Option<Object> {
    let diwan: Object = member(&js_sys::global(), "diwan")?;
    let load: Function = member(&diwan, "load")?;
    let promise: Promise = load.call1(&diwan, &name.into()).ok()?.dyn_into().ok()?;
    // A module's namespace is an object without the prototype that `dyn_into` looks for.
    JsFuture::from(promise).await.ok().filter(JsValue::is_object).map(JsCast::unchecked_into)
}

/// Calls a method; none where it is missing, throws or gives nothing.
pub fn call(object: &Object, method: &str, args: &[JsValue]) -> Option<JsValue> {
    let method: Function = member(object, method)?;
    let result = method.apply(object, &args.iter().collect::<Array>()).ok()?;
    (!result.is_null()).then_some(result)
}

/// An object with these properties.
pub fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of a fresh object does not fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}
