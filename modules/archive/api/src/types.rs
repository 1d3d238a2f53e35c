//! Kinds of documents (أنواع الوثائق) with their own fields, tags, files and volumes.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{FieldError, Named, codes, dto, text};
use diwan_platform_api::records::Ref;

/// The most fields of a kind.
pub const FIELDS_MAX: usize = 40;
/// The most choices of a field.
pub const OPTIONS_MAX: usize = 200;
/// The most tags of a document.
pub const TAGS_MAX: usize = 20;
/// The longest tag, in characters.
pub const TAG_MAX: usize = 40;
/// The longest text of a field.
pub const VALUE_MAX: i64 = 2_000;

codes! {
    /// What a field holds.
    pub enum ValueKind {
        /// Words; `min` and `max` are characters.
        Text = "text",
        /// A whole number.
        Number = "number",
        /// A day.
        Date = "date",
        /// One of the field's choices.
        Choice = "choice",
        /// A person or body outside.
        Party = "party",
        /// Yes or no.
        YesNo = "yes_no",
    }
}

dto! {
    /// A field that documents of a kind have.
    #[derive(Eq)]
    pub struct FieldDef {
        /// Its code within the kind.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// What it holds.
        pub kind: ValueKind,
        /// Whether a document must have it.
        pub required: bool,
        /// The least: characters of words, a number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub min: Option<i64>,
        /// The most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max: Option<i64>,
        /// The choices.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub options: Vec<String>,
    }

    /// A kind of documents.
    #[derive(Eq)]
    pub struct DocumentType {
        /// Its id.
        pub id: i64,
        /// Its short code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Its fields in their order.
        pub fields: Vec<FieldDef>,
        /// Whether new documents may be of it.
        pub active: bool,
        /// For `If-Match`.
        pub version: i64,
    }

    /// A kind as it is written.
    #[derive(Eq)]
    pub struct DocumentTypeInput {
        /// Its short code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Its fields in their order.
        pub fields: Vec<FieldDef>,
        /// Whether new documents may be of it.
        pub active: bool,
    }

    /// A tag and how many of the documents in one's sight have it.
    #[derive(Eq)]
    pub struct Tag {
        /// The tag.
        pub tag: String,
        /// Documents.
        pub count: i64,
    }

    /// A file (ملف) in the list.
    #[derive(Eq)]
    pub struct FileRow {
        /// Its id.
        pub id: i64,
        /// Its number in the register of files.
        pub number: String,
        /// Its title.
        pub title: String,
        /// The code of its class.
        pub class_code: String,
        /// When it was opened.
        pub opened_on: NaiveDate,
        /// When it was closed for new papers.
        pub closed_on: Option<NaiveDate>,
    }

    /// A file with its volumes.
    pub struct ArchiveFile {
        /// As in the list.
        pub row: FileRow,
        /// Its class.
        pub class: Ref,
        /// Who opened it.
        pub opened_by: Ref,
        /// Who closed it.
        pub closed_by: Option<Ref>,
        /// Its volumes in order.
        pub volumes: Vec<Volume>,
        /// How many documents in it are out of the reader's sight.
        pub unseen: i64,
        /// For `If-Match`.
        pub version: i64,
    }

    /// A volume (مجلد) with its documents.
    pub struct Volume {
        /// Its id.
        pub id: i64,
        /// From 1.
        pub number: i32,
        /// When it was opened.
        pub opened_on: NaiveDate,
        /// When it was closed.
        pub closed_on: Option<NaiveDate>,
        /// Its documents in the order in which they were put there.
        pub documents: Vec<Placed>,
    }

    /// A document in a volume.
    pub struct Placed {
        /// The record.
        pub id: i64,
        /// Its place in the volume, from 1.
        pub place: i32,
        /// Its number.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
        /// The date it bears.
        pub doc_date: NaiveDate,
        /// When it was filed, UTC.
        pub filed_at: NaiveDateTime,
    }

    /// Where a document stands.
    #[derive(Eq)]
    pub struct InFile {
        /// The file.
        pub file_id: i64,
        /// Its number.
        pub number: String,
        /// Its title.
        pub title: String,
        /// The volume.
        pub volume: i32,
        /// The place in it.
        pub place: i32,
    }

    /// A file as it is opened.
    #[derive(Eq)]
    pub struct FileInput {
        /// Its title.
        pub title: String,
        /// Its class.
        pub class_code: String,
    }

    /// A new title of a file.
    #[derive(Eq)]
    pub struct FileTitle {
        /// Its title.
        pub title: String,
    }

    /// The file that a document is put into.
    #[derive(Eq)]
    pub struct PlaceInput {
        /// The file.
        pub file_id: i64,
    }

    /// What the list of files is asked for.
    #[derive(Default)]
    pub struct FileQuery {
        /// In title or number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// Of this class and those below it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub class: Option<String>,
        /// Only those still open, or only those closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub open: Option<bool>,
        /// The cursor of the page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
        /// Rows wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<u32>,
    }
}

impl FieldDef {
    /// A value as it is kept: words cleaned, digits in one shape.
    ///
    /// # Errors
    /// What is wrong with it, at `values.<code>`.
    pub fn clean(&self, typed: &str) -> Result<String, FieldError> {
        let field = format!("values.{}", self.code);
        let wrong = |code: &str| FieldError::new(field.clone(), code);
        let typed = typed.trim();
        match self.kind {
            ValueKind::Text | ValueKind::Party => {
                let most = self.max.unwrap_or(VALUE_MAX).clamp(1, VALUE_MAX);
                let words = text::line(&field, typed, usize::try_from(most).unwrap_or(usize::MAX))?;
                let least = usize::try_from(self.min.unwrap_or(0)).unwrap_or(0);
                if words.chars().count() < least { Err(wrong("too_short").with("min", least)) } else { Ok(words) }
            }
            ValueKind::Number => {
                // Folding brings Arabic digits into the one shape.
                let number: i64 = text::fold(typed).parse().map_err(|_| wrong("not_a_number"))?;
                let (least, most) = (self.min.unwrap_or(i64::MIN), self.max.unwrap_or(i64::MAX));
                if (least..=most).contains(&number) {
                    return Ok(number.to_string());
                }
                Err(wrong("out_of_range").with("min", least).with("max", most))
            }
            ValueKind::Date => {
                let day: NaiveDate = text::fold(typed).parse().map_err(|_| wrong("not_a_date"))?;
                Ok(day.to_string())
            }
            ValueKind::Choice => {
                let known = self.options.iter().find(|option| option.as_str() == typed);
                known.cloned().ok_or_else(|| wrong("not_a_choice"))
            }
            ValueKind::YesNo => match typed {
                "yes" | "no" => Ok(typed.to_owned()),
                _ => Err(wrong("not_a_choice")),
            },
        }
    }
}

/// The values of a document of these fields as they are kept. Empty ones are left out; what the kind does not know is
/// refused.
///
/// # Errors
/// Everything that is wrong, each at `values.<code>`.
pub fn clean_values(
    fields: &[FieldDef],
    typed: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Vec<FieldError>> {
    let (mut clean, mut wrong) = (BTreeMap::new(), Vec::new());
    for field in fields {
        match typed.get(&field.code).map(String::as_str).map(str::trim).filter(|value| !value.is_empty()) {
            Some(value) => match field.clean(value) {
                Ok(value) => drop(clean.insert(field.code.clone(), value)),
                Err(error) => wrong.push(error),
            },
            None if field.required => wrong.push(FieldError::new(format!("values.{}", field.code), "required")),
            None => {}
        }
    }
    let unknown = typed.keys().filter(|code| !fields.iter().any(|field| field.code == **code));
    wrong.extend(unknown.map(|code| FieldError::new(format!("values.{code}"), "unknown")));
    if wrong.is_empty() { Ok(clean) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: ValueKind) -> FieldDef {
        FieldDef {
            code: "f".to_owned(),
            name: Named::default(),
            kind,
            required: true,
            min: None,
            max: None,
            options: Vec::new(),
        }
    }

    fn code(field: &FieldDef, typed: &str) -> String {
        field.clean(typed).map_or_else(|error| error.code, |value| format!("={value}"))
    }

    #[test]
    fn a_value_fits_its_field_or_is_told_why_not() {
        let words = FieldDef { min: Some(3), max: Some(5), ..field(ValueKind::Text) };
        assert_eq!(["أب", "أبجد", "أبجدهوز"].map(|typed| code(&words, typed)), ["too_short", "=أبجد", "too_long"]);
        let number = FieldDef { min: Some(1), max: Some(100), ..field(ValueKind::Number) };
        let told = ["٤٢", "0", "101", "4.5", "x", "99999999999999999999"].map(|typed| code(&number, typed));
        assert_eq!(told, ["=42", "out_of_range", "out_of_range", "not_a_number", "not_a_number", "not_a_number"]);
        assert_eq!(
            ["2026-02-29", "٢٠٢٦-٠٢-٢٨"].map(|typed| code(&field(ValueKind::Date), typed)),
            ["not_a_date", "=2026-02-28"]
        );
        let choice = FieldDef { options: vec!["أ".into(), "ب".into()], ..field(ValueKind::Choice) };
        assert_eq!(["أ", "ج"].map(|typed| code(&choice, typed)), ["=أ", "not_a_choice"]);
        assert_eq!(["yes", "maybe"].map(|typed| code(&field(ValueKind::YesNo), typed)), ["=yes", "not_a_choice"]);
    }

    #[test]
    fn what_is_missing_and_what_is_unknown_is_told_at_once() {
        let fields = [field(ValueKind::Text)];
        let typed = BTreeMap::from([("f".to_owned(), " ".to_owned()), ("g".to_owned(), "x".to_owned())]);
        let wrong = clean_values(&fields, &typed).unwrap_err();
        let told: Vec<_> = wrong.iter().map(|error| format!("{} {}", error.field, error.code)).collect();
        assert_eq!(told, ["values.f required", "values.g unknown"]);
    }
}
