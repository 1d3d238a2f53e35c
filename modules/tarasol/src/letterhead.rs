//! Letterheads (ترويسات) of agencies and units. The one in force when a letter is signed is kept with the letter.

use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_kernel::text;
use diwan_platform::{Actor, Fields, Outcome, Refusal, records::store};
use diwan_schema::{platform::units, tarasol::letterheads};
use diwan_tarasol_api::Letterhead;
use serde::{Deserialize, Serialize};

/// The head of a letter as it is kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Lines of the Arabic head.
    pub lines_ar: String,
    /// Lines of the English head.
    pub lines_en: String,
    /// Arabic foot.
    pub footer_ar: String,
    /// English foot.
    pub footer_en: String,
}

type Row = (i64, Option<i64>, String, String, String, String, i64);

/// The head for letters of a unit: its own, else that of the nearest unit above, else the agency's, else its name.
///
/// # Errors
/// The database fails.
pub fn of_unit(tx: &mut ReadTx<'_>, agency_id: i64, unit_id: Option<i64>) -> Outcome<Head> {
    let rows = rows(tx, agency_id)?;
    let mut at = unit_id.filter(|_| rows.iter().any(|row| row.1.is_some()));
    for _ in 0..20 {
        let Some(id) = at else { break };
        if let Some(row) = rows.iter().find(|row| row.1 == Some(id)) {
            return Ok(head(row));
        }
        at = units::table.find(id).select(units::parent_id).first(tx.conn())?;
    }
    if let Some(row) = rows.iter().find(|row| row.1.is_none()) {
        return Ok(head(row));
    }
    let agency = store::agency_ref(tx, agency_id)?.name;
    Ok(Head {
        lines_ar: format!("المملكة الأردنية الهاشمية\n{}", agency.ar),
        lines_en: format!("The Hashemite Kingdom of Jordan\n{}", agency.en),
        footer_ar: String::new(),
        footer_en: String::new(),
    })
}

fn head(row: &Row) -> Head {
    Head { lines_ar: row.2.clone(), lines_en: row.3.clone(), footer_ar: row.4.clone(), footer_en: row.5.clone() }
}

fn rows(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Vec<Row>> {
    Ok(letterheads::table
        .filter(letterheads::agency_id.eq(agency_id))
        .order(letterheads::id)
        .select((
            letterheads::id,
            letterheads::unit_id,
            letterheads::lines_ar,
            letterheads::lines_en,
            letterheads::footer_ar,
            letterheads::footer_en,
            letterheads::version,
        ))
        .load(tx.conn())?)
}

/// The letterheads of the actor's agency.
///
/// # Errors
/// The database fails.
pub fn list(tx: &mut ReadTx<'_>, actor: &Actor) -> Outcome<Vec<Letterhead>> {
    rows(tx, actor.agency_id)?
        .into_iter()
        .map(|(id, unit_id, lines_ar, lines_en, footer_ar, footer_en, version)| {
            let unit = unit_id.map(|id| store::unit_ref(tx, id)).transpose()?;
            Ok(Letterhead { id, unit, lines_ar, lines_en, footer_ar, footer_en, version })
        })
        .collect()
}

/// Puts a letterhead in place for the agency or one of its units. Issued letters keep theirs.
///
/// # Errors
/// Wrong fields; a stale version; another agency's unit.
pub fn put(tx: &mut WriteTx<'_>, actor: &Actor, new: &Letterhead) -> Outcome<()> {
    let mut fields = Fields::default();
    let lines_ar = fields.take(text::lines("lines_ar", &new.lines_ar, text::NOTE_MAX));
    let lines_en = fields.take(text::lines("lines_en", &new.lines_en, text::NOTE_MAX));
    fields.done()?;
    let unit_id = new.unit.as_ref().map(|unit| unit.id);
    if let Some(id) = unit_id {
        let own: i64 =
            units::table.find(id).filter(units::agency_id.eq(actor.agency_id)).count().get_result(tx.conn())?;
        if own == 0 {
            return Err(Refusal::NotFound("unit"));
        }
    }
    let current = rows(tx, actor.agency_id)?.into_iter().find(|row| row.1 == unit_id);
    let values = (
        letterheads::lines_ar.eq(&lines_ar),
        letterheads::lines_en.eq(&lines_en),
        letterheads::footer_ar.eq(new.footer_ar.trim()),
        letterheads::footer_en.eq(new.footer_en.trim()),
    );
    let id = match current {
        Some(row) if row.6 != new.version => {
            return Err(Refusal::stale("letterhead", row.6, new.version));
        }
        Some(row) => {
            diesel::update(letterheads::table.find(row.0))
                .set((values, letterheads::version.eq(row.6 + 1)))
                .execute(tx.conn())?;
            row.0
        }
        None => {
            let row = (
                letterheads::agency_id.eq(actor.agency_id),
                letterheads::unit_id.eq(unit_id),
                letterheads::version.eq(1_i64),
                values.0,
                values.1,
                values.2,
                values.3,
            );
            each_backend!(tx.conn(), c => diesel::insert_into(letterheads::table).values(row).returning(letterheads::id).get_result(c))?
        }
    };
    tx.audit(Audit::of("letterhead", id).after(new))?;
    Ok(())
}
