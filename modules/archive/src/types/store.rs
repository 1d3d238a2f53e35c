//! Kinds of documents in the database.

use diesel::prelude::*;
use diwan_archive_api::DocumentType;
use diwan_db::ReadTx;
use diwan_kernel::Named;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::archive::document_types;

/// A kind as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = document_types)]
pub(crate) struct TypeRow {
    id: i64,
    code: String,
    name_ar: String,
    name_en: String,
    fields: String,
    active: bool,
    version: i64,
}

impl TypeRow {
    fn view(self) -> Outcome<DocumentType> {
        Ok(DocumentType {
            id: self.id,
            code: self.code,
            name: Named { ar: self.name_ar, en: self.name_en },
            fields: serde_json::from_str(&self.fields)?,
            active: self.active,
            version: self.version,
        })
    }
}

/// The kinds of an agency in the order of their codes.
pub(crate) fn list(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<DocumentType>> {
    let rows: Vec<TypeRow> = document_types::table
        .filter(document_types::agency_id.eq(agency_id))
        .order(document_types::code)
        .select(TypeRow::as_select())
        .load(tx.conn())?;
    rows.into_iter().map(TypeRow::view).collect()
}

/// A kind of the agency.
pub(crate) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<DocumentType> {
    document_types::table
        .filter(document_types::id.eq(id))
        .filter(document_types::agency_id.eq(agency_id))
        .select(TypeRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("document_type"))?
        .view()
}
