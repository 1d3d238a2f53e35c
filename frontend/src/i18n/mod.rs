//! Texts in Arabic and English (Fluent), and dates and numbers as the chosen language writes them.
//!
//! No text stands in code: `t!("key")` or `t!("key", count = 3)` takes it from `frontend/locales/<lang>/*.ftl`.
//! The language is fixed while a tree is drawn; [`crate::app`] redraws everything when it changes.

pub mod format;
mod marks;
mod texts;

use std::cell::RefCell;
use std::rc::Rc;

use chrono::NaiveDateTime;
use diwan_kernel::problem::Args;
use diwan_kernel::{Lang, Named};

use texts::Texts;
pub use texts::{TextArgs, TextValue};

/// Which digits numbers and dates are written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Digits {
    /// 0–9, the default in both languages.
    #[default]
    Latin,
    /// ٠–٩.
    Arabic,
}

struct Current {
    lang: Lang,
    digits: Digits,
    texts: Texts,
}

impl Current {
    fn new(lang: Lang, digits: Digits) -> Rc<Self> {
        Rc::new(Self { lang, digits, texts: Texts::new(lang) })
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Current>>> = const { RefCell::new(None) };
}

/// Chooses the language and digits of everything drawn from now on.
pub fn choose(lang: Lang, digits: Digits) {
    CURRENT.with(|current| *current.borrow_mut() = Some(Current::new(lang, digits)));
}

fn current() -> Rc<Current> {
    let first = || Current::new(Lang::Ar, Digits::Latin);
    CURRENT.with(|current| Rc::clone(current.borrow_mut().get_or_insert_with(first)))
}

/// The language texts are drawn in.
pub fn lang() -> Lang {
    current().lang
}

/// The digits numbers are drawn in.
pub fn digits() -> Digits {
    current().digits
}

/// Whether the language runs from right to left.
pub fn is_rtl() -> bool {
    lang() == Lang::Ar
}

/// The name in the chosen language.
pub fn name(named: &Named) -> String {
    named.get(lang()).to_owned()
}

/// The text of `key`, filled with `args`. An unknown key shows itself; a test keeps that from happening.
pub fn text(key: &str, args: Option<&TextArgs<'_>>) -> String {
    find(key, args).unwrap_or_else(|| key.to_owned())
}

/// The text of `key`, or none where no such key exists.
pub fn find(key: &str, args: Option<&TextArgs<'_>>) -> Option<String> {
    current().texts.find(key, args.unwrap_or(&TextArgs::new()))
}

/// The text of one code of a closed set: `code("secrecy", "top_secret")` is the text `secrecy-top-secret`.
pub fn code(set: &str, code: &str) -> String {
    text(&code_key(set, code), None)
}

/// The key of a code's text; codes are written with `_` and `.`, keys with `-`.
pub fn code_key(set: &str, code: &str) -> String {
    format!("{set}-{}", code.replace(['_', '.'], "-"))
}

/// The text of an error code of the server, filled with its arguments; none where this UI does not know the code.
pub fn error_text(error: &str, args: &Args) -> Option<String> {
    let mut filled = TextArgs::new();
    // A text may ask whether there is an upper bound at all, and whether it is known who changed something.
    filled.set("max", "none");
    filled.set("by", "none");
    if let (Some(ar), Some(en)) = (args.get("by_ar"), args.get("by_en")) {
        filled.set("by", if lang() == Lang::Ar { ar.as_str() } else { en.as_str() });
    }
    for (name, value) in args {
        filled.set(name.as_str(), error_argument(name, value));
    }
    find(&code_key("err", error), Some(&filled))
}

/// What is wrong, after what the field is called that it is about; the code itself where this UI does not know it.
pub fn field_error(field: &str, (code, args): (&str, &Args), name: &dyn Fn(&str) -> String) -> String {
    let text = error_text(code, args).unwrap_or_else(|| code.to_owned());
    if field.is_empty() { text } else { format!("{}: {text}", name(field)) }
}

/// An argument of a refusal as people read it: codes by their word, bytes as a size, numbers as numbers.
fn error_argument(name: &str, value: &str) -> TextValue {
    match name {
        "permission" | "state" | "action" => match find(&code_key(name, value), None) {
            Some(word) => word.into(),
            None => value.into(),
        },
        "record_kind" => find(&code_key("record-kind", value), None).map_or(value.into(), Into::into),
        "at" => NaiveDateTime::parse_from_str(value, "%Y-%m-%d %H:%M:%S%.f")
            .map_or(value.into(), |at| format::date_time(at).into()),
        "limit" => value.parse().map_or(value.into(), |bytes| format::bytes(bytes).into()),
        "max" | "min" | "count" | "rows" | "seconds" | "current" | "given" | "bytes" | "percent" => {
            TextValue::number_or_text(value)
        }
        // Codes, years, numbers of documents and amounts are written as the server writes them: 2219 is no quantity, and
        // 879.500 dinars keep their fils.
        _ => value.into(),
    }
}

/// A text from the locale files: `t!("key")`, or `t!("key", name = value, …)` with what it is filled with.
#[macro_export]
macro_rules! t {
    ($key:expr) => { $crate::i18n::text($key, None) };
    ($key:expr, $($name:ident = $value:expr),+ $(,)?) => {{
        let mut args = $crate::i18n::TextArgs::new();
        $(args.set(stringify!($name), $value);)+
        $crate::i18n::text($key, Some(&args))
    }};
}

#[cfg(test)]
mod tests;
