//! Reads the JSON of the server into DTOs.
//!
//! In place of `serde_json::from_str`, because its code comes once per DTO and is far larger: it also accepts an object
//! written as a list, and can say what is wrong where. Diwan's server writes objects as objects, and an answer that
//! does not fit is told as unreadable, whatever is wrong with it.

use std::fmt::{self, Display};
use std::vec;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

/// The value in `text`; none where it is something else.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    from_value(serde_json::from_str(text).ok()?)
}

/// The value in parsed JSON; none where it is something else.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Option<T> {
    T::deserialize(Json(value)).ok()
}

/// Something does not fit.
#[derive(Debug)]
struct Misfit;

impl Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not what was expected")
    }
}

impl std::error::Error for Misfit {}

/// All ways to fail are one, so that no text about them is kept in the application.
impl Error for Misfit {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

struct Json(Value);

/// Methods that read whole numbers.
macro_rules! whole_numbers {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            visitor.visit_i64(self.0.as_i64().ok_or(Misfit)?)
        })+
    };
}

impl<'de> Deserializer<'de> for Json {
    type Error = Misfit;

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(value) => match value.as_i64() {
                Some(value) => visitor.visit_i64(value),
                None => visitor.visit_f64(value.as_f64().ok_or(Misfit)?),
            },
            Value::String(value) => visitor.visit_string(value),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(fields) => visitor.visit_map(Fields::from(fields)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_bool(self.0.as_bool().ok_or(Misfit)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_f64(self.0.as_f64().ok_or(Misfit)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_str(self.0.as_str().ok_or(Misfit)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_string(self.string()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(Misfit),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::from(fields)),
            _ => Err(Misfit),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_map(visitor)
    }

    /// Only enums of codes: those with content carry a tag and are read as a whole first.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_enum(StringDeserializer::new(self.string()?))
    }

    forward_to_deserialize_any! { i128 u128 f32 char bytes byte_buf unit_struct tuple_struct }
}

impl Json {
    fn string(self) -> Result<String, Misfit> {
        match self.0 {
            Value::String(text) => Ok(text),
            _ => Err(Misfit),
        }
    }
}

struct Items(vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        self.0.next().map(|item| seed.deserialize(Json(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields {
    fields: serde_json::map::IntoIter,
    value: Value,
}

impl From<Map<String, Value>> for Fields {
    fn from(fields: Map<String, Value>) -> Self {
        Self { fields: fields.into_iter(), value: Value::Null }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Json(Value::String(name))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        seed.deserialize(Json(self.value.take()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;
    use diwan_finance_api::ReportCell;
    use diwan_kernel::{Lang, Named};
    use diwan_tarasol_api::Body;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Sample {
        id: i64,
        small: u8,
        share: f64,
        lang: Lang,
        name: Named,
        day: Option<NaiveDate>,
        #[serde(default)]
        left_out: Vec<String>,
        counts: BTreeMap<String, i64>,
        pair: (i64, String),
        free: Value,
    }

    const SAMPLE: &str = r#"{"id":-7,"small":5,"share":2,"lang":"ar","name":{"ar":"أ","en":"a"},"day":"2026-11-26",
        "counts":{"x":1},"pair":[1,"y"],"free":{"a":[1,2.5,null]},"not_ours":[{}]}"#;

    #[test]
    fn values_are_read_as_serde_json_reads_them() {
        assert_eq!(read::<Sample>(SAMPLE), serde_json::from_str(SAMPLE).ok());
        assert!(read::<Sample>(SAMPLE).is_some_and(|sample| sample.lang == Lang::Ar && sample.day.is_some()));
        let body = r#"{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}"#;
        assert_eq!(read::<Body>(body).is_some(), serde_json::from_str::<Body>(body).is_ok());
        assert_eq!(read::<Option<Named>>("null"), Some(None));
    }

    #[test]
    fn cells_of_reports_are_read_whatever_they_hold() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        let cells = vec![
            ReportCell::Empty,
            ReportCell::Text(Named { ar: "أ".to_owned(), en: "a".to_owned() }),
            ReportCell::Code("6308".to_owned()),
            ReportCell::Amount(-12_500),
            ReportCell::Permille(125),
            ReportCell::Day(day),
            ReportCell::Time(day.and_hms_opt(8, 30, 0).unwrap()),
        ];
        assert_eq!(read::<Vec<ReportCell>>(&serde_json::to_string(&cells).unwrap()), Some(cells));
    }

    #[test]
    fn what_does_not_fit_is_none() {
        for wrong in
            ["", "7", "[]", "{}", &SAMPLE.replace(r#""small":5"#, r#""small":500"#), &SAMPLE.replace("ar\"", "fr\"")]
        {
            assert_eq!(read::<Sample>(wrong), None, "{wrong}");
        }
    }
}
