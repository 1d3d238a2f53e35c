//! Reading and writing the setting `archive.classes`.

use diesel::prelude::*;
use diwan_archive_api::{DocumentClasses, default_classes, valid_code};
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_kernel::FieldError;
use diwan_platform::{Fields, Outcome, Refusal};
use diwan_schema::platform::settings;

const KEY: &str = "archive.classes";
/// The most classes of one agency.
const MOST: usize = 2_000;

/// The classes in force today; the standard ones where the agency has set none.
pub(crate) fn load(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<DocumentClasses> {
    let today = tx.today();
    let stored: Option<String> = settings::table
        .filter(settings::key.eq(KEY))
        .filter(settings::agency_id.eq(agency_id))
        .filter(settings::valid_from.le(today))
        .order(settings::valid_from.desc())
        .select(settings::value)
        .first(tx.conn())
        .optional()?;
    Ok(stored.map_or_else(|| Ok(default_classes()), |json| serde_json::from_str(&json))?)
}

/// Goes on only with a class that documents may be filed under now.
pub(crate) fn check(tx: &mut ReadTx<'_>, agency_id: i64, code: &str) -> Outcome<()> {
    let known = load(tx, agency_id)?.items.iter().any(|class| class.active && class.code == code);
    if known { Ok(()) } else { Err(FieldError::new("class_code", "unknown_class").with("code", code).into()) }
}

/// Replaces the classes from today on. A class that is no longer named keeps the documents it has.
pub(crate) fn save(tx: &mut WriteTx<'_>, agency_id: i64, mut classes: DocumentClasses) -> Outcome<DocumentClasses> {
    clean(&mut classes)?;
    let before = load(tx, agency_id)?;
    let (today, value) = (tx.today(), serde_json::to_string(&classes)?);
    let same_day = settings::table
        .filter(settings::key.eq(KEY))
        .filter(settings::agency_id.eq(agency_id))
        .filter(settings::valid_from.eq(today));
    if diesel::update(same_day).set(settings::value.eq(&value)).execute(tx.conn())? == 0 {
        let row = (
            settings::agency_id.eq(agency_id),
            settings::key.eq(KEY),
            settings::value.eq(&value),
            settings::valid_from.eq(today),
        );
        each_backend!(tx.conn(), c => diesel::insert_into(settings::table).values(row).execute(c))?;
    }
    tx.audit(Audit::of("agency", agency_id).before(&before).after(&classes))?;
    Ok(classes)
}

fn clean(classes: &mut DocumentClasses) -> Outcome<()> {
    if classes.items.len() > MOST {
        return Err(FieldError::new("items", "too_many").with("max", MOST).into());
    }
    let mut fields = Fields::default();
    classes.items.sort_by(|a, b| a.code.cmp(&b.code));
    for at in 0..classes.items.len() {
        let twice = at > 0
            && classes.items.get(at - 1).map(|class| &class.code) == classes.items.get(at).map(|class| &class.code);
        let Some(class) = classes.items.get_mut(at) else { continue };
        if !valid_code(&class.code) {
            fields.push(FieldError::new(format!("items.{at}.code"), "bad_code"));
        }
        if twice {
            fields.push(FieldError::new(format!("items.{at}.code"), "already_exists"));
        }
        class.name = fields.name(&format!("items.{at}.name"), &class.name);
    }
    fields.done()?;
    if classes.items.is_empty() { Err(Refusal::field("items", "required")) } else { Ok(()) }
}
