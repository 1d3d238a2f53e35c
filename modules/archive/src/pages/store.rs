//! Reading scanned pages with what the agency's people corrected on them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diwan_archive_api::{ScanPage, ScanPageHead, ScanPages, ScanWord};
use diwan_db::ReadTx;
use diwan_extract::{Code, Word};
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::{scans, store as files},
};
use diwan_schema::{archive::word_checks, platform::scan_pages};

/// A row of `scan_pages`.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = scan_pages)]
pub(super) struct PageRow {
    pub(super) page: i32,
    state: String,
    reason: Option<String>,
    pub(super) turns: i32,
    width: i32,
    confidence: i32,
    doubtful: i32,
    words: String,
    codes: String,
}

impl PageRow {
    fn head(self, checked: usize) -> Outcome<ScanPageHead> {
        Ok(ScanPageHead {
            page: self.page,
            state: self.state.parse()?,
            reason: self.reason,
            confidence: self.confidence,
            doubtful: self.doubtful,
            checked: i32::try_from(checked).unwrap_or(i32::MAX),
        })
    }

    /// The words as recognised.
    pub(super) fn words(&self) -> Outcome<Vec<Word>> {
        Ok(serde_json::from_str(&self.words)?)
    }
}

/// The scanned pages of a file in the actor's scope.
pub(super) fn list(tx: &mut ReadTx<'_>, actor: &Actor, attachment_id: i64) -> Outcome<ScanPages> {
    let (file, _) = files::load(tx, actor, attachment_id)?;
    let rows: Vec<PageRow> = scan_pages::table
        .filter(scan_pages::blob_hash.eq(&file.blob_hash))
        .order(scan_pages::page)
        .select(PageRow::as_select())
        .load(tx.conn())?;
    let checks: Vec<(i32, i64)> = word_checks::table
        .filter(word_checks::agency_id.eq(actor.agency_id))
        .filter(word_checks::blob_hash.eq(&file.blob_hash))
        .group_by(word_checks::page)
        .select((word_checks::page, diesel::dsl::count_star()))
        .load(tx.conn())?;
    let checks: BTreeMap<i32, i64> = checks.into_iter().collect();
    let head = |row: PageRow| {
        let checked = checks.get(&row.page).copied().unwrap_or_default();
        row.head(usize::try_from(checked).unwrap_or_default())
    };
    Ok(ScanPages { items: rows.into_iter().map(head).collect::<Outcome<_>>()? })
}

/// A row of a scanned page, [`Refusal::NotFound`] where recognition was never asked for.
pub(super) fn row(tx: &mut ReadTx<'_>, hash: &str, page: i32) -> Outcome<PageRow> {
    let row = scan_pages::table.find((hash, page)).select(PageRow::as_select()).first(tx.conn()).optional()?;
    row.ok_or(Refusal::NotFound("page"))
}

/// A scanned page in the actor's scope; words of `query` are marked.
pub(super) fn view(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    attachment_id: i64,
    page: i32,
    query: &str,
) -> Outcome<ScanPage> {
    let (file, _) = files::load(tx, actor, attachment_id)?;
    let row = row(tx, &file.blob_hash, page)?;
    let checks: BTreeMap<i32, String> = word_checks::table
        .filter(word_checks::agency_id.eq(actor.agency_id))
        .filter(word_checks::blob_hash.eq(&file.blob_hash))
        .filter(word_checks::page.eq(page))
        .select((word_checks::word, word_checks::text))
        .load::<(i32, String)>(tx.conn())?
        .into_iter()
        .collect();
    let codes: Vec<Code> = serde_json::from_str(&row.codes)?;
    let mut words: Vec<ScanWord> = (0..).zip(row.words()?).map(|(no, word)| shown(no, word, &checks)).collect();
    let found = diwan_search::found(query, words.iter().map(|word| word.text.as_str()));
    words.iter_mut().zip(found).for_each(|(word, found)| word.found = found);
    let width = row.width;
    let codes = codes.into_iter().map(|code| code.text).collect();
    Ok(ScanPage { head: row.head(checks.len())?, width, words, codes })
}

fn shown(no: i32, word: Word, checks: &BTreeMap<i32, String>) -> ScanWord {
    let [left, top, width, height] = word.place;
    let checked = checks.get(&no);
    ScanWord {
        no,
        confidence: word.confidence,
        line: word.line,
        left,
        top,
        width,
        height,
        doubtful: scans::doubtful(&word),
        checked: checked.is_some(),
        found: false,
        text: checked.cloned().unwrap_or(word.text),
    }
}

/// A content and a page of it.
pub(crate) type PageKey = (String, u32);

/// The texts of pages on which people of these agencies corrected words, by agency.
pub(crate) fn corrected(
    tx: &mut ReadTx<'_>,
    agencies: &[i64],
    hashes: &[String],
) -> Outcome<BTreeMap<(i64, PageKey), String>> {
    let checks: Vec<(i64, String, i32, i32, String)> = word_checks::table
        .filter(word_checks::agency_id.eq_any(agencies.to_vec()))
        .filter(word_checks::blob_hash.eq_any(hashes.to_vec()))
        .select((
            word_checks::agency_id,
            word_checks::blob_hash,
            word_checks::page,
            word_checks::word,
            word_checks::text,
        ))
        .load(tx.conn())?;
    let mut by_page = BTreeMap::<(i64, String, i32), BTreeMap<i32, String>>::new();
    for (agency, hash, page, word, text) in checks {
        by_page.entry((agency, hash, page)).or_default().insert(word, text);
    }
    let mut texts = BTreeMap::new();
    for ((agency, hash, page), checks) in by_page {
        let row = row(tx, &hash, page)?;
        let words: Vec<ScanWord> = (0..).zip(row.words()?).map(|(no, word)| shown(no, word, &checks)).collect();
        let codes: Vec<Code> = serde_json::from_str(&row.codes)?;
        let kept = words.iter().filter(|word| !word.text.is_empty()).map(|word| (word.line, word.text.as_str()));
        texts.insert((agency, (hash, page.unsigned_abs())), scans::page_text(kept, &codes));
    }
    Ok(texts)
}

/// The words of a page as a rendition shows them: each with its place, corrected; those struck out left out.
pub(crate) struct CorrectedPage {
    /// Quarter turns clockwise that set the page upright.
    pub(crate) turns: u8,
    /// The words, their places and the numbers of their lines.
    pub(crate) words: Vec<(String, [u16; 4], u32)>,
}

/// The scanned pages of a content with what people of an agency corrected on them.
pub(crate) fn corrected_pages(tx: &mut ReadTx<'_>, agency: i64, hash: &str) -> Outcome<BTreeMap<i32, CorrectedPage>> {
    let rows: Vec<PageRow> = scan_pages::table
        .filter(scan_pages::blob_hash.eq(hash))
        .order(scan_pages::page)
        .select(PageRow::as_select())
        .load(tx.conn())?;
    let checks: BTreeMap<(i32, i32), String> = word_checks::table
        .filter(word_checks::agency_id.eq(agency))
        .filter(word_checks::blob_hash.eq(hash))
        .select((word_checks::page, word_checks::word, word_checks::text))
        .load::<(i32, i32, String)>(tx.conn())?
        .into_iter()
        .map(|(page, word, text)| ((page, word), text))
        .collect();
    let corrected = |row: PageRow| {
        let words = (0..).zip(row.words()?).map(|(no, word)| match checks.get(&(row.page, no)) {
            Some(text) => (text.clone(), word.place, word.line),
            None => (word.text, word.place, word.line),
        });
        let words = words.filter(|(text, ..)| !text.is_empty()).collect();
        Ok((row.page, CorrectedPage { turns: u8::try_from(row.turns).unwrap_or_default(), words }))
    };
    rows.into_iter().map(corrected).collect()
}
