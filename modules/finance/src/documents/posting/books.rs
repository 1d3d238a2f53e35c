//! What the documents of the books post: their lines, the account that takes the difference, and what they spend.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_db::{Keep, ReadTx, WriteTx};
use diwan_finance_api::{Bucket, DocumentKind, MoveKind, Side};
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::accounts;

use super::{
    super::{
        given_up,
        store::{self, DocumentRow, LineRow},
        worth,
    },
    Posted, budget, draw,
    registers::{self, Beside},
};
use crate::{
    ledger::{self, Entry, Line, Spend, moves::Move},
    payments::{cash, post_covered},
    port,
};

/// What posting asks of an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) side: Side,
    pub(super) budgeted: bool,
    pub(super) needs_party: bool,
    pub(super) trust: bool,
}

/// The account that takes the difference of the lines, with its party.
type Counter = (i64, Option<i64>);

/// Posts a document to the general ledger, with what it does to the budget.
///
/// # Errors
/// What the ledgers refuse; `source_short`, of a box of cash too, `source_short_before`, `source_closed`, `source_other_keys`;
/// the field `currency`: `other_currency`; `net_negative`: more is deducted than there is.
pub(super) fn post(tx: &mut WriteTx<'_>, actor: &Actor, document: &DocumentRow, lines: &[LineRow]) -> Outcome<Posted> {
    let kind = document.kind()?;
    let shape = kind.shape();
    let Named { source, held, counter, accounts } = named(tx, document, lines)?;
    let beside = Beside { held: &held, counter: counter.map(|(account, _)| account), accounts: &accounts };
    registers::stands(document, lines, beside)?;
    let typed = lines.len();
    let given_up = match kind {
        DocumentKind::JournalVoucher => given_up::take(tx, document, lines)?,
        _ => Vec::new(),
    };
    let spent = net_of_keys(lines, &accounts)?;
    let drawn = match source.map(|source| (source.record_id, document.effective_on)) {
        Some(source) if kind == DocumentKind::PaymentVoucher => draw::commitment(tx, source, &spent)?,
        Some(source) => {
            draw::settle(tx, source, document.base_amount)?;
            BTreeMap::new()
        }
        None if kind == DocumentKind::PaymentVoucher => port::draw(tx, document, &spent)?,
        None => BTreeMap::new(),
    };
    let (lines, net) = entry_lines(document, lines, (counter, &accounts));
    registers::guard(tx, document, beside, &lines).map_err(|refusal| as_typed(refusal, typed))?;
    if shape.pays && net < 0 {
        return Err(Refusal::rule("net_negative", []));
    }
    // Where all is deducted nothing is paid later: it is spent as it is posted.
    let pays_later = shape.pays && net > 0;
    let mut spends = spends(tx, &spent, &drawn, pays_later)?;
    spends.extend(given_up);
    if pays_later {
        let back = spends.iter().flat_map(|spend| &spend.moves).filter(|one| one.source == Bucket::Paid);
        cash::give_back(tx, document.record_id, back.map(|one| (one.line_id, one.amount)))?;
    }
    let entry = Entry {
        agency_id: document.agency_id,
        record_id: document.record_id,
        kind,
        effective_on: document.effective_on,
        complementary: document.complementary,
        reverses: None,
        lines,
        spends,
    };
    let asset = |id: i64| accounts.get(&id).is_some_and(|account| account.side == Side::Debit && !account.budgeted);
    let entry_id = post_covered(tx, actor.user_id, &entry, asset).map_err(|refusal| as_typed(refusal, typed))?;
    Ok(Posted {
        entry_id: Some(entry_id),
        to_settle: if shape.settles { document.base_amount } else { 0 },
        to_pay: if shape.pays { net } else { 0 },
    })
}

/// Asks the accounts of a draft what they take, and what it draws on for its keys and whether it had that on the day, as posting
/// will: nobody approves what cannot be posted.
///
/// # Errors
/// Each wrong line by its field in the form; the field `currency`: `other_currency`; `source_other_keys`, `source_short_before`.
pub(in super::super) fn check(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<()> {
    let Named { source, held, counter, accounts } = named(tx, document, lines)?;
    let beside = Beside { held: &held, counter: counter.map(|(account, _)| account), accounts: &accounts };
    registers::stands(document, lines, beside)?;
    let voucher = document.kind()? == DocumentKind::PaymentVoucher;
    let spent = net_of_keys(lines, &accounts)?;
    match source.map(|source| (source.record_id, document.effective_on)) {
        Some(source) if voucher => {
            let of_source = store::lines(tx, source.0)?;
            draw::takes(tx, source, &of_source, &spent)?;
        }
        Some(source) => draw::was_left(tx, source, document.base_amount)?,
        None if voucher => port::check(tx, document, &spent)?,
        None => {}
    }
    let (posted, _) = entry_lines(document, lines, (counter, &accounts));
    let typed = |refusal| as_typed(refusal, lines.len());
    ledger::accounts_take(tx, (document.agency_id, document.effective_on), &posted).map_err(typed)?;
    registers::guard(tx, document, beside, &posted).map_err(typed)
}

/// What is wrong with a line, as the form names it; behind the lines stands the account that takes the difference.
fn as_typed(refusal: Refusal, typed: usize) -> Refusal {
    let Refusal::Invalid(mut errors) = refusal else { return refusal };
    for error in &mut errors {
        let mut parts = error.field.splitn(3, '.');
        if let (Some("lines"), Some(at), Some(part)) = (parts.next(), parts.next(), parts.next()) {
            error.field = match (at.parse::<usize>(), part) {
                (Ok(behind), _) if behind >= typed => "counter".to_owned(),
                (_, "currency") => format!("lines.{at}.account"),
                _ => format!("lines.{at}.{}", part.trim_end_matches("_id")),
            };
        }
    }
    Refusal::Invalid(errors)
}

/// What a document names: what it draws on, the accounts that this one stands on, and those of its own lines.
struct Named {
    source: Option<DocumentRow>,
    held: Vec<i64>,
    counter: Option<Counter>,
    accounts: BTreeMap<i64, Account>,
}

fn named(tx: &mut ReadTx<'_>, document: &DocumentRow, lines: &[LineRow]) -> Outcome<Named> {
    let kind = document.kind()?;
    // Nothing is drawn on what a journal voucher gives up.
    let source = document.source_id.filter(|_| kind != DocumentKind::JournalVoucher);
    let source = source.map(|id| store::load(tx, id)).transpose()?;
    let held = match &source {
        Some(source) if kind != DocumentKind::PaymentVoucher => {
            worth::same_currency(&document.currency, &source.currency)?;
            held(tx, source)?
        }
        _ => Vec::new(),
    };
    let counter = counter(document, source.as_ref(), &held);
    let accounts = accounts(tx, lines, counter)?;
    Ok(Named { source, held, counter, accounts })
}

/// The accounts that an advance or a deposit stands on, in the order of its lines. What is kept back of an advance stands on
/// others.
fn held(tx: &mut ReadTx<'_>, source: &DocumentRow) -> Outcome<Vec<i64>> {
    let side = registers::adds(source.kind()?).code();
    let lines = store::lines(tx, source.record_id)?;
    Ok(lines.into_iter().filter(|line| line.side == side).filter_map(|line| line.account_id).collect())
}

/// The document's own, or that of the advance that is settled: what was spent of it leaves the holder.
fn counter(document: &DocumentRow, source: Option<&DocumentRow>, held: &[i64]) -> Option<Counter> {
    match document.counter_id {
        Some(account) => Some((account, document.party_id)),
        None => held.first().copied().zip(source.map(|advance| advance.party_id)),
    }
}

fn accounts(tx: &mut ReadTx<'_>, lines: &[LineRow], counter: Option<Counter>) -> Outcome<BTreeMap<i64, Account>> {
    let mut ids: Vec<i64> = lines.iter().filter_map(|line| line.account_id).collect();
    ids.extend(counter.map(|(account, _)| account));
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for some in ids.chunks(1_000) {
        let rows: Vec<(i64, String, bool, bool, bool)> = accounts::table
            .filter(accounts::id.eq_any(some))
            .select((accounts::id, accounts::side, accounts::budgeted, accounts::needs_party, accounts::trust))
            .kept_if_short(some.len())
            .load(tx.conn())?;
        for (id, side, budgeted, needs_party, trust) in rows {
            found.insert(id, Account { side: side.parse()?, budgeted, needs_party, trust });
        }
    }
    Ok(found)
}

/// What the document spends of each key, debits less credits, base currency; less than 0 is given back.
fn net_of_keys(lines: &[LineRow], accounts: &BTreeMap<i64, Account>) -> Outcome<BTreeMap<i64, i64>> {
    let mut net = BTreeMap::<i64, i64>::new();
    for line in lines {
        let budgeted = line.account_id.and_then(|id| accounts.get(&id)).is_some_and(|account| account.budgeted);
        if let Some(key) = line.key_id.filter(|_| budgeted) {
            let sum = net.entry(key).or_default();
            let signed = line.debit().1 - line.credit().1;
            *sum = crate::amounts::sum([*sum, signed])?;
        }
    }
    net.retain(|_, amount| *amount != 0);
    Ok(net)
}

/// The lines as they are posted, and what is left for the account that takes the difference: more than 0 where it is owed.
fn entry_lines(
    document: &DocumentRow,
    lines: &[LineRow],
    (counter, accounts): (Option<Counter>, &BTreeMap<i64, Account>),
) -> (Vec<Line>, i64) {
    let party_of = |account: i64, party: Option<i64>| match accounts.get(&account) {
        Some(account) if account.needs_party => party.or(document.party_id),
        _ => party,
    };
    let (mut net, mut base_net) = (0_i64, 0_i64);
    let mut posted = Vec::with_capacity(lines.len() + 1);
    for line in lines {
        let Some(account_id) = line.account_id else { continue };
        let ((debit, base_debit), (credit, base_credit)) = (line.debit(), line.credit());
        net += debit - credit;
        base_net += base_debit - base_credit;
        posted.push(Line {
            account_id,
            key_id: line.key_id,
            party_id: party_of(account_id, line.party_id),
            centre_id: line.centre_id,
            currency: document.currency.clone(),
            debit,
            credit,
            base_debit,
            base_credit,
            note: line.note.clone(),
        });
    }
    if let Some((account_id, party)) = counter.filter(|_| net != 0) {
        posted.push(Line {
            account_id,
            key_id: None,
            party_id: accounts.get(&account_id).filter(|account| account.needs_party).and(party),
            centre_id: None,
            currency: document.currency.clone(),
            debit: (-net).max(0),
            credit: net.max(0),
            base_debit: (-base_net).max(0),
            base_credit: base_net.max(0),
            note: String::new(),
        });
    }
    (posted, base_net)
}

/// The moves of what is spent: committed money first, then what is available; what is not paid later is paid at once. What is
/// given back was paid before: out of what is owed it would be that of other vouchers, and the bank could pay what nobody can book.
fn spends(
    tx: &mut ReadTx<'_>,
    spent: &BTreeMap<i64, i64>,
    drawn: &BTreeMap<i64, i64>,
    pays_later: bool,
) -> Outcome<Vec<Spend>> {
    let of_key = budget::lines_of_keys(tx, spent.keys().copied())?;
    let (mut owed, mut paid, mut back) = (Vec::new(), Vec::new(), Vec::new());
    for (key, amount) in spent {
        let Some(line_id) = of_key.get(key).copied() else { continue };
        let one = |source, target, amount| Move { line_id, key_id: Some(*key), source, target, amount };
        if *amount < 0 {
            back.push(one(Bucket::Paid, Bucket::Available, -amount));
            continue;
        }
        let committed = drawn.get(key).copied().unwrap_or(0);
        for (source, amount) in [(Bucket::Committed, committed), (Bucket::Available, amount - committed)] {
            if amount > 0 {
                owed.push(one(source, Bucket::Obligated, amount));
            }
        }
        if !pays_later {
            paid.push(one(Bucket::Obligated, Bucket::Paid, *amount));
        }
    }
    let mut spends = vec![
        Spend { kind: MoveKind::Liquidate, moves: owed },
        Spend { kind: MoveKind::Pay, moves: paid },
        Spend { kind: MoveKind::Reverse, moves: back },
    ];
    spends.retain(|spend| !spend.moves.is_empty());
    Ok(spends)
}
