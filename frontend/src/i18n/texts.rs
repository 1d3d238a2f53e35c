//! The texts of one language, as `build.rs` packed them, and how they are filled.
//!
//! The locale files are written in Fluent; this does what Fluent would, for what Diwan's texts use of it: values, and
//! choices by a value's plural class, number or word.

use diwan_kernel::Lang;

use super::format;
use super::marks::{CHOICE, ELSE, END, IN_TEXT, NEXT, VALUE};

/// What a text is filled with.
#[derive(Debug, Default)]
pub struct TextArgs<'a>(Vec<(&'a str, TextValue)>);

/// A value in a text.
#[derive(Debug, Clone, PartialEq)]
pub enum TextValue {
    /// Put in as it is.
    Text(String),
    /// Written as numbers are, and decides between forms by its plural class.
    Number(i64),
    /// A number with decimals, as digits and a point.
    Decimal(String),
}

impl<'a> TextArgs<'a> {
    /// No values yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Gives a value, in place of one of the same name.
    pub fn set(&mut self, name: &'a str, value: impl Into<TextValue>) {
        self.put(name, value.into());
    }

    fn put(&mut self, name: &'a str, value: TextValue) {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value));
    }

    fn get(&self, name: &str) -> Option<&TextValue> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

impl TextValue {
    /// A number where the text is one, such as the bounds that the server names.
    pub fn number_or_text(text: &str) -> Self {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match (text.parse(), text.trim_start_matches('-').split_once('.')) {
            (Ok(number), _) => Self::Number(number),
            (_, Some((whole, rest))) if digits(whole) && digits(rest) => Self::Decimal(text.to_owned()),
            _ => text.into(),
        }
    }
}

impl From<&str> for TextValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for TextValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for TextValue {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

macro_rules! from_numbers {
    ($($number:ty)+) => {
        $(impl From<$number> for TextValue {
            fn from(number: $number) -> Self {
                // No count that people read comes near the bound.
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })+
    };
}

from_numbers! { i32 i64 u8 u16 u32 u64 usize }

/// The texts of one language.
pub(super) struct Texts {
    lang: Lang,
    /// By key, in the order of the keys.
    texts: Vec<(&'static str, &'static str)>,
}

impl Texts {
    pub(super) fn new(lang: Lang) -> Self {
        let texts = match lang {
            Lang::Ar => include_str!(concat!(env!("OUT_DIR"), "/ar.txt")),
            Lang::En => include_str!(concat!(env!("OUT_DIR"), "/en.txt")),
        };
        let keys = include_str!(concat!(env!("OUT_DIR"), "/keys.txt"));
        Self { lang, texts: keys.split(NEXT).zip(texts.split(NEXT)).collect() }
    }

    /// The text of a key, filled; none where no such key exists.
    pub(super) fn find(&self, key: &str, args: &TextArgs<'_>) -> Option<String> {
        let at = self.texts.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        let (_, text) = self.texts.get(at)?;
        let mut out = String::new();
        self.fill(text, args, &mut out);
        Some(out)
    }

    /// Writes a text up to its end, or to that of the variant it is in; gives what follows.
    fn fill<'t>(&self, mut rest: &'t str, args: &TextArgs<'_>, out: &mut String) -> &'t str {
        while let Some(at) = rest.find(IN_TEXT) {
            let (plain, marked) = rest.split_at(at);
            out.push_str(plain);
            let mut marked = marked.chars();
            let mark = marked.next();
            if mark != Some(VALUE) && mark != Some(CHOICE) {
                return marked.as_str();
            }
            let (name, after) = marked.as_str().split_once(END).unwrap_or_default();
            let value = args.get(name);
            if mark == Some(CHOICE) {
                rest = self.choose(after, value, args, out);
                continue;
            }
            rest = after;
            match value {
                Some(TextValue::Text(text)) => out.push_str(text),
                Some(TextValue::Number(number)) => out.push_str(&format::number(*number)),
                Some(TextValue::Decimal(digits)) => out.push_str(&format::decimal(digits)),
                None => out.extend(["{$", name, "}"]),
            }
        }
        out.push_str(rest);
        ""
    }

    /// Writes the first variant that fits; gives what follows the last one.
    fn choose<'t>(
        &self,
        mut rest: &'t str,
        value: Option<&TextValue>,
        args: &TextArgs<'_>,
        out: &mut String,
    ) -> &'t str {
        let mut chosen = false;
        while let Some((key, text)) = rest.split_once(END) {
            if key.is_empty() {
                return text;
            }
            let mut variant = String::new();
            rest = self.fill(text, args, &mut variant);
            if !chosen && self.fits(key, value) {
                chosen = true;
                out.push_str(&variant);
            }
        }
        rest
    }

    fn fits(&self, key: &str, value: Option<&TextValue>) -> bool {
        key == ELSE
            || match value {
                Some(TextValue::Text(text)) => text == key,
                Some(TextValue::Number(number)) => plural(self.lang, *number) == key || key.parse() == Ok(*number),
                Some(TextValue::Decimal(_)) | None => false,
            }
    }
}

/// The plural class of a whole number, by Unicode's rules for the two languages.
fn plural(lang: Lang, number: i64) -> &'static str {
    let number = number.unsigned_abs();
    match (lang, number) {
        (_, 1) => "one",
        (Lang::En, _) => "other",
        (_, 0) => "zero",
        (_, 2) => "two",
        _ => match number % 100 {
            3..=10 => "few",
            11..=99 => "many",
            _ => "other",
        },
    }
}
