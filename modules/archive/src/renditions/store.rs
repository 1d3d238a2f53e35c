//! Which renditions there are, and asking for one.

use chrono::NaiveDateTime;
use diesel::{
    dsl::{count_star, max},
    prelude::*,
};
use diwan_archive_api::{Rendition, RenditionKind, RenditionState};
use diwan_db::{NewJob, ReadTx, WriteTx, each_backend};
use diwan_extract::has_pdf_view;
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::store::{self as files, AttachmentRow},
};
use diwan_platform_api::files::PageState;
use diwan_schema::{
    archive::{renditions, word_checks},
    platform::{blobs, extracts, scan_pages},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The kind of the job; its payload is [`Which`].
pub(super) const JOB: &str = "archive.render";
/// When the job has its turn. A view is looked at by somebody who waits for it, so it comes before the prints of letters;
/// a searchable copy comes after everything that somebody waits for, before recognition.
const fn priority(kind: RenditionKind) -> i32 {
    match kind {
        RenditionKind::View => 150,
        RenditionKind::Searchable => 250,
    }
}

/// A rendition.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Which {
    pub(super) agency: i64,
    pub(super) hash: String,
    pub(super) kind: RenditionKind,
}

type Row = (String, Option<String>, Option<String>, i32, i32, NaiveDateTime);

fn row(tx: &mut ReadTx<'_>, agency_id: i64, hash: &str, kind: RenditionKind) -> Outcome<Option<Row>> {
    Ok(renditions::table
        .find((agency_id, hash, kind.code()))
        .select((
            renditions::state,
            renditions::reason,
            renditions::rendition_hash,
            renditions::done,
            renditions::pages,
            renditions::asked_at,
        ))
        .first(tx.conn())
        .optional()?)
}

/// How far a rendition of a file in the actor's scope is.
pub(super) fn show(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, kind: RenditionKind) -> Outcome<Rendition> {
    let (file, _) = files::load(tx, actor, id)?;
    view(tx, actor, &file, kind)
}

fn view(tx: &mut ReadTx<'_>, actor: &Actor, file: &AttachmentRow, kind: RenditionKind) -> Outcome<Rendition> {
    let possible = possible(tx, file, kind)?;
    let found = row(tx, actor.agency_id, &file.blob_hash, kind)?.filter(|_| possible);
    Ok(match found {
        None => Rendition { kind, state: None, reason: None, done: 0, pages: 0, possible },
        Some((state, reason, _, done, pages, _)) => {
            Rendition { kind, state: Some(state.parse()?), reason, done, pages, possible }
        }
    })
}

/// Whether such a rendition can be made: of an office file; of a file all of whose pages were recognised.
fn possible(tx: &mut ReadTx<'_>, file: &AttachmentRow, kind: RenditionKind) -> Outcome<bool> {
    if kind == RenditionKind::View {
        return Ok(has_pdf_view(&file.media_type));
    }
    let of_file = || scan_pages::table.filter(scan_pages::blob_hash.eq(&file.blob_hash));
    let scanned: i64 = of_file().select(count_star()).first(tx.conn())?;
    let waiting: i64 =
        of_file().filter(scan_pages::state.eq(PageState::Waiting.code())).select(count_star()).first(tx.conn())?;
    let pages: Option<Option<i32>> =
        extracts::table.find(&file.blob_hash).select(extracts::pages).first(tx.conn()).optional()?;
    let all = pages.flatten().is_none_or(|pages| i64::from(pages) == scanned);
    Ok(scanned > 0 && waiting == 0 && all)
}

/// Asks for a rendition. One that is there and new enough stays; one that failed is tried again.
pub(super) fn ask(tx: &mut WriteTx<'_>, actor: &Actor, id: i64, kind: RenditionKind) -> Outcome<Rendition> {
    let (file, _) = files::load(tx, actor, id)?;
    if !possible(tx, &file, kind)? {
        return Err(Refusal::rule("no_rendition", [("kind", kind.code().to_owned())]));
    }
    let found = row(tx, actor.agency_id, &file.blob_hash, kind)?;
    let fresh = match &found {
        Some((state, _, _, _, _, asked)) if *state != RenditionState::Failed.code() => {
            kind == RenditionKind::View || !corrected_since(tx, actor.agency_id, &file.blob_hash, *asked)?
        }
        _ => false,
    };
    if !fresh {
        wait_for(tx, actor.agency_id, &file.blob_hash, kind)?;
    }
    view(tx, actor, &file, kind)
}

fn corrected_since(tx: &mut ReadTx<'_>, agency_id: i64, hash: &str, at: NaiveDateTime) -> Outcome<bool> {
    let last: Option<NaiveDateTime> = word_checks::table
        .filter(word_checks::agency_id.eq(agency_id))
        .filter(word_checks::blob_hash.eq(hash))
        .select(max(word_checks::checked_at))
        .first(tx.conn())?;
    Ok(last.is_some_and(|last| last > at))
}

fn wait_for(tx: &mut WriteTx<'_>, agency_id: i64, hash: &str, kind: RenditionKind) -> Outcome<()> {
    let now = tx.now();
    let fresh = (
        renditions::state.eq(RenditionState::Waiting.code()),
        renditions::reason.eq(None::<String>),
        renditions::rendition_hash.eq(None::<String>),
        renditions::done.eq(0),
        renditions::pages.eq(0),
        renditions::asked_at.eq(now),
        renditions::updated_at.eq(now),
    );
    let key = (renditions::agency_id.eq(agency_id), renditions::blob_hash.eq(hash), renditions::kind.eq(kind.code()));
    each_backend!(tx.conn(), c => diesel::insert_into(renditions::table)
        .values((key, fresh.clone()))
        .on_conflict((renditions::agency_id, renditions::blob_hash, renditions::kind))
        .do_update()
        .set(fresh)
        .execute(c))?;
    let which = Which { agency: agency_id, hash: hash.to_owned(), kind };
    let job = NewJob::new(JOB, json!(which)).priority(priority(kind));
    Ok(tx.enqueue(job.dedupe(format!("{JOB}:{agency_id}:{hash}:{}", kind.code())))?)
}

/// A rendition as a file: the row of the attachment it was made of, with the rendition's content in its place.
pub(super) fn content(tx: &mut ReadTx<'_>, actor: &Actor, id: i64, kind: RenditionKind) -> Outcome<AttachmentRow> {
    let (file, _) = files::load(tx, actor, id)?;
    let made = row(tx, actor.agency_id, &file.blob_hash, kind)?.and_then(|(_, _, hash, ..)| hash);
    let hash = made.ok_or(Refusal::NotFound("rendition"))?;
    let size: i64 = blobs::table.find(&hash).select(blobs::size).first(tx.conn())?;
    let stem = file.file_name.rsplit_once('.').map_or(file.file_name.as_str(), |(stem, _)| stem);
    Ok(AttachmentRow {
        file_name: format!("{stem}.pdf"),
        media_type: "application/pdf".to_owned(),
        blob_hash: hash,
        size,
        ..file
    })
}
