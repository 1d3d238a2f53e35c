//! The matching desk (طاولة المطابقة): what is open on both sides of an account, what is proposed, and why.

use std::collections::{BTreeMap, BTreeSet};

use diwan_bank::matching::{Match, Proposal, Settings, Unmatched, propose};
use diwan_db::ReadTx;
use diwan_finance_api::{BookLine, DESK_ROWS, DeskQuery, MatchDesk, MatchProposal, OpenBankLine};
use diwan_kernel::{money, text};
use diwan_platform::{Actor, Outcome, Refusal};

use super::{
    account::{self, BankAccountRow},
    books::{self, BookRow},
    explain,
    lines::{self, LineRow},
};

/// Both sides of an account, loaded with one query each, and what goes together.
pub(super) struct Open {
    pub(super) lines: BTreeMap<i64, LineRow>,
    /// By the place under which the proposal names them.
    pub(super) entries: BTreeMap<i64, BookRow>,
    pub(super) proposal: Proposal,
}

impl Open {
    pub(super) fn load(tx: &mut ReadTx<'_>, account: &BankAccountRow) -> Outcome<Self> {
        let lines = lines::open(tx, account.id, None)?;
        let mut rows = books::all_open(tx, account, None)?;
        // Nothing is proposed for what the books took back themselves. It is found where it is looked for: the bank may have seen
        // both, as a deposit that it booked and took back.
        let gone = books::taken_back(&rows);
        rows.retain(|row| !row.void || !gone.contains(&row.entry_id));
        let entries: BTreeMap<i64, BookRow> = (0..).zip(rows).collect();
        let open: Vec<_> = lines.iter().map(LineRow::open_line).collect::<Outcome<_>>()?;
        let waits = |row: &BookRow| !row.void && !gone.contains(&row.entry_id);
        let booked: Vec<_> = entries.iter().filter(|(_, row)| waits(row)).map(|(id, row)| row.entry(*id)).collect();
        let proposal = propose(&open, &booked, &Settings::default());
        Ok(Self { lines: lines.into_iter().map(|row| (row.id, row)).collect(), entries, proposal })
    }

    /// The rows of a proposal.
    pub(super) fn rows(&self, one: &Match) -> Outcome<(Vec<&LineRow>, Vec<&BookRow>)> {
        let lost = || Refusal::Internal("a proposal names what was not asked for".to_owned());
        let lines = one.lines.iter().map(|id| self.lines.get(id).ok_or_else(lost)).collect::<Outcome<_>>()?;
        let entries = one.entries.iter().map(|id| self.entries.get(id).ok_or_else(lost)).collect::<Outcome<_>>()?;
        Ok((lines, entries))
    }
}

/// The desk of an account: the first proposals and open lines that fit what is asked.
///
/// # Errors
/// Not found; the database fails.
pub fn desk(tx: &mut ReadTx<'_>, actor: &Actor, account_id: i64, asked: &DeskQuery) -> Outcome<MatchDesk> {
    let account = account::load(tx, actor.agency_id, account_id)?;
    let standing = account::standings(tx, actor.agency_id, Some(account_id))?.pop();
    let open = Open::load(tx, &account)?;
    let find = Find::new(asked, account.scale());
    let certain = open.proposal.matches.iter().filter(|one| explain::matched(&one.why).rule.is_certain()).count();
    let mut proposals = Vec::new();
    for one in &open.proposal.matches {
        let (of_bank, of_books) = open.rows(one)?;
        let found = of_bank.iter().any(|row| find.line(row)) || of_books.iter().any(|row| find.book(row));
        if proposals.len() < DESK_ROWS && found {
            proposals.push(MatchProposal {
                lines: of_bank.into_iter().take(DESK_ROWS).map(|row| row.clone().view(Vec::new())).collect(),
                entries: of_books.into_iter().take(DESK_ROWS).map(BookRow::view).collect(),
                why: explain::matched(&one.why),
            });
        }
    }
    let (lines, lines_left) = left(&open, &find);
    let (entries, entries_left) = waiting(&open, &find);
    Ok(MatchDesk {
        account: standing.ok_or(Refusal::NotFound("bank_account"))?,
        proposals,
        proposed: count(open.proposal.matches.len()),
        certain: count(certain),
        lines,
        lines_left,
        entries,
        entries_left,
    })
}

/// The first lines for which nothing is proposed, and how many there are. Where something is looked for, those of proposals are
/// among them: what is proposed wrongly is matched by hand.
fn left(open: &Open, find: &Find) -> (Vec<OpenBankLine>, i64) {
    let why: BTreeMap<i64, Unmatched> = open.proposal.open_lines.iter().copied().collect();
    let rows = open.lines.iter().map(|(id, row)| (row, why.get(id).copied()));
    let rows: Vec<(&LineRow, Option<Unmatched>)> =
        rows.filter(|(row, why)| (why.is_some() || find.asks()) && find.line(row)).collect();
    let shown = rows.iter().take(DESK_ROWS).map(|(row, why)| {
        let (why, args) = explain::unmatched(*why);
        OpenBankLine { line: (*row).clone().view(Vec::new()), why: why.to_owned(), args }
    });
    (shown.collect(), count(rows.iter().filter(|(_, why)| why.is_some()).count()))
}

/// The same of the books.
fn waiting(open: &Open, find: &Find) -> (Vec<BookLine>, i64) {
    let free: BTreeSet<i64> = open.proposal.open_entries.iter().map(|(id, _)| *id).collect();
    let rows = open.entries.iter().map(|(id, row)| (row, free.contains(id)));
    let rows: Vec<(&BookRow, bool)> = rows.filter(|(row, free)| (*free || find.asks()) && find.book(row)).collect();
    let shown = rows.iter().take(DESK_ROWS).map(|(row, _)| row.view());
    (shown.collect(), count(rows.iter().filter(|(_, free)| *free).count()))
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// What is looked for.
struct Find {
    wanted: String,
    scale: u8,
}

impl Find {
    fn new(asked: &DeskQuery, scale: u8) -> Self {
        Self { wanted: text::fold(asked.q.as_deref().unwrap_or_default().trim()), scale }
    }

    /// Whether anything is looked for.
    fn asks(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// The amount as it is shown and as it is typed.
    fn amount(&self, minor: i64) -> String {
        let shown = money::format(minor, self.scale);
        format!("{shown} {}", shown.replace(',', ""))
    }

    fn line(&self, row: &LineRow) -> bool {
        !self.asks() || row.fold.contains(&self.wanted) || self.amount(row.open()).contains(&self.wanted)
    }

    fn book(&self, row: &BookRow) -> bool {
        !self.asks() || row.has(&self.wanted, &self.amount(row.open()))
    }
}
