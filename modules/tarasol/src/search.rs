//! What letters tell the search index: their words, their parties, the numbers they are known by.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_archive::port::{Content, SearchSource};
use diwan_db::ReadTx;
use diwan_platform::Outcome;
use diwan_platform_api::records::RecordKind;
use diwan_schema::{
    platform::agencies,
    tarasol::{letter_recipients, letters},
};

/// Letters of all directions.
pub struct Letters;

type Row = (i64, Option<i64>, Option<String>, Option<NaiveDate>, Option<chrono::NaiveDateTime>, String);

impl SearchSource for Letters {
    fn kinds(&self) -> &'static [RecordKind] {
        &[RecordKind::Outgoing, RecordKind::Incoming, RecordKind::InternalMemo]
    }

    fn contents(&self, tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Content>> {
        let rows: Vec<Row> = letters::table
            .filter(letters::record_id.eq_any(ids))
            .select((
                letters::record_id,
                letters::counterpart_id,
                letters::their_number,
                letters::their_date,
                letters::signed_at,
                letters::body_text,
            ))
            .load(tx.conn())?;
        let mut contents: BTreeMap<i64, Content> = rows
            .into_iter()
            .map(|(id, counterpart_id, their_number, their_date, signed_at, body)| {
                let content = Content {
                    parties: Vec::new(),
                    counterpart_id,
                    numbers: their_number.into_iter().collect(),
                    date: their_date.or(signed_at.map(|at| tx.day_of(at))),
                    body,
                };
                (id, content)
            })
            .collect();
        let parties: Vec<(i64, String, String)> = letter_recipients::table
            .inner_join(agencies::table.on(letter_recipients::agency_id.eq(agencies::id.nullable())))
            .filter(letter_recipients::record_id.eq_any(ids))
            .select((letter_recipients::record_id, agencies::name_ar, agencies::name_en))
            .load(tx.conn())?;
        for (id, ar, en) in parties {
            if let Some(content) = contents.get_mut(&id) {
                content.parties.extend([ar, en]);
            }
        }
        Ok(contents)
    }
}
