//! Checking sealed books without a database (تدقيق الدفاتر المختومة): every line is what was signed, every entry is balanced and
//! spends what its moves of the budget say, no budget line is below zero, and each book stands on the one before it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    io::{self, BufRead},
};

use diwan_platform::records::seals;

use super::{
    format::{Buckets, End, FORMAT, Line, Period, Seal},
    hex, sha256,
    sums::Sums,
    tree::Tree,
};

pub use super::sums::{Chains, Stretch};

/// The longest line that is read, in bytes: an entry of 20,000 lines is far below it.
const LINE_MAX: usize = 64 << 20;

/// What a whole book says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Which period it is.
    pub period: Period,
    /// What was signed.
    pub end: End,
    /// The key it was signed with (PEM).
    pub public_key: String,
    /// The moves that it has of each budget line.
    pub chains: Chains,
}

/// Why a book is none.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be read.
    Read(io::Error),
    /// This line is not one that a book has at this place, or not written as it is.
    Form(usize),
    /// What this line says does not hold: an entry that is unbalanced, a move that takes what is not there, something outside of
    /// the period or out of its order.
    Content(usize),
    /// This entry spends something else than its moves of the budget say.
    Budget(i64),
    /// Counts or sums are not those that were signed.
    Sums,
    /// The statement is of another period than the book.
    Other,
    /// The lines are not those that the root was made of.
    Root,
    /// The public key is not the one that the statement names.
    Key,
    /// The signature does not fit the statement.
    Signature,
    /// Something stands below the signature.
    More,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "cannot be read: {error}"),
            Self::Form(line) => write!(f, "line {line} is not a line of a book"),
            Self::Content(line) => write!(f, "what line {line} says does not hold"),
            Self::Budget(entry) => write!(f, "entry {entry} spends something else than its moves of the budget say"),
            Self::Sums => write!(f, "the counts and sums are not those that were signed"),
            Self::Other => write!(f, "the statement is of another period than the book"),
            Self::Root => write!(f, "the root over the lines is another one: something was changed"),
            Self::Key => write!(f, "the public key is not the one that the statement names"),
            Self::Signature => write!(f, "the signature does not fit"),
            Self::More => write!(f, "something stands below the signature"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// Lines of a book with their places.
struct Lines<R> {
    from: R,
    at: usize,
    text: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// The next line; none at the end. It ends with a line feed and is written as a book writes it.
    fn next(&mut self) -> Result<Option<Line>, Fault> {
        self.at += 1;
        self.text.clear();
        let mut limited = io::Read::take(&mut self.from, LINE_MAX as u64);
        if limited.read_until(b'\n', &mut self.text)? == 0 {
            return Ok(None);
        }
        if self.text.pop() != Some(b'\n') {
            return Err(Fault::Form(self.at));
        }
        let line: Line = serde_json::from_slice(&self.text).map_err(|_| Fault::Form(self.at))?;
        match line.text() {
            Ok(text) if text.as_bytes() == self.text => Ok(Some(line)),
            _ => Err(Fault::Form(self.at)),
        }
    }
}

/// Checks a book: its form, entries, budget, payments, sums, root and signature.
///
/// # Errors
/// The first thing that is wrong.
pub fn book(from: impl BufRead) -> Result<Whole, Fault> {
    let mut lines = Lines { from, at: 0, text: Vec::new() };
    let Some(Line::Period(period)) = lines.next()? else { return Err(Fault::Form(1)) };
    if period.format != FORMAT {
        return Err(Fault::Form(1));
    }
    let mut tree = Tree::default();
    tree.push(&lines.text);
    let mut sums = Sums::default();
    let end = loop {
        match lines.next()? {
            Some(Line::End(end)) => break end,
            None | Some(Line::Period(_) | Line::Seal(_)) => return Err(Fault::Form(lines.at)),
            Some(line) => {
                if !sums.take(&line, &period) {
                    return Err(Fault::Content(lines.at));
                }
                tree.push(&lines.text);
            }
        }
    };
    if let Some(entry) = sums.unlike() {
        return Err(Fault::Budget(entry));
    }
    let statement = String::from_utf8(lines.text.clone()).map_err(|_| Fault::Form(lines.at))?;
    let Some(Line::Seal(seal)) = lines.next()? else { return Err(Fault::Form(lines.at)) };
    if lines.next()?.is_some() {
        return Err(Fault::More);
    }
    signed(&period, (&end, &statement), &sums, &hex(&tree.root()), &seal)?;
    Ok(Whole { period, end, public_key: seal.public_key, chains: sums.chains })
}

fn signed(period: &Period, (end, statement): (&End, &str), sums: &Sums, root: &str, seal: &Seal) -> Result<(), Fault> {
    let same = end.format == FORMAT
        && end.agency == period.agency
        && (end.year, end.period, end.seq) == (period.year, period.period, period.seq)
        && end.previous == period.previous
        && (end.seq == 1) == end.previous.is_none();
    if !same {
        return Err(Fault::Other);
    }
    let same_sums = (end.entries, end.lines, i128::from(end.total)) == (sums.entries, sums.lines, sums.total)
        && (end.documents, end.moves, end.payments) == (sums.documents, sums.moves, sums.payments);
    if !same_sums {
        return Err(Fault::Sums);
    }
    if end.root != root {
        return Err(Fault::Root);
    }
    if end.key != sha256(seal.public_key.as_bytes()) {
        return Err(Fault::Key);
    }
    if seals::is_signed(&seal.public_key, statement, &seal.signature) { Ok(()) } else { Err(Fault::Signature) }
}

/// How a book stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It is the first sealed period of its agency.
    First,
    /// It names the root of the one before it.
    Follows,
    /// The one before it was not given.
    Alone,
    /// It names another root than that of the one before it: one of the two was replaced.
    Broken,
    /// Another book of the same place was given, and they differ.
    Twice,
}

/// How each of these books stands to the one before it, in their order by agency and place.
pub fn chain(books: &[Whole]) -> Vec<(&Whole, Link)> {
    let mut sorted: Vec<&Whole> = books.iter().collect();
    sorted.sort_by(|one, other| (&one.end.agency, one.end.seq).cmp(&(&other.end.agency, other.end.seq)));
    let mut before: Option<&Whole> = None;
    let mut told = Vec::with_capacity(sorted.len());
    for book in sorted {
        let of_agency = before.filter(|before| before.end.agency == book.end.agency);
        let link = match of_agency {
            Some(before) if before.end.seq == book.end.seq => {
                if before.end == book.end {
                    Link::Follows
                } else {
                    Link::Twice
                }
            }
            Some(before) if before.end.seq + 1 == book.end.seq => {
                if book.end.previous.as_deref() == Some(before.end.root.as_str()) {
                    Link::Follows
                } else {
                    Link::Broken
                }
            }
            _ if book.end.seq == 1 => Link::First,
            _ => Link::Alone,
        };
        told.push((book, link));
        before = Some(book);
    }
    told
}

/// How the budget lines of these books stand, over all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many budget lines moved.
    pub lines: usize,
    /// Moves made between those that are here, which stand in books that were not given.
    pub missing: i64,
    /// Lines, by agency, fiscal year and code, that one book left otherwise than another found them, or of which a move stands in
    /// two books.
    pub broken: Vec<(String, i32, String)>,
}

/// Puts the moves of each budget line together in the order in which they were made: each begins where the one before it ended.
pub fn budget(books: &[Whole]) -> Standing {
    let (mut all, mut seen) = (BTreeMap::<(&str, i32, &str), Vec<Stretch>>::new(), BTreeSet::new());
    for book in books.iter().filter(|book| seen.insert(book.end.root.as_str())) {
        for ((year, line), stretches) in &book.chains {
            all.entry((book.end.agency.as_str(), *year, line.as_str())).or_default().extend(stretches);
        }
    }
    let mut standing = Standing { lines: all.len(), ..Standing::default() };
    for ((agency, year, line), mut stretches) in all {
        stretches.sort_unstable_by_key(|one| one.first);
        let mut holds = true;
        let mut before = Stretch { first: 0, last: 0, before: Buckets::default(), after: Buckets::default() };
        for one in stretches {
            let gap = one.first.saturating_sub(before.last).saturating_sub(1);
            holds &= gap > 0 || (gap == 0 && one.before == before.after);
            standing.missing = standing.missing.saturating_add(gap.max(0));
            before = one;
        }
        if !holds {
            standing.broken.push((agency.to_owned(), year, line.to_owned()));
        }
    }
    standing
}
