//! Changing what is said about a document.

use diesel::prelude::*;
use diwan_archive_api::{DocumentSource, NewDocument};
use diwan_db::{Audit, WriteTx};
use diwan_kernel::text;
use diwan_platform::{
    Actor, Outcome, Refusal,
    records::{self, RecordRow, set_caveats, state, store as spine},
};
use diwan_schema::{archive::documents, platform::records as table};
use serde_json::json;

use super::{
    create::{Checked, Had, check, order},
    store::{self, Filed},
};
use crate::{
    classes, guard, holds, keeping,
    types::{tags, values},
};

/// Changes the document if it is still as the client has read it. Of a letter only class, kind, fields and tags
/// change here.
pub(super) fn run(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, version: i64, new: &NewDocument) -> Outcome<()> {
    let (row, filed) = store::load(tx, actor, id)?;
    state::fresh(tx, &row, version)?;
    store::still_there(&row, "edit")?;
    classes::begin(tx, actor.agency_id)?;
    let had = Had { class: row.class_code.as_deref(), type_id: filed.type_id };
    let checked = match filed.source.parse()? {
        DocumentSource::Upload => check(tx, actor, new, Some(&had))?,
        DocumentSource::Letter => unchanged(tx, actor, &row, &filed, new, &had)?,
    };
    if new.class_code != row.class_code {
        reclassify(tx, actor, &row, &filed)?;
    }
    let before = (&row, spine::caveats(tx, id)?, filed.doc_date);
    let now = tx.now();
    let updated = diesel::update(table::table.filter(table::id.eq(id)).filter(table::version.eq(row.version)))
        .set((
            table::subject.eq(&checked.subject),
            table::party.eq(&checked.party),
            table::fold.eq(text::fold(&checked.subject)),
            table::secrecy.eq(new.secrecy.code()),
            table::class_code.eq(&new.class_code),
            table::updated_at.eq(now),
            table::version.eq(row.version + 1),
        ))
        .execute(tx.conn())?;
    state::written(tx, &row, updated)?;
    set_caveats(tx, id, &new.caveats)?;
    diesel::update(documents::table.find(id)).set(documents::doc_date.eq(new.doc_date)).execute(tx.conn())?;
    values::put(tx, id, new.type_id, &checked.values)?;
    tags::put(tx, id, &checked.tags)?;
    keeping::store::place(tx, id)?;
    let detail = json!({
        "class": { "from": row.class_code, "to": new.class_code },
        "secrecy": { "from": row.secrecy, "to": new.secrecy.code() },
    });
    tx.audit(Audit::of_record(id).before(&before).after(new).detail(detail))?;
    Ok(tx.outbox(records::CHANGED, Some(row.agency_id), Some(id), &())?)
}

/// A document leaves its class only where no hold and no file keeps it there; holds and destruction wait meanwhile.
fn reclassify(tx: &mut WriteTx<'_>, actor: &Actor, row: &RecordRow, filed: &Filed) -> Outcome<()> {
    guard::take(tx, actor.agency_id)?;
    if filed.volume_id.is_some() {
        return Err(Refusal::field("class_code", "class_of_its_file"));
    }
    holds::store::none_on(tx, row.id)
}

/// A letter's own words and secrecy are the letter's: here they may only be repeated.
fn unchanged(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    row: &RecordRow,
    filed: &Filed,
    new: &NewDocument,
    had: &Had<'_>,
) -> Outcome<Checked> {
    let same = new.subject == row.subject
        && new.party == row.party
        && new.doc_date == filed.doc_date
        && new.secrecy.code() == row.secrecy
        && new.caveats == spine::caveats(tx, row.id)?;
    if !same {
        return Err(Refusal::rule("letter_fixed", []));
    }
    let (values, tags) = order(tx, actor, new, Some(had))?;
    Ok(Checked { subject: row.subject.clone(), party: row.party.clone(), values, tags })
}
