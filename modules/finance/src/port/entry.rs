//! The lines of what other modules post and liquidate: what they name is there, what it is called, and what they spend.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{BASE_CURRENCY, LineInput};
use diwan_kernel::{FieldError, money};
use diwan_platform::{Fields, Outcome};
use diwan_schema::finance::{accounts, budget_keys, cost_centres, parties};

use crate::ledger::Line;

/// A debit in the base currency on an account, in minor units; what else the account asks for is added to it.
pub fn debit(account_id: i64, amount: i64) -> Line {
    Line {
        account_id,
        key_id: None,
        party_id: None,
        centre_id: None,
        currency: BASE_CURRENCY.to_owned(),
        debit: amount,
        credit: 0,
        base_debit: amount,
        base_credit: 0,
        note: String::new(),
    }
}

/// A credit, as [`debit`].
pub fn credit(account_id: i64, amount: i64) -> Line {
    Line { debit: 0, credit: amount, base_debit: 0, base_credit: amount, ..debit(account_id, 0) }
}

/// What a table says of those of these ids that fit.
macro_rules! said_of {
    ($tx:ident, $table:ident, $fits:expr, ($what:expr, $ty:ty), $ids:expr) => {{
        let ids: BTreeSet<i64> = $ids.collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let mut found = BTreeMap::<i64, $ty>::new();
        for some in ids.chunks(1_000) {
            let rows: Vec<(i64, $ty)> = $table::table
                .filter($fits)
                .filter($table::id.eq_any(some))
                .select(($table::id, $what))
                .load($tx.conn())?;
            found.extend(rows);
        }
        found
    }};
}

/// What lines name, by its ids.
pub(super) struct Known {
    /// Codes, and whether it spends budget.
    accounts: BTreeMap<i64, (String, bool)>,
    keys: BTreeMap<i64, String>,
    parties: BTreeMap<i64, String>,
    centres: BTreeMap<i64, String>,
}

/// Looks up what the lines name.
///
/// # Errors
/// `lines.<n>.account_id`, `key_id`, `party_id` or `centre_id` that the agency has not; keys are of the year.
pub(super) fn known(tx: &mut ReadTx<'_>, (agency_id, year_id): (i64, i64), lines: &[Line]) -> Outcome<Known> {
    let ids = |of: fn(&Line) -> Option<i64>| lines.iter().filter_map(of);
    let known = Known {
        accounts: said_of!(
            tx,
            accounts,
            accounts::agency_id.eq(agency_id),
            ((accounts::code, accounts::budgeted), (String, bool)),
            ids(|line| Some(line.account_id))
        ),
        keys: said_of!(
            tx,
            budget_keys,
            budget_keys::agency_id.eq(agency_id).and(budget_keys::year_id.eq(year_id)),
            (budget_keys::code, String),
            ids(|line| line.key_id)
        ),
        parties: said_of!(
            tx,
            parties,
            parties::agency_id.eq(agency_id),
            (parties::code, String),
            ids(|line| line.party_id)
        ),
        centres: said_of!(
            tx,
            cost_centres,
            cost_centres::agency_id.eq(agency_id),
            (cost_centres::code, String),
            ids(|line| line.centre_id)
        ),
    };
    let mut fields = Fields::default();
    for (at, line) in lines.iter().enumerate() {
        for (there, field) in [
            (known.accounts.contains_key(&line.account_id), "account_id"),
            (line.key_id.is_none_or(|id| known.keys.contains_key(&id)), "key_id"),
            (line.party_id.is_none_or(|id| known.parties.contains_key(&id)), "party_id"),
            (line.centre_id.is_none_or(|id| known.centres.contains_key(&id)), "centre_id"),
        ] {
            if !there {
                fields.push(FieldError::new(format!("lines.{at}.{field}"), "unknown"));
            }
        }
    }
    fields.done()?;
    Ok(known)
}

impl Known {
    /// The first key that the lines spend, by its code, and how much of it in the base currency; none where the debits and
    /// credits of each are equal.
    ///
    /// # Errors
    /// `amount_overflow`.
    pub(super) fn spent(&self, lines: &[Line]) -> Outcome<Option<(String, i64)>> {
        let mut net = BTreeMap::<i64, i64>::new();
        for line in lines {
            let budgeted = self.accounts.get(&line.account_id).is_some_and(|(_, budgeted)| *budgeted);
            if let Some(key) = line.key_id.filter(|_| budgeted) {
                let sum = net.entry(key).or_default();
                *sum = crate::amounts::sum([*sum, line.base_debit, -line.base_credit])?;
            }
        }
        let first = net.into_iter().find(|(_, amount)| *amount != 0);
        Ok(first.map(|(key, amount)| (self.keys.get(&key).cloned().unwrap_or_default(), amount)))
    }

    /// The lines as a form has them: codes, and amounts of a currency with so many decimals.
    pub(super) fn typed(&self, lines: &[Line], scale: u8) -> Vec<LineInput> {
        let code = |codes: &BTreeMap<i64, String>, id: Option<i64>| {
            id.and_then(|id| codes.get(&id).cloned()).unwrap_or_default()
        };
        let amount = |minor: i64| if minor == 0 { String::new() } else { money::format(minor, scale) };
        lines
            .iter()
            .map(|line| LineInput {
                account: self.accounts.get(&line.account_id).map(|(code, _)| code.clone()).unwrap_or_default(),
                key: code(&self.keys, line.key_id),
                party: code(&self.parties, line.party_id),
                centre: code(&self.centres, line.centre_id),
                debit: amount(line.debit),
                credit: amount(line.credit),
                note: line.note.clone(),
            })
            .collect()
    }
}
