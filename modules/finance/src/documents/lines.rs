//! The lines of a document: codes to ids, amounts in any digits to minor units.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{DocumentInput, LineInput, RATE_ONE, SegmentKind, Shape, Side, Sides};
use diwan_kernel::{
    FieldError, Permission, money,
    text::{self, latin_digits},
};
use diwan_platform::{Actor, Fields, Outcome, Refusal};
use diwan_schema::finance::{accounts, budget_keys, cost_centres, parties, segments};

use crate::structure::keys::{self, Parts};

/// A checked line.
#[derive(Debug, Clone)]
pub(crate) struct NewLine {
    pub(crate) account_id: Option<i64>,
    pub(crate) key_id: Option<i64>,
    pub(crate) party_id: Option<i64>,
    pub(crate) centre_id: Option<i64>,
    pub(crate) side: Side,
    pub(crate) amount: i64,
    pub(crate) base_amount: i64,
    pub(crate) note: String,
}

impl NewLine {
    /// Debit, in the currency of the document and in the base currency; 0 on the other side.
    pub(crate) fn debit(&self) -> (i64, i64) {
        if self.side == Side::Debit { (self.amount, self.base_amount) } else { (0, 0) }
    }

    /// Credit, as [`Self::debit`].
    pub(crate) fn credit(&self) -> (i64, i64) {
        if self.side == Side::Credit { (self.amount, self.base_amount) } else { (0, 0) }
    }
}

/// An account, as far as lines depend on it.
type Account = (i64, bool, bool);

/// What the codes of all lines stand for: one query a kind, however many lines there are.
struct Known {
    accounts: BTreeMap<String, Account>,
    keys: BTreeMap<String, i64>,
    parties: BTreeMap<String, i64>,
    centres: BTreeMap<String, i64>,
}

/// Checks every line that says anything.
///
/// # Errors
/// Each wrong cell as `lines.<row>.<field>`.
pub(crate) fn check(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (input, shape, year_id): (&DocumentInput, Shape, i64),
    (scale, rate): (u8, i64),
) -> Outcome<Vec<NewLine>> {
    let rows: Vec<(usize, &LineInput)> =
        input.lines.iter().enumerate().filter(|(_, line)| **line != LineInput::default()).collect();
    let known = known(tx, actor, (input, shape, year_id), &rows)?;
    let mut fields = Fields::default();
    let mut lines = Vec::with_capacity(rows.len());
    for (at, row) in &rows {
        lines.extend(one(*at, row, shape, (&known, scale), &mut fields));
    }
    fields.done()?;
    to_base(&mut lines, (scale, rate), &rows)?;
    Ok(lines)
}

/// One line; none where something is wrong with it.
fn one(at: usize, row: &LineInput, shape: Shape, (known, scale): (&Known, u8), fields: &mut Fields) -> Option<NewLine> {
    let name = |field: &str| format!("lines.{at}.{field}");
    let mut wrong = Vec::new();
    let account = match (latin_digits(&row.account), shape.accounts) {
        (code, true) if code.is_empty() => {
            wrong.push(FieldError::new(name("account"), "required"));
            None
        }
        (code, true) => {
            let found = known.accounts.get(&code).copied();
            match found {
                None => wrong.push(FieldError::new(name("account"), "account_unknown").with("code", &code)),
                Some((_, false, _)) => {
                    wrong.push(FieldError::new(name("account"), "account_not_leaf").with("code", &code));
                }
                Some(_) => {}
            }
            found
        }
        (_, false) => None,
    };
    let mut look = |field: &str, code: &str, unknown: &'static str, all: &BTreeMap<String, i64>| {
        let code = latin_digits(code);
        let found = all.get(&code).copied();
        if found.is_none() && !code.is_empty() {
            wrong.push(FieldError::new(name(field), unknown).with("code", code));
        }
        found
    };
    let key_id = look("key", &row.key, "key_unknown", &known.keys);
    let party_id = look("party", &row.party, "party_unknown", &known.parties);
    let centre_id = look("centre", &row.centre, "centre_unknown", &known.centres);
    if row.key.trim().is_empty() && (shape.keys || account.is_some_and(|(_, _, budgeted)| budgeted)) {
        wrong.push(FieldError::new(name("key"), "required"));
    }
    let (side, amount) = match amount(row, shape, scale, &name) {
        Ok(given) => given,
        Err(error) => {
            wrong.push(error);
            (Side::Debit, 0)
        }
    };
    let note = match row.note.trim() {
        "" => String::new(),
        note => match text::line(&name("note"), note, text::SUBJECT_MAX) {
            Ok(note) => note,
            Err(error) => {
                wrong.push(error);
                String::new()
            }
        },
    };
    let good = wrong.is_empty();
    wrong.into_iter().for_each(|error| fields.push(error));
    let account_id = account.map(|(id, ..)| id);
    good.then_some(NewLine { account_id, key_id, party_id, centre_id, side, amount, base_amount: 0, note })
}

/// One side, more than 0.
fn amount(row: &LineInput, shape: Shape, scale: u8, name: &dyn Fn(&str) -> String) -> Result<(Side, i64), FieldError> {
    let (side, field, text) = match (row.debit.trim(), row.credit.trim()) {
        ("", "") => {
            let field = if shape.sides == Sides::Credit { "credit" } else { "debit" };
            return Err(FieldError::new(name(field), "required"));
        }
        (debit, "") => (Side::Debit, "debit", debit),
        ("", credit) => (Side::Credit, "credit", credit),
        _ => return Err(FieldError::new(name("credit"), "one_side")),
    };
    if matches!((side, shape.sides), (Side::Credit, Sides::Debit) | (Side::Debit, Sides::Credit)) {
        return Err(FieldError::new(name(field), "not_asked"));
    }
    match money::parse(&name(field), text, scale)? {
        amount if amount > 0 => Ok((side, amount)),
        _ => Err(FieldError::new(name(field), "not_positive")),
    }
}

/// Amounts in the base currency: each side as a whole is converted once and shared out, so that what balances in one
/// currency balances in both.
fn to_base(lines: &mut [NewLine], (scale, rate): (u8, i64), rows: &[(usize, &LineInput)]) -> Outcome<()> {
    for side in [Side::Debit, Side::Credit] {
        let weights: Vec<i64> = lines.iter().filter(|line| line.side == side).map(|line| line.amount).collect();
        let total: i128 = weights.iter().map(|one| i128::from(*one)).sum();
        let base = convert(total, scale, rate).ok_or_else(|| Refusal::rule("amount_overflow", []))?;
        let shares = if rate == RATE_ONE && scale == money::JOD_SCALE {
            weights
        } else {
            money::split(base, &weights).unwrap_or_default()
        };
        for (line, share) in lines.iter_mut().filter(|line| line.side == side).zip(shares) {
            line.base_amount = share;
        }
    }
    let small = lines.iter().zip(rows).find(|(line, _)| line.base_amount <= 0);
    match small {
        Some((line, (at, _))) => Err(Refusal::field(&format!("lines.{at}.{}", line.side.code()), "too_small")),
        None => Ok(()),
    }
}

/// Minor units of the base currency for minor units of another one; half a unit is rounded up.
fn convert(amount: i128, scale: u8, rate: i64) -> Option<i64> {
    let (up, down) = if scale <= money::JOD_SCALE {
        (10_i128.pow(u32::from(money::JOD_SCALE - scale)), 1)
    } else {
        (1, 10_i128.pow(u32::from(scale - money::JOD_SCALE)))
    };
    let one = i128::from(RATE_ONE) * down;
    let scaled = amount.checked_mul(i128::from(rate))?.checked_mul(up)?;
    i64::try_from((scaled + one / 2) / one).ok()
}

fn codes<'a>(rows: &[(usize, &'a LineInput)], of: fn(&'a LineInput) -> &'a String) -> Vec<String> {
    let all: BTreeSet<String> =
        rows.iter().map(|(_, row)| latin_digits(of(row))).filter(|code| !code.is_empty()).collect();
    all.into_iter().collect()
}

fn known(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (input, shape, year_id): (&DocumentInput, Shape, i64),
    rows: &[(usize, &LineInput)],
) -> Outcome<Known> {
    /// Codes of one statement.
    const CODES: usize = 1_000;
    let agency = actor.agency_id;
    let (mut accounts, mut keys) = (BTreeMap::new(), BTreeMap::new());
    let (mut parties, mut centres) = (BTreeMap::new(), BTreeMap::new());
    for some in codes(rows, |row| &row.account).chunks(CODES) {
        let found: Vec<(String, i64, bool, bool)> = accounts::table
            .filter(accounts::agency_id.eq(agency))
            .filter(accounts::code.eq_any(some))
            .select((accounts::code, accounts::id, accounts::posting, accounts::budgeted))
            .load(tx.conn())?;
        accounts.extend(found.into_iter().map(|(code, id, posting, budgeted)| (code, (id, posting, budgeted))));
    }
    let asked = codes(rows, |row| &row.key);
    for some in asked.chunks(CODES) {
        let found: Vec<(String, i64)> = budget_keys::table
            .filter(budget_keys::year_id.eq(year_id))
            .filter(budget_keys::agency_id.eq(agency))
            .filter(budget_keys::code.eq_any(some))
            .select((budget_keys::code, budget_keys::id))
            .load(tx.conn())?;
        keys.extend(found);
    }
    // Who prepares budgets brings new keys; whoever spends names those there are.
    if shape.prepare == Permission::FinanceBudget {
        let new: Vec<&String> = asked.iter().filter(|code| !keys.contains_key(*code)).collect();
        keys.extend(make_keys(tx, actor, (input, year_id), (&new, rows))?);
    }
    for some in codes(rows, |row| &row.party).chunks(CODES) {
        let found: Vec<(String, i64)> = parties::table
            .filter(parties::agency_id.eq(agency))
            .filter(parties::active.eq(true))
            .filter(parties::code.eq_any(some))
            .select((parties::code, parties::id))
            .load(tx.conn())?;
        parties.extend(found);
    }
    for some in codes(rows, |row| &row.centre).chunks(CODES) {
        let found: Vec<(String, i64)> = cost_centres::table
            .filter(cost_centres::agency_id.eq(agency))
            .filter(cost_centres::active.eq(true))
            .filter(cost_centres::code.eq_any(some))
            .select((cost_centres::code, cost_centres::id))
            .load(tx.conn())?;
        centres.extend(found);
    }
    Ok(Known { accounts, keys, parties, centres })
}

/// Makes the keys that are new; codes that are none are left out, and so told of as unknown.
fn make_keys(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (input, year_id): (&DocumentInput, i64),
    (new, rows): (&[&String], &[(usize, &LineInput)]),
) -> Outcome<BTreeMap<String, i64>> {
    let mut made = BTreeMap::new();
    if new.is_empty() {
        return Ok(made);
    }
    let by_code = segment_codes(tx, actor.agency_id)?;
    for code in new {
        let parts: Vec<i64> = SegmentKind::ALL
            .iter()
            .zip(code.split('-'))
            .filter_map(|(kind, part)| by_code.get(&(kind.code().to_owned(), part.to_owned())).copied())
            .collect();
        if code.split('-').count() == SegmentKind::ALL.len()
            && let Ok(parts) = Parts::try_from(parts)
        {
            let key = keys::find_or_make(tx, actor.agency_id, year_id, parts, (input.effective_on, actor.user_id));
            let key = key.map_err(|refusal| in_row(refusal, code, rows))?;
            made.insert((*code).clone(), key.id);
        }
    }
    Ok(made)
}

/// What is wrong with a part of a key is told in the first row that names the key.
fn in_row(refusal: Refusal, code: &str, rows: &[(usize, &LineInput)]) -> Refusal {
    let Refusal::Invalid(mut errors) = refusal else { return refusal };
    let at = rows.iter().find(|(_, row)| latin_digits(&row.key) == code).map_or(0, |(at, _)| *at);
    for error in &mut errors {
        error.field = format!("lines.{at}.key");
    }
    Refusal::Invalid(errors)
}

fn segment_codes(tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<BTreeMap<(String, String), i64>> {
    let all: Vec<(String, String, i64)> = segments::table
        .filter(segments::agency_id.eq(agency_id))
        .select((segments::kind, segments::code, segments::id))
        .load(tx.conn())?;
    Ok(all.into_iter().map(|(kind, code, id)| ((kind, code), id)).collect())
}
