//! Checking sealed books of finance, with no database and no data folder: what an auditor runs on the files that were handed over.

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use diwan_finance::closing::book::verify::{self, Link, Standing, Whole};

use crate::output::{say, table};

/// What is checked.
#[derive(Args)]
pub(crate) struct BooksArgs {
    /// The books, as they were downloaded
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// File with the public key (PEM) that the books must be signed with; unset: the key inside each is taken, and told
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// Checks every book by itself, then how they stand on one another, and the budget lines over all of them.
pub(super) fn verify(how: &BooksArgs) -> anyhow::Result<ExitCode> {
    let wanted = how.key.as_deref().map(public_key).transpose()?;
    let (mut whole, mut good) = (Vec::new(), true);
    for path in &how.files {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        match verify::book(BufReader::new(file)) {
            Ok(book) if wanted.as_deref().is_some_and(|key| key != book.public_key.trim()) => {
                good = false;
                say(format_args!("BROKEN  {}: it is signed with another key", path.display()));
            }
            Ok(book) => whole.push(book),
            Err(fault) => {
                good = false;
                say(format_args!("BROKEN  {}: {fault}", path.display()));
            }
        }
    }
    let told = verify::chain(&whole);
    good &= told.iter().all(|(_, link)| !matches!(link, Link::Broken | Link::Twice));
    if !told.is_empty() {
        let mut rows = vec![
            ["AGENCY", "PERIOD", "ENTRIES", "LINES", "MOVES", "SEALED (UTC)", "BEFORE IT", "ROOT", "KEY"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(told.iter().map(|(book, link)| row(book, *link)));
        say(table(&rows));
    }
    let standing = verify::budget(&whole);
    good &= standing.broken.is_empty();
    tell_budget(&standing);
    say(format_args!("{} of {} book(s) whole", whole.len(), how.files.len()));
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell_budget(standing: &Standing) {
    for (agency, year, line) in &standing.broken {
        say(format_args!("BROKEN  budget line {line} of {agency}/{year}: its moves do not follow one another"));
    }
    if standing.lines > 0 {
        let (lines, broken, missing) = (standing.lines, standing.broken.len(), standing.missing);
        say(format_args!(
            "{} of {lines} budget line(s) followed, {missing} move(s) in books not given",
            lines - broken
        ));
    }
}

fn public_key(file: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("--key: {}", file.display()))?;
    Ok(text.trim().to_owned())
}

fn row(book: &Whole, link: Link) -> Vec<String> {
    let end = &book.end;
    let before = match link {
        Link::First => "the first one",
        Link::Follows => "follows",
        Link::Alone => "not given",
        Link::Broken => "BROKEN: another root",
        Link::Twice => "BROKEN: two books of one period",
    };
    vec![
        end.agency.clone(),
        format!("{}/{}", end.year, end.period),
        end.entries.to_string(),
        end.lines.to_string(),
        end.moves.to_string(),
        end.sealed_at.format("%Y-%m-%d %H:%M").to_string(),
        before.to_owned(),
        end.root.clone(),
        end.key.chars().take(16).collect(),
    ]
}
