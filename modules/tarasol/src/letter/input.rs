//! What a writer sends, checked as a whole: every wrong field is told at once.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::{FieldError, Named, Permission, text};
use diwan_platform::{Actor, Fields, Outcome, Refusal, records};
use diwan_schema::platform::{agencies, positions, units};
use diwan_tarasol_api::{Direction, Form, LetterInput, Recipient, RecipientRole};

/// The most recipients of one letter; a circular to every agency stays below it.
const RECIPIENTS_MAX: usize = 500;
/// The longest time to answer, in working days.
const REPLY_DAYS_MAX: i32 = 365;

/// A checked draft.
pub(crate) struct Draft {
    pub(crate) input: LetterInput,
    pub(crate) direction: Direction,
    pub(crate) unit_id: i64,
    pub(crate) counterpart_id: Option<i64>,
    pub(crate) party: String,
}

/// Checks a draft for this writer.
///
/// # Errors
/// [`Refusal::Invalid`] with every wrong field; [`Refusal::NotFound`] for a letter answered that is out of scope.
pub(crate) fn check(tx: &mut ReadTx<'_>, actor: &Actor, mut input: LetterInput) -> Outcome<Draft> {
    let mut fields = Fields::default();
    input.subject = fields.take(text::line("subject", &input.subject, text::SUBJECT_MAX));
    if !input.addressee.trim().is_empty() {
        input.addressee = fields.take(text::line("addressee", &input.addressee, text::NAME_MAX));
    }
    if let Err(error) = input.body.check() {
        fields.push(FieldError::new("body", error.code()));
    }
    if input.secrecy > actor.clearance {
        fields.push(FieldError::new("secrecy", "above_clearance"));
    }
    if input.caveats.iter().any(|caveat| !actor.caveats.contains(caveat)) {
        fields.push(FieldError::new("caveats", "above_clearance"));
    }
    if input.reply_due_days.is_some_and(|days| !(1..=REPLY_DAYS_MAX).contains(&days)) {
        fields.push(FieldError::new("reply_due_days", "out_of_range").with("min", 1).with("max", REPLY_DAYS_MAX));
    }
    let direction = if input.form == Form::InternalMemo { Direction::InternalMemo } else { Direction::Outgoing };
    let names = recipients(tx, actor, direction, &input, &mut fields)?;
    let unit_id = unit(tx, actor, input.unit_id, &mut fields)?;
    if let Some(position) = input.signatory_position_id {
        let fits: Option<bool> = positions::table
            .filter(positions::id.eq(position))
            .filter(positions::agency_id.eq(actor.agency_id))
            .filter(positions::active.eq(true))
            .select(positions::can_sign)
            .first(tx.conn())
            .optional()?;
        if fits != Some(true) {
            fields.push(FieldError::new("signatory_position_id", "cannot_sign"));
        }
    }
    fields.done()?;
    if let Some(answered) = input.in_reply_to {
        records::load_visible(tx, actor, answered)?;
    }
    let main = input.recipients.iter().find(|r| r.role == RecipientRole::To);
    let counterpart_id = main.and_then(|r| r.agency_id).filter(|_| direction == Direction::Outgoing);
    let name = main.and_then(|r| r.unit_id.or(r.agency_id)).and_then(|id| names.get(&id));
    let party = name.map(|name| name.get(input.lang).to_owned()).unwrap_or_default();
    Ok(Draft { input, direction, unit_id, counterpart_id, party })
}

/// Checks whom the letter goes to; answers the names of those it may go to.
fn recipients(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    direction: Direction,
    input: &LetterInput,
    fields: &mut Fields,
) -> Outcome<BTreeMap<i64, Named>> {
    if !input.recipients.iter().any(|r| r.role == RecipientRole::To) {
        fields.push(FieldError::new("recipients", "required"));
    }
    if input.recipients.len() > RECIPIENTS_MAX {
        fields.push(FieldError::new("recipients", "too_many").with("max", RECIPIENTS_MAX));
        return Ok(BTreeMap::new());
    }
    let internal = direction == Direction::InternalMemo;
    let asked = |recipient: &Recipient| if internal { recipient.unit_id } else { recipient.agency_id };
    let wanted: Vec<i64> = input.recipients.iter().filter_map(asked).collect();
    let rows: Vec<(i64, String, String)> = if internal {
        let known = units::table.filter(units::id.eq_any(wanted)).filter(units::agency_id.eq(actor.agency_id));
        known.filter(units::active.eq(true)).select((units::id, units::name_ar, units::name_en)).load(tx.conn())?
    } else {
        let known = agencies::table.filter(agencies::id.eq_any(wanted)).filter(agencies::active.eq(true));
        known.select((agencies::id, agencies::name_ar, agencies::name_en)).load(tx.conn())?
    };
    let known: BTreeMap<i64, Named> = rows.into_iter().map(|(id, ar, en)| (id, Named { ar, en })).collect();
    let mut seen = BTreeSet::new();
    for (index, recipient) in input.recipients.iter().enumerate() {
        let field = format!("recipients.{index}.{}", if internal { "unit_id" } else { "agency_id" });
        match asked(recipient) {
            None => fields.push(FieldError::new(field, "required")),
            Some(id) if !known.contains_key(&id) => fields.push(FieldError::new(field, "unknown")),
            Some(id) if !internal && id == actor.agency_id => {
                fields.push(FieldError::new(field, "own_agency"));
            }
            Some(id) if !seen.insert(id) => fields.push(FieldError::new(field, "twice")),
            Some(_) => {}
        }
    }
    Ok(known)
}

/// The unit the letter is written in: one of the writer's own, or any of the agency for those who register.
fn unit(tx: &mut ReadTx<'_>, actor: &Actor, wanted: Option<i64>, fields: &mut Fields) -> Outcome<i64> {
    let own = actor.units().next();
    let Some(unit_id) = wanted.or(own) else {
        return Err(Refusal::rule("no_position", []));
    };
    let of_agency: Option<i64> = units::table
        .filter(units::id.eq(unit_id))
        .filter(units::agency_id.eq(actor.agency_id))
        .select(units::id)
        .first(tx.conn())
        .optional()?;
    let allowed =
        of_agency.is_some() && (actor.units().any(|id| id == unit_id) || actor.can(Permission::LettersRegister));
    if !allowed {
        fields.push(FieldError::new("unit_id", "unknown"));
    }
    Ok(unit_id)
}
