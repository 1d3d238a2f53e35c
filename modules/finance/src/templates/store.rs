//! Templates as stored.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{DocumentInput, DocumentKind, VoucherProblem, VoucherSchedule, VoucherTemplate};
use diwan_platform::{Actor, Outcome, Refusal, people::names::Names};
use diwan_platform_api::records::Ref;
use diwan_schema::finance::voucher_templates;

/// A template as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = voucher_templates)]
pub(super) struct TemplateRow {
    pub(super) id: i64,
    pub(super) agency_id: i64,
    pub(super) name: String,
    pub(super) fold: String,
    kind: String,
    content: String,
    pub(super) active: bool,
    pub(super) owner_id: i64,
    every: Option<String>,
    day: Option<i32>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    pub(super) paused: bool,
    pub(super) next_on: Option<NaiveDate>,
    pub(super) problem: String,
    problem_at: Option<NaiveDateTime>,
    pub(super) version: i64,
}

impl TemplateRow {
    /// The kind of its documents.
    pub(super) fn kind(&self) -> Outcome<DocumentKind> {
        Ok(self.kind.parse()?)
    }

    /// What its documents say.
    pub(super) fn content(&self) -> Outcome<DocumentInput> {
        Ok(serde_json::from_str(&self.content)?)
    }

    /// When it makes drafts by itself.
    pub(super) fn schedule(&self) -> Outcome<Option<VoucherSchedule>> {
        let (Some(every), Some(day), Some(starts_on)) = (&self.every, self.day, self.starts_on) else {
            return Ok(None);
        };
        let day = u32::try_from(day).map_err(|_| Refusal::Internal(format!("template {} has a day {day}", self.id)))?;
        Ok(Some(VoucherSchedule { every: every.parse()?, day, starts_on, ends_on: self.ends_on, paused: self.paused }))
    }

    /// As its reader sees it.
    pub(super) fn view(&self, actor: &Actor, people: &Names) -> Outcome<VoucherTemplate> {
        let kind = self.kind()?;
        let problem = match self.problem_at {
            Some(at) => Some(VoucherProblem { at, ..serde_json::from_str(&self.problem)? }),
            None => None,
        };
        Ok(VoucherTemplate {
            id: self.id,
            name: self.name.clone(),
            kind,
            subject: self.content()?.subject,
            schedule: self.schedule()?,
            next_on: self.next_on,
            problem,
            owner: Ref { id: self.owner_id, name: people.get(self.owner_id).cloned().unwrap_or_default() },
            active: self.active,
            may_change: self.active && actor.can(kind.shape().prepare),
            version: self.version,
        })
    }
}

/// A template of the actor's agency.
///
/// # Errors
/// Not found.
pub(super) fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<TemplateRow> {
    voucher_templates::table
        .find(id)
        .filter(voucher_templates::agency_id.eq(agency_id))
        .select(TemplateRow::as_select())
        .first(tx.conn())
        .optional()?
        .ok_or(Refusal::NotFound("voucher_template"))
}
