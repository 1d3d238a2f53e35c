//! A document with everything its page shows, and what its reader may do with it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_finance_api::{
    BudgetMove, Coded, DocumentAction, DocumentKind, DocumentLine, DocumentRef, FinanceDocument, Slice, document_step,
};
use diwan_kernel::{Named, Permission};
use diwan_platform::{
    Actor, Outcome,
    records::{RecordRow, links, notes, seals, store as spine, tasks},
};
use diwan_platform_api::records::{Task, TaskKind};
use diwan_schema::{
    finance::{
        accounts, budget_keys, budget_lines, budget_moves, cost_centres, finance_documents, fiscal_years, parties,
        segments,
    },
    platform::records,
};

use super::{
    approvals, auto_reverse, details, slices, step,
    store::{self, DocumentRow, LineRow},
};
use crate::payments;

/// The document as its reader sees it.
///
/// # Errors
/// Not found; the database fails.
pub(crate) fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<FinanceDocument> {
    let (record, row) = store::load_visible(tx, actor, id)?;
    let kind = row.kind()?;
    let lines = store::lines(tx, id)?;
    let tasks = tasks::list(tx, actor, id)?;
    let names = Names::load(tx, &lines, &row)?;
    let year: i32 = fiscal_years::table.find(row.year_id).select(fiscal_years::year).first(tx.conn())?;
    let scale = row.scale(tx)?;
    let slices = store::slices(tx, id)?;
    let due = slices.iter().any(|(year, _)| *year <= tx.today().year()) && slices::continued_by(tx, id)?.is_none();
    let actions = actions(actor, (&record, &row), (kind, due), &tasks)?;
    let details = details::load(tx, id)?;
    let reversed_by = refs(tx, actor, By::Reverses(id))?.pop();
    let (holder, settle_by) = of_advance(tx, &row, kind)?;
    let waits = details.reverse_on.is_some() && reversed_by.is_none();
    Ok(FinanceDocument {
        kind,
        year,
        effective_on: row.effective_on,
        complementary: row.complementary,
        scale,
        rate: row.rate,
        amount: row.amount,
        base_amount: row.base_amount,
        party: row.party_id.and_then(|id| names.parties.get(&id).cloned()),
        counter: row.counter_id.and_then(|id| names.accounts.get(&id).cloned()),
        source: refs(tx, actor, By::Id(row.source_id))?.pop(),
        holder,
        settle_by,
        drawn_by: refs(tx, actor, By::Source(id))?,
        reverses: refs(tx, actor, By::Id(row.reverses_id))?.pop(),
        reversed_by,
        reference: row.reference.clone(),
        reference_on: row.reference_on,
        method: row.method()?,
        guarantor: party(tx, details.guarantor_id)?,
        reversal_problem: if waits { auto_reverse::problem(tx, id)? } else { None },
        details,
        to_settle: row.to_settle,
        to_pay: row.to_pay,
        payment: payments::paid(tx, row.method()?, id)?,
        entry_id: row.entry_id,
        posted_at: row.posted_at,
        lines: lines.iter().map(|line| names.line(line)).collect::<Outcome<_>>()?,
        slices: slices.into_iter().map(|(year, amount)| Slice { year, amount }).collect(),
        approvals: approvals::list(tx, id)?,
        moves: moves(tx, id)?,
        tasks,
        notes: notes::list(tx, id)?,
        links: links::list(tx, actor, id)?,
        actions,
        verify_code: seals::of_record(tx, id)?.map(|seal| seal.verify_code),
        head: spine::head(tx, &record)?,
        currency: row.currency,
    })
}

/// Which documents are named.
enum By {
    /// The one of this id.
    Id(Option<i64>),
    /// Those that draw on it.
    Source(i64),
    /// The one that reverses it.
    Reverses(i64),
}

/// Documents in the actor's scope, as others name them.
fn refs(tx: &mut ReadTx<'_>, actor: &Actor, by: By) -> Outcome<Vec<DocumentRef>> {
    type Row = (i64, String, Option<String>, String, i64, i64);
    let mut query = finance_documents::table
        .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
        .filter(finance_documents::agency_id.eq(actor.agency_id))
        .order(finance_documents::record_id)
        .select((
            records::id,
            records::kind,
            records::number,
            records::subject,
            finance_documents::to_settle,
            finance_documents::to_pay,
        ))
        .into_boxed();
    query = match by {
        By::Id(None) => return Ok(Vec::new()),
        By::Id(Some(id)) => query.filter(finance_documents::record_id.eq(id)),
        By::Source(id) => query.filter(finance_documents::source_id.eq(id)).filter(records::state.ne("void")),
        By::Reverses(id) => query.filter(finance_documents::reverses_id.eq(id)),
    };
    let rows: Vec<Row> = query.load(tx.conn())?;
    rows.into_iter()
        .map(|(id, kind, number, subject, to_settle, to_pay)| {
            Ok(DocumentRef { id, kind: kind.parse()?, number, subject, open: to_settle.max(to_pay) })
        })
        .collect()
}

/// Codes and names of what the lines name.
#[derive(Default)]
struct Names {
    accounts: BTreeMap<i64, Coded>,
    keys: BTreeMap<i64, Coded>,
    parties: BTreeMap<i64, Coded>,
    centres: BTreeMap<i64, Coded>,
    /// GFSM of each account.
    economic: BTreeMap<i64, String>,
    /// GFSM and COFOG of each key.
    classes: BTreeMap<i64, (String, String)>,
}

/// Rows as the names are loaded.
type CodedRow = (i64, String, String, String);

fn coded(rows: Vec<CodedRow>) -> impl Iterator<Item = (i64, Coded)> {
    rows.into_iter().map(|(id, code, ar, en)| (id, Coded { id, code, name: Named { ar, en } }))
}

impl Names {
    fn load(tx: &mut ReadTx<'_>, lines: &[LineRow], document: &DocumentRow) -> Outcome<Self> {
        /// Ids of one statement.
        const IDS: usize = 1_000;
        let ids = |of: fn(&LineRow) -> Option<i64>, more: Option<i64>| {
            let mut ids: Vec<i64> = lines.iter().filter_map(of).chain(more).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let mut names = Self::default();
        for some in ids(|line| line.account_id, document.counter_id).chunks(IDS) {
            let of = accounts::table.filter(accounts::id.eq_any(some));
            let of = of.select((accounts::id, accounts::code, accounts::name_ar, accounts::name_en));
            names.accounts.extend(coded(of.load(tx.conn())?));
            let of = accounts::table.filter(accounts::id.eq_any(some)).select((accounts::id, accounts::gfsm));
            names.economic.extend(of.load::<(i64, String)>(tx.conn())?);
        }
        for some in ids(|line| line.key_id, None).chunks(IDS) {
            let of = budget_keys::table
                .inner_join(segments::table.on(segments::id.eq(budget_keys::item_id)))
                .filter(budget_keys::id.eq_any(some))
                .select((budget_keys::id, budget_keys::code, segments::name_ar, segments::name_en));
            names.keys.extend(coded(of.load(tx.conn())?));
            let of = budget_keys::table
                .filter(budget_keys::id.eq_any(some))
                .select((budget_keys::id, (budget_keys::gfsm, budget_keys::cofog)));
            names.classes.extend(of.load::<(i64, (String, String))>(tx.conn())?);
        }
        for some in ids(|line| line.party_id, document.party_id).chunks(IDS) {
            let of = parties::table.filter(parties::id.eq_any(some));
            let of = of.select((parties::id, parties::code, parties::name_ar, parties::name_en));
            names.parties.extend(coded(of.load(tx.conn())?));
        }
        for some in ids(|line| line.centre_id, None).chunks(IDS) {
            let of = cost_centres::table.filter(cost_centres::id.eq_any(some));
            let of = of.select((cost_centres::id, cost_centres::code, cost_centres::name_ar, cost_centres::name_en));
            names.centres.extend(coded(of.load(tx.conn())?));
        }
        Ok(names)
    }

    fn line(&self, line: &LineRow) -> Outcome<DocumentLine> {
        let of = |all: &BTreeMap<i64, Coded>, id: Option<i64>| id.and_then(|id| all.get(&id).cloned());
        let (gfsm, cofog) = line.key_id.and_then(|id| self.classes.get(&id).cloned()).unwrap_or_default();
        let own = line.account_id.and_then(|id| self.economic.get(&id).cloned());
        Ok(DocumentLine {
            gfsm: own.unwrap_or(gfsm),
            cofog,
            account: of(&self.accounts, line.account_id),
            key: of(&self.keys, line.key_id),
            party: of(&self.parties, line.party_id),
            centre: of(&self.centres, line.centre_id),
            side: line.side.parse()?,
            amount: line.amount,
            base_amount: line.base_amount,
            open: line.open,
            note: line.note.clone(),
        })
    }
}

/// Of a settlement whose advance it settles, where it names nobody itself, and by when that was to be done.
fn of_advance(
    tx: &mut ReadTx<'_>,
    row: &DocumentRow,
    kind: DocumentKind,
) -> Outcome<(Option<Coded>, Option<NaiveDate>)> {
    let Some(id) = row.source_id.filter(|_| kind == DocumentKind::AdvanceSettlement) else { return Ok((None, None)) };
    let (holder, settle_by): (Option<i64>, Option<NaiveDate>) = finance_documents::table
        .inner_join(records::table.on(records::id.eq(finance_documents::record_id)))
        .filter(finance_documents::record_id.eq(id))
        .select((finance_documents::party_id, records::due_on))
        .first(tx.conn())?;
    Ok((party(tx, holder.filter(|_| row.party_id.is_none()))?, settle_by))
}

/// A party as the page names it.
fn party(tx: &mut ReadTx<'_>, id: Option<i64>) -> Outcome<Option<Coded>> {
    let Some(id) = id else { return Ok(None) };
    let of = parties::table.find(id).select((parties::id, parties::code, parties::name_ar, parties::name_en));
    Ok(coded(of.load(tx.conn())?).next().map(|(_, party)| party))
}

/// What the document did to the budget, with what was available before and after each move.
fn moves(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<BudgetMove>> {
    type Row = ((i64, String), String, String, String, i64, i64, i64);
    let rows: Vec<Row> = budget_moves::table
        .inner_join(budget_lines::table.on(budget_lines::id.eq(budget_moves::line_id)))
        .filter(budget_moves::record_id.eq(id))
        .order(budget_moves::id)
        .select((
            (budget_lines::id, budget_lines::code),
            budget_moves::kind,
            budget_moves::source,
            budget_moves::target,
            budget_moves::amount,
            budget_moves::before_available,
            budget_moves::after_available,
        ))
        .load(tx.conn())?;
    rows.into_iter()
        .map(|((line_id, line), kind, source, target, amount, available_before, available_after)| {
            let (kind, source, target) = (kind.parse()?, source.parse()?, target.parse()?);
            Ok(BudgetMove { line_id, line, kind, source, target, amount, available_before, available_after })
        })
        .collect()
}

/// The actions the reader may take now: from the declared transitions, by right, task or authorship.
fn actions(
    actor: &Actor,
    (record, row): (&RecordRow, &DocumentRow),
    (kind, slice_due): (DocumentKind, bool),
    tasks: &[Task],
) -> Outcome<Vec<String>> {
    let mine = |kinds: &[TaskKind]| {
        record.created_by != actor.user_id && tasks.iter().any(|task| task.mine && kinds.contains(&task.kind))
    };
    let reviewing = mine(&[TaskKind::Review, TaskKind::Approve, TaskKind::Opinion]);
    let signing = mine(&[TaskKind::Sign]);
    let own = record.created_by == actor.user_id && actor.can(kind.shape().prepare);
    let state = store::state(record)?;
    let may = |action: DocumentAction| match action {
        DocumentAction::Edit => own && row.reverses_id.is_none(),
        DocumentAction::Submit | DocumentAction::Withdraw => own,
        DocumentAction::Void => step::gives_up(actor, record).is_ok(),
        DocumentAction::Certify => reviewing,
        DocumentAction::Authorise => signing,
        DocumentAction::Return => reviewing || signing,
        DocumentAction::Reverse => {
            let stays = kind == DocumentKind::JournalVoucher && row.source_id.is_some();
            actor.can(kind.shape().prepare) && row.reverses_id.is_none() && !stays
        }
        DocumentAction::Close => actor.can(Permission::FinanceBudget),
        DocumentAction::Slice => slice_due && actor.can(kind.shape().prepare),
    };
    Ok(DocumentAction::ALL
        .iter()
        .filter(|action| document_step(kind, state, **action).is_some() && may(**action))
        .map(|action| action.code().to_owned())
        .collect())
}
