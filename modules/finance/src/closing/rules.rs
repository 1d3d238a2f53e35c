//! The closing rules that are in force, and the usual ones for an agency that has none. Their list is `parts::closing`.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{ClosingRuleInput, ClosingRuleKind, UsualRules};
use diwan_kernel::{Named, Permission};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::{accounts, closing_rules, fiscal_years};

use crate::parts::part::Part as _;

/// A rule in force.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) id: i64,
    pub(super) kind: ClosingRuleKind,
    pub(super) code: String,
    pub(super) name: Named,
    /// Who may sign; none of a clearing account.
    pub(super) right: Option<Permission>,
    pub(super) other_person: bool,
}

/// The rules that are in force on a day, by kind and code.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(super) fn in_force(tx: &mut ReadTx<'_>, agency_id: i64, day: NaiveDate) -> Outcome<Vec<Rule>> {
    type Row = (i64, String, String, (String, String), String, bool);
    let rows: Vec<Row> = closing_rules::table
        .filter(closing_rules::agency_id.eq(agency_id))
        .filter(closing_rules::active_from.le(day))
        .filter(closing_rules::active_to.is_null().or(closing_rules::active_to.ge(day)))
        .order((closing_rules::kind, closing_rules::code, closing_rules::id))
        .select((
            closing_rules::id,
            closing_rules::kind,
            closing_rules::code,
            (closing_rules::name_ar, closing_rules::name_en),
            closing_rules::permission,
            closing_rules::other_person,
        ))
        .load(tx.conn())?;
    let rule = |(id, kind, code, (ar, en), right, other_person): Row| {
        let right = if right.is_empty() { None } else { Some(right.parse()?) };
        Ok(Rule { id, kind: kind.parse()?, code, name: Named { ar, en }, right, other_person })
    };
    rows.into_iter().map(rule).collect()
}

/// Sign-offs of an office as they usually are: code, right, and what is signed.
const SIGN_OFFS: [(&str, Permission, (&str, &str)); 3] = [
    ("1", Permission::FinancePrepare, ("اكتمل تسجيل القيود والمستندات", "Entries and documents are complete")),
    ("2", Permission::FinanceReconcile, ("تمت تسوية الحسابات البنكية", "The bank accounts are reconciled")),
    ("3", Permission::FinanceCertify, ("روجعت الالتزامات القائمة", "Open commitments were reviewed")),
];

/// Accounts of the ready chart that only pass money on: cash in transit, returned cheques, goods received and not invoiced.
const CLEARING: [&str; 3] = ["620203", "620805", "630802"];

/// Gives an agency without rules the usual ones, in force from its first fiscal year on.
///
/// # Errors
/// `rules_there`; no fiscal year.
pub(super) fn set_usual(tx: &mut WriteTx<'_>, actor: &Actor) -> Outcome<UsualRules> {
    let agency_id = actor.agency_id;
    let any: i64 = closing_rules::table.filter(closing_rules::agency_id.eq(agency_id)).count().get_result(tx.conn())?;
    if any > 0 {
        return Err(Refusal::rule("rules_there", []));
    }
    let first: Option<NaiveDate> = fiscal_years::table
        .filter(fiscal_years::agency_id.eq(agency_id))
        .order(fiscal_years::year)
        .select(fiscal_years::starts_on)
        .first(tx.conn())
        .optional()?;
    let active_from = first.ok_or(Refusal::NotFound("fiscal_year"))?;
    let known: Vec<String> = accounts::table
        .filter(accounts::agency_id.eq(agency_id))
        .filter(accounts::posting.eq(true))
        .filter(accounts::code.eq_any(CLEARING))
        .order(accounts::code)
        .select(accounts::code)
        .load(tx.conn())?;
    let sign_off = |(code, right, (ar, en)): (&str, Permission, (&str, &str))| ClosingRuleInput {
        kind: ClosingRuleKind::SignOff,
        code: code.to_owned(),
        name: Named { ar: ar.to_owned(), en: en.to_owned() },
        right: Some(right),
        other_person: false,
        active_from,
        active_to: None,
    };
    let clearing = |code: String| ClosingRuleInput {
        kind: ClosingRuleKind::Clearing,
        code,
        name: Named::default(),
        right: None,
        other_person: false,
        active_from,
        active_to: None,
    };
    let mut added = 0;
    for rule in SIGN_OFFS.into_iter().map(sign_off).chain(known.into_iter().map(clearing)) {
        let id = rule.insert(tx, agency_id)?;
        tx.audit(Audit::of("closing_rule", id).after(&rule))?;
        added += 1;
    }
    Ok(UsualRules { added })
}
