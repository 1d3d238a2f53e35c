//! Pages without text of their own: recognition of their words (التعرّف الضوئي) by jobs, a few pages each, every page kept
//! as soon as it is read. When none is waiting any more, the words become the text of the content.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_db::{DbError, NewJob, WriteTx, each_backend};
use diwan_extract::{
    Extraction, Limits, Part, PartKind, Reason, ScanPage, Status, WarningCode, Word, recognise_limited,
};
use diwan_platform_api::files::{ContentState, PageState};
use diwan_schema::platform::{blobs, extracts, scan_pages};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::extraction::{Extractor, parts, tell_holders};
use crate::{Outcome, Platform, files::BlobFault};

/// The kind of the job; its payload is [`Pages`].
pub const JOB: &str = "files.recognise";
/// Pages of one job: enough to be worth a job, few enough that all workers take part in a long file.
const CHUNK: u32 = 8;
/// After everything that somebody waits for at the screen.
const PRIORITY: i32 = 300;
/// A word of which the engine is less sure than this is shown to a person.
const SURE: u8 = 70;

/// Pages of a content, from 1.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pages {
    hash: String,
    from: u32,
    to: u32,
}

/// Whether a person should look at a word: the engine was not sure, or there is a digit in it, which it cannot be
/// trusted with (the reference: none of six printed Arabic-Indic numbers was read right).
pub fn doubtful(word: &Word) -> bool {
    word.confidence < SURE || word.text.chars().any(char::is_numeric)
}

/// The pages of a content that only recognition can read.
pub(super) fn wanted(extraction: &Extraction) -> Vec<u32> {
    let all = || (1..=extraction.pages.unwrap_or(1).max(1)).collect();
    match extraction.status {
        Status::NoText { reason: Reason::NeedsOcr } => all(),
        Status::Text if unreadable(extraction) => all(),
        Status::Text => {
            let blank = extraction.warnings.iter().find(|warning| warning.code == WarningCode::PagesWithoutText);
            let numbers = blank.and_then(|warning| warning.name.as_deref()).unwrap_or_default();
            numbers.split(',').filter_map(|number| number.parse().ok()).collect()
        }
        Status::NoText { .. } | Status::Refused { .. } => Vec::new(),
    }
}

/// Whether the text layer of a PDF is of no use: its font does not say which letters its glyphs are.
pub(super) fn unreadable(extraction: &Extraction) -> bool {
    let nameless = |c: &char| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{9f}');
    let of_pages = || extraction.parts.iter().filter(|part| part.kind == PartKind::Page);
    let letters = of_pages().flat_map(|part| part.text.chars()).filter(|c| !c.is_whitespace());
    let (bad, all) = letters.fold((0_u64, 0_u64), |(bad, all), c| (bad + u64::from(nameless(&c)), all + 1));
    // One in ten: a font of which only signs are unknown stays readable.
    bad * 10 > all
}

/// Has these pages recognised. Pages that were asked for before are left as they are.
pub(super) fn ask(tx: &mut WriteTx<'_>, hash: &str, pages: &[u32]) -> Outcome<()> {
    const ROWS: usize = 500;
    let now = tx.now();
    for some in pages.chunks(ROWS) {
        let rows: Vec<_> = some
            .iter()
            .map(|page| {
                (
                    scan_pages::blob_hash.eq(hash),
                    scan_pages::page.eq(number(*page)),
                    scan_pages::state.eq(PageState::Waiting.code()),
                    scan_pages::turns.eq(0),
                    scan_pages::width.eq(0),
                    scan_pages::confidence.eq(0),
                    scan_pages::doubtful.eq(0),
                    scan_pages::words.eq("[]"),
                    scan_pages::codes.eq("[]"),
                    scan_pages::updated_at.eq(now),
                )
            })
            .collect();
        each_backend!(tx.conn(), c => diesel::insert_into(scan_pages::table).values(rows).on_conflict_do_nothing().execute(c))?;
    }
    for some in pages.chunks(CHUNK as usize) {
        if let (Some(from), Some(to)) = (some.first(), some.last()) {
            let job = NewJob::new(JOB, json!(Pages { hash: hash.to_owned(), from: *from, to: *to })).priority(PRIORITY);
            tx.enqueue(job.dedupe(format!("{JOB}:{hash}:{from}")))?;
        }
    }
    Ok(())
}

/// Recognises the pages of a job that are still waiting, and keeps each at once: a job that is cut off goes on after it.
///
/// # Errors
/// The database or the store fails: the job is tried again.
pub async fn run(platform: &Platform, extractor: &Extractor, job: &Pages) -> Outcome<()> {
    let (hash, range) = (job.hash.clone(), number(job.from)..=number(job.to));
    let (media_type, waiting) = platform
        .db
        .read(move |tx| {
            let media_type: Option<String> =
                blobs::table.find(&hash).select(blobs::media_type).first(tx.conn()).optional()?;
            let waiting: Vec<i32> = scan_pages::table
                .filter(scan_pages::blob_hash.eq(&hash))
                .filter(scan_pages::page.between(*range.start(), *range.end()))
                .filter(scan_pages::state.eq(PageState::Waiting.code()))
                .order(scan_pages::page)
                .select(scan_pages::page)
                .load(tx.conn())?;
            Ok::<_, DbError>((media_type, waiting))
        })
        .await?;
    let Some(media_type) = media_type else { return Ok(()) };
    let file = match platform.blobs.on_disk(&job.hash).await {
        Ok(file) => Some(file),
        Err(BlobFault::Missing(_)) => None,
        Err(fault) => return Err(fault.into()),
    };
    for page in waiting {
        let read = match &file {
            None => Err(Reason::Unreadable),
            Some(file) => {
                let (extractor, media_type, path) = (extractor.clone(), media_type.clone(), file.path().to_owned());
                let page = page.unsigned_abs();
                let reading = tokio::task::spawn_blocking(move || {
                    recognise_limited(&extractor.program, &path, &media_type, page, &limits(&extractor.limits))
                });
                reading.await.unwrap_or(Err(Reason::Crashed))
            }
        };
        let (db, hash) = (platform.db.clone(), job.hash.clone());
        tokio::task::spawn_blocking(move || db.upkeep("platform.file.recognise", |tx| keep(tx, &hash, page, &read)))
            .await
            .map_err(|_| DbError::Thread)??;
    }
    Ok(())
}

/// Recognition takes longer than extraction, and the engine more memory.
fn limits(of_extraction: &Limits) -> Limits {
    const SECONDS: u64 = 180;
    Limits { wall_seconds: SECONDS, cpu_seconds: SECONDS, memory_bytes: 2 << 30, ..of_extraction.clone() }
}

fn keep(tx: &mut WriteTx<'_>, hash: &str, page: i32, read: &Result<ScanPage, Reason>) -> Outcome<()> {
    let now = tx.now();
    // Whoever keeps a page of this content waits here for the other, so that the last one sees that it is the last.
    diesel::update(extracts::table.find(hash)).set(extracts::updated_at.eq(now)).execute(tx.conn())?;
    let row = scan_pages::table.find((hash, page));
    match read {
        Ok(read) => {
            let doubts = read.words.iter().filter(|word| doubtful(word)).count();
            diesel::update(row)
                .set((
                    scan_pages::state.eq(PageState::Read.code()),
                    scan_pages::turns.eq(i32::from(read.turns)),
                    scan_pages::width.eq(number(read.width)),
                    scan_pages::confidence.eq(read.confidence() as i32),
                    scan_pages::doubtful.eq(i32::try_from(doubts).unwrap_or(i32::MAX)),
                    scan_pages::words.eq(serde_json::to_string(&read.words)?),
                    scan_pages::codes.eq(serde_json::to_string(&read.codes)?),
                    scan_pages::updated_at.eq(now),
                ))
                .execute(tx.conn())?;
            if page == 1 && read.of > 1 {
                ask_for_the_rest(tx, hash, read.of)?;
            }
        }
        Err(reason) => {
            diesel::update(row)
                .set((
                    scan_pages::state.eq(PageState::Failed.code()),
                    scan_pages::reason.eq(reason.code()),
                    scan_pages::updated_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
    }
    let waiting: i64 = scan_pages::table
        .filter(scan_pages::blob_hash.eq(hash))
        .filter(scan_pages::state.eq(PageState::Waiting.code()))
        .count()
        .get_result(tx.conn())?;
    if waiting == 0 { finish(tx, hash) } else { Ok(()) }
}

/// A TIFF tells how many pages it has only when it is opened.
fn ask_for_the_rest(tx: &mut WriteTx<'_>, hash: &str, of: u32) -> Outcome<()> {
    let state: String = extracts::table.find(hash).select(extracts::state).first(tx.conn())?;
    if state == ContentState::Pending.code() {
        ask(tx, hash, &(2..=of).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Puts the recognised words beside the text that was there already.
fn finish(tx: &mut WriteTx<'_>, hash: &str) -> Outcome<()> {
    type Row = (i32, Option<String>, String, String);
    let rows: Vec<Row> = scan_pages::table
        .filter(scan_pages::blob_hash.eq(hash))
        .order(scan_pages::page)
        .select((scan_pages::page, scan_pages::reason, scan_pages::words, scan_pages::codes))
        .load(tx.conn())?;
    let (stored, pages): (String, Option<i32>) =
        extracts::table.find(hash).select((extracts::parts, extracts::pages)).first(tx.conn())?;
    let read: BTreeSet<u32> = rows.iter().map(|row| row.0.unsigned_abs()).collect();
    let recognised = |part: &Part| part.page.is_some_and(|page| read.contains(&page));
    let mut all: Vec<Part> = parts(&stored)?.into_iter().filter(|part| !recognised(part)).collect();
    for (page, _, words, codes) in &rows {
        let words: Vec<Word> = serde_json::from_str(words)?;
        let codes: Vec<diwan_extract::Code> = serde_json::from_str(codes)?;
        let text = page_text(words.iter().map(|word| (word.line, word.text.as_str())), &codes);
        if !text.is_empty() {
            let page = Some(page.unsigned_abs());
            all.push(Part { kind: PartKind::Page, name: None, inside: Vec::new(), page, text });
        }
    }
    all.sort_by_key(|part| part.page);
    let failed = rows.iter().find_map(|(_, reason, ..)| reason.clone());
    let (state, reason) = match all.is_empty() {
        false => (ContentState::Text, None),
        true => (ContentState::NoText, Some(failed.unwrap_or_else(|| Reason::Empty.code().to_owned()))),
    };
    let last = rows.last().map(|row| row.0);
    let now = tx.now();
    diesel::update(extracts::table.find(hash))
        .set((
            extracts::state.eq(state.code()),
            extracts::reason.eq(reason),
            extracts::pages.eq(pages.max(last)),
            extracts::parts.eq(serde_json::to_string(&all)?),
            extracts::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    tell_holders(tx, hash)
}

/// The words of a page, each with the number of its line, and what its codes say.
pub fn page_text<'a>(words: impl IntoIterator<Item = (u32, &'a str)>, codes: &[diwan_extract::Code]) -> String {
    let mut text = diwan_extract::lines(words);
    for code in codes {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&code.text);
    }
    text
}

fn number(page: u32) -> i32 {
    i32::try_from(page).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use diwan_extract::Warning;

    use super::*;

    fn word(text: &str, confidence: u8) -> Word {
        Word { text: text.to_owned(), confidence, line: 0, place: [0; 4] }
    }

    fn of_text(text: &str, blank: Option<&str>) -> Extraction {
        let part = Part { kind: PartKind::Page, name: None, inside: Vec::new(), page: Some(1), text: text.to_owned() };
        let warning =
            |pages: &str| Warning { code: WarningCode::PagesWithoutText, name: Some(pages.to_owned()), reason: None };
        Extraction {
            status: Status::Text,
            parts: vec![part],
            pages: Some(4),
            warnings: blank.map(warning).into_iter().collect(),
            ..Extraction::no_text(Reason::Empty)
        }
    }

    #[test]
    fn unsure_words_and_all_numbers_are_doubtful() {
        assert!(!doubtful(&word("وزارة", 93)));
        assert!(doubtful(&word("وزاره", 69)));
        for number in ["2026", "٢٠٢٦", "ق/١٢", "۴"] {
            assert!(doubtful(&word(number, 99)), "{number}");
        }
    }

    #[test]
    fn pages_are_recognised_where_there_is_no_text_or_none_to_use() {
        assert_eq!(wanted(&Extraction::no_text(Reason::NeedsOcr)), [1]);
        let scanned = Extraction { pages: Some(3), ..Extraction::no_text(Reason::NeedsOcr) };
        assert_eq!(wanted(&scanned), [1, 2, 3]);
        assert_eq!(wanted(&of_text("كتاب", Some("2,4"))), [2, 4]);
        assert!(wanted(&of_text("كتاب رسمي", None)).is_empty());
        assert_eq!(wanted(&of_text("\u{e001}\u{e002}\u{fffd} a", None)), [1, 2, 3, 4]);
        assert!(wanted(&Extraction::refused(Reason::Encrypted)).is_empty());
    }
}
