//! Advances and deposits (السلف والأمانات) are what lies on their accounts: each stands on one account, and what lies there for them
//! leaves it by a document that draws on them, so that the list of what is open and the books say the same.

use std::collections::BTreeMap;

use diesel::{dsl::exists, prelude::*};
use diwan_db::{ReadTx, sum_i64};
use diwan_finance_api::{DocumentKind, Side};
use diwan_kernel::{FieldError, money};
use diwan_platform::{Fields, Outcome};
use diwan_schema::finance::{finance_documents, finance_lines, period_balances};

use super::{
    super::store::{self, DocumentRow, LineRow},
    books::Account,
};
use crate::{amounts::sum, ledger::Line};

/// What a document names besides its lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'a> {
    /// The accounts of the advance or the deposit that it draws on.
    pub(super) held: &'a [i64],
    /// The account that takes the difference of its lines.
    pub(super) counter: Option<i64>,
    /// All accounts that it names, its lines' too.
    pub(super) accounts: &'a BTreeMap<i64, Account>,
}

/// Looks whether an advance or a deposit brings to its account what the document says, and what draws on it takes that from there.
///
/// # Errors
/// Each wrong line by its field: `one_account`, `own_account`, `not_of_source`; `not_asked` for another party than the document's.
pub(super) fn stands(document: &DocumentRow, lines: &[LineRow], beside: Beside<'_>) -> Outcome<()> {
    let kind = document.kind()?;
    let (own, wrong_counter): (Vec<i64>, &str) = match kind {
        DocumentKind::Advance | DocumentKind::Deposit => {
            let first = lines.iter().find(|line| line.side == adds(kind).code());
            (first.and_then(|line| line.account_id).into_iter().collect(), "one_account")
        }
        DocumentKind::AdvanceSettlement | DocumentKind::DepositRefund => (beside.held.to_vec(), "own_account"),
        _ => return Ok(()),
    };
    let mut fields = Fields::default();
    for (at, line) in lines.iter().enumerate() {
        let Some(id) = line.account_id else { continue };
        let is_own = own.contains(&id);
        if let Some(code) = misplaced(kind, is_own, &line.side, beside.accounts.get(&id)) {
            fields.push(FieldError::new(format!("lines.{at}.account"), code));
        } else if is_own && line.party_id.is_some() && line.party_id != document.party_id {
            fields.push(FieldError::new(format!("lines.{at}.party"), "not_asked"));
        }
    }
    // Of a settlement the account of the advance itself takes the difference.
    if kind != DocumentKind::AdvanceSettlement && beside.counter.is_some_and(|counter| own.contains(&counter)) {
        fields.push(FieldError::new("counter", wrong_counter));
    }
    fields.done()?;
    let other = if kind == DocumentKind::DepositRefund { not_of_deposit(&own, lines)? } else { None };
    match other {
        Some(at) => Err(FieldError::new(format!("lines.{at}.account"), "not_of_source").into()),
        None => Ok(()),
    }
}

/// The side on which an advance or a deposit brings something to its account.
pub(super) const fn adds(kind: DocumentKind) -> Side {
    if matches!(kind, DocumentKind::Deposit) { Side::Credit } else { Side::Debit }
}

/// What is wrong with where a line stands; `own` says that it is on the account of the advance or the deposit.
fn misplaced(kind: DocumentKind, own: bool, side: &str, account: Option<&Account>) -> Option<&'static str> {
    let (budgeted, trust) = account.map_or((false, false), |account| (account.budgeted, account.trust));
    // What lies on an account of the other side is guarded by nobody.
    let turned = own && account.is_some_and(|account| account.side != adds(kind));
    match kind {
        DocumentKind::AdvanceSettlement => own.then_some("own_account"),
        DocumentKind::DepositRefund if side == Side::Credit.code() && own => Some("own_account"),
        // What is forfeited is received: no key has it to spend.
        DocumentKind::DepositRefund if side == Side::Credit.code() => budgeted.then_some("not_of_source"),
        DocumentKind::DepositRefund => (!own && (trust || budgeted)).then_some("not_of_source"),
        _ => (budgeted || turned || own != (side == adds(kind).code())).then_some("one_account"),
    }
}

/// The first debit of a refund that has no place beside its deposit: where nothing is drawn on the deposit, or where what is
/// debited besides is more than the credits. What is forfeited (مصادرة أمانة) brings to own cash what it credits to revenue.
fn not_of_deposit(own: &[i64], lines: &[LineRow]) -> Outcome<Option<usize>> {
    let is_own = |line: &LineRow| line.account_id.is_some_and(|id| own.contains(&id));
    let drawn = lines.iter().any(|line| line.debit().0 > 0 && is_own(line));
    let besides = sum(lines.iter().filter(|line| !is_own(line)).map(|line| line.debit().0))?;
    if drawn && besides <= sum(lines.iter().map(|line| line.credit().0))? {
        return Ok(None);
    }
    Ok(lines.iter().position(|line| line.debit().0 > 0 && !is_own(line)))
}

/// Looks whether an account still has what lies there for open advances and deposits once these lines are posted: whatever does
/// not draw on them takes no more than what lies there besides.
///
/// # Errors
/// `settle_advance`, `refund_deposit` at the line, with the first of them and what is left of all.
pub(super) fn guard(tx: &mut ReadTx<'_>, document: &DocumentRow, beside: Beside<'_>, posted: &[Line]) -> Outcome<()> {
    let mut moved = BTreeMap::<(i64, Option<i64>), (usize, i64)>::new();
    for (at, line) in posted.iter().enumerate() {
        let Some(account) = beside.accounts.get(&line.account_id).filter(|account| !account.budgeted) else { continue };
        if beside.held.contains(&line.account_id) {
            continue;
        }
        let party = line.party_id.filter(|_| account.needs_party);
        let (_, net) = moved.entry((line.account_id, party)).or_insert((at, 0));
        *net = sum([*net, line.base_debit, -line.base_credit])?;
    }
    let mut fields = Fields::default();
    for ((account_id, party), (at, net)) in moved {
        let Some(account) = beside.accounts.get(&account_id) else { continue };
        let (kind, code, sign) = match account.side {
            Side::Debit if net < 0 => (DocumentKind::Advance, "settle_advance", 1),
            Side::Credit if net > 0 => (DocumentKind::Deposit, "refund_deposit", -1),
            _ => continue,
        };
        let open = open(tx, (document.agency_id, kind), (account_id, party))?;
        let Some((first, _)) = open.first() else { continue };
        let left = sum(open.iter().map(|(_, left)| *left))?;
        let lies = sign * sum([lies(tx, account_id, party)?, net])?;
        if lies < left {
            let wrong = FieldError::new(format!("lines.{at}.account_id"), code);
            let left = money::format(left, money::JOD_SCALE);
            fields.push(wrong.with("document", store::name_of(tx, *first)?).with("left", left));
        }
    }
    fields.done()
}

/// The advances or deposits that are open on an account, of one party where the account asks for parties: what is left of each.
fn open(
    tx: &mut ReadTx<'_>,
    (agency_id, kind): (i64, DocumentKind),
    (account_id, party): (i64, Option<i64>),
) -> Outcome<Vec<(i64, i64)>> {
    let there = finance_lines::table
        .filter(finance_lines::record_id.eq(finance_documents::record_id))
        .filter(finance_lines::account_id.eq(account_id))
        .filter(finance_lines::side.eq(adds(kind).code()));
    let mut wanted = finance_documents::table
        .filter(finance_documents::agency_id.eq(agency_id))
        .filter(finance_documents::kind.eq(kind.code()))
        .filter(finance_documents::to_settle.gt(0))
        .filter(exists(there))
        .into_boxed();
    if let Some(party) = party {
        wanted = wanted.filter(finance_documents::party_id.eq(party));
    }
    Ok(wanted
        .order(finance_documents::record_id)
        .select((finance_documents::record_id, finance_documents::to_settle))
        .load(tx.conn())?)
}

/// What lies on an account, of one party where it asks for parties: debits less credits of all periods, base currency.
fn lies(tx: &mut ReadTx<'_>, account_id: i64, party: Option<i64>) -> Outcome<i64> {
    let mut wanted = period_balances::table.filter(period_balances::account_id.eq(account_id)).into_boxed();
    if let Some(party) = party {
        wanted = wanted.filter(period_balances::party_id.eq(party));
    }
    let net = sum_i64("period_balances.base_debit - period_balances.base_credit");
    let lies: Option<i64> = wanted.select(net).get_result(tx.conn())?;
    Ok(lies.unwrap_or_default())
}
