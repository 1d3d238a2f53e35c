//! The schema: which fields an entry is taken apart into.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;

use crate::analyze::{self, EXACT, GRAM, STEM};

/// Handles of all fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Record id.
    pub(crate) id: Field,
    /// Kind code.
    pub(crate) kind: Field,
    /// Agency id (رقم الجهة).
    pub(crate) agency: Field,
    /// State code.
    pub(crate) state: Field,
    /// Secrecy level (درجة السرية), 0 = عادي.
    pub(crate) secrecy: Field,
    /// Caveats (قيود التداول).
    pub(crate) caveats: Field,
    /// Access principals (units, roles, persons) of whom any may see the record.
    pub(crate) principals: Field,
    /// Class path and each of its ancestors.
    pub(crate) class: Field,
    /// Date as days since 1970-01-01.
    pub(crate) day: Field,
    /// Reference keys.
    pub(crate) reference: Field,
    /// Subject: exact words and stems.
    pub(crate) subject_x: Field,
    pub(crate) subject_s: Field,
    /// Names of the parties: stems.
    pub(crate) party_s: Field,
    /// Everything there is to read (subject, parties, parts): exact words, stems, pieces of stems.
    pub(crate) body_x: Field,
    pub(crate) body_s: Field,
    pub(crate) body_g: Field,
    /// What the entry was made of, in a number: the same entry has the same one.
    pub(crate) stamp: Field,
    /// The original text, for excerpts.
    pub(crate) source: Field,
}

pub(crate) const KIND: &str = "kind";
pub(crate) const AGENCY: &str = "agency";
pub(crate) const SECRECY: &str = "secrecy";
pub(crate) const CLASS: &str = "class";
pub(crate) const DAY: &str = "day";
pub(crate) const ID: &str = "id";
pub(crate) const STAMP: &str = "stamp";

/// The schema and the handles of its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let code = STRING;
    let counted = STRING.set_fast(RAW_TOKENIZER_NAME);
    let fields = Fields {
        id: builder.add_u64_field(ID, INDEXED | FAST),
        kind: builder.add_text_field(KIND, counted.clone()),
        agency: builder.add_u64_field(AGENCY, INDEXED | FAST),
        state: builder.add_text_field("state", code.clone()),
        secrecy: builder.add_u64_field(SECRECY, INDEXED | FAST),
        caveats: builder.add_text_field("caveats", code.clone()),
        principals: builder.add_text_field("principals", code.clone()),
        class: builder.add_text_field(CLASS, counted),
        day: builder.add_i64_field(DAY, INDEXED | FAST),
        reference: builder.add_text_field("reference", code),
        subject_x: text(&mut builder, "subject_x", EXACT, IndexRecordOption::WithFreqsAndPositions),
        subject_s: text(&mut builder, "subject_s", STEM, IndexRecordOption::WithFreqs),
        party_s: text(&mut builder, "party_s", STEM, IndexRecordOption::Basic),
        body_x: text(&mut builder, "body_x", EXACT, IndexRecordOption::WithFreqsAndPositions),
        body_s: text(&mut builder, "body_s", STEM, IndexRecordOption::WithFreqsAndPositions),
        body_g: text(&mut builder, "body_g", GRAM, IndexRecordOption::WithFreqs),
        stamp: builder.add_u64_field(STAMP, FAST),
        source: builder.add_bytes_field("source", STORED),
    };
    (builder.build(), fields)
}

fn text(builder: &mut SchemaBuilder, name: &str, tokenizer: &str, record: IndexRecordOption) -> Field {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

/// Name of the folder prefix for this schema and analyser: an index made with another one is not opened but rebuilt.
pub(crate) fn fingerprint(schema: &Schema) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(schema)?;
    text.push_str(&analyze::VERSION.to_string());
    // FNV-1a: short, and the same with every compiler, which the standard hasher does not promise.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    Ok(format!("{hash:016x}"))
}
