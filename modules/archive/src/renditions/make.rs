//! Making a rendition: a job, which begins anew where it was cut off and harms nothing when it runs twice.

use std::{collections::BTreeMap, fs::File, io::Read};

use bytes::Bytes;
use diesel::prelude::*;
use diwan_archive_api::{RenditionKind, RenditionState};
use diwan_db::DbError;
use diwan_extract::{Limits, Reason, pdf_limited, picture_limited};
use diwan_platform::{
    Outcome, Platform, Refusal,
    files::{self, BlobFault, OnDisk, Stored, extraction::Extractor},
};
use diwan_print::{ScanPdf, ScanWord};
use diwan_schema::{archive::renditions, platform::blobs};

use super::store::Which;
use crate::pages::{self, CorrectedPage};

/// Pixels that the picture of a page is wide: A4 at 200 dots per inch.
const WIDTH: u32 = 1_654;
/// Bytes that are handed to the store at a time.
const CHUNK: usize = 1 << 20;

/// Makes the rendition, unless nobody waits for it any more.
pub(super) async fn run(platform: &Platform, extractor: &Extractor, which: &Which) -> Outcome<()> {
    let wanted = which.clone();
    let found: Option<(String, String)> = platform
        .db
        .read(move |tx| {
            Ok::<_, DbError>(
                renditions::table
                    .inner_join(blobs::table.on(blobs::hash.eq(renditions::blob_hash)))
                    .filter(renditions::agency_id.eq(wanted.agency))
                    .filter(renditions::blob_hash.eq(&wanted.hash))
                    .filter(renditions::kind.eq(wanted.kind.code()))
                    .select((renditions::state, blobs::media_type))
                    .first(tx.conn())
                    .optional()?,
            )
        })
        .await?;
    let Some((state, media_type)) = found else { return Ok(()) };
    if state != RenditionState::Waiting.code() {
        return Ok(());
    }
    let original = match platform.blobs.on_disk(&which.hash).await {
        Ok(original) => original,
        Err(BlobFault::Missing(_)) => return end(platform, which, Err(Reason::Unreadable)).await,
        Err(fault) => return Err(fault.into()),
    };
    let made = match which.kind {
        RenditionKind::View => view(platform, extractor, &original, media_type).await?,
        RenditionKind::Searchable => searchable(platform, extractor, &original, media_type, which).await?,
    };
    match made {
        Err(reason) if reason.worth_retrying() && reason != Reason::ToolMissing => {
            Err(Refusal::Internal(format!("no rendition: {}", reason.code())))
        }
        ended => end(platform, which, ended).await,
    }
}

/// An office file as PDF.
async fn view(
    platform: &Platform,
    extractor: &Extractor,
    original: &OnDisk,
    media_type: String,
) -> Outcome<Result<Stored, Reason>> {
    let (extractor, path) = (extractor.clone(), original.path().to_owned());
    let making =
        tokio::task::spawn_blocking(move || pdf_limited(&extractor.program, &path, &media_type, &extractor.limits));
    Ok(match making.await.unwrap_or(Err(Reason::Crashed)) {
        Ok(pdf) => Ok(platform.blobs.save(Bytes::from(pdf), "view.pdf").await?),
        Err(reason) => Err(reason),
    })
}

/// A scan as PDF with its words: page by page into a temporary file.
async fn searchable(
    platform: &Platform,
    extractor: &Extractor,
    original: &OnDisk,
    media_type: String,
    which: &Which,
) -> Outcome<Result<Stored, Reason>> {
    let (agency, hash) = (which.agency, which.hash.clone());
    let words: BTreeMap<i32, CorrectedPage> =
        platform.db.read(move |tx| pages::corrected_pages(tx, agency, &hash)).await?;
    let fault = |error: std::io::Error| Refusal::Internal(format!("no rendition: {error}"));
    let mut pdf = ScanPdf::begin(tempfile::tempfile().map_err(fault)?).map_err(fault)?;
    let all = i32::try_from(words.len()).unwrap_or(i32::MAX);
    for (done, (page, words)) in (0..).zip(&words) {
        progress(platform, which, done, all).await?;
        let drawing = draw(extractor, original, &media_type, (page.unsigned_abs(), words.turns)).await;
        let (jpeg, size) = match drawing {
            Ok(drawn) => drawn,
            Err(reason) => return Ok(Err(reason)),
        };
        let placed: Vec<ScanWord<'_>> =
            words.words.iter().map(|(text, place, line)| ScanWord { text, place: *place, line: *line }).collect();
        pdf.page(&jpeg, size, &placed).map_err(fault)?;
    }
    let file = pdf.finish().map_err(fault)?;
    keep(platform, file).await.map(Ok)
}

async fn draw(
    extractor: &Extractor,
    original: &OnDisk,
    media_type: &str,
    (page, turns): (u32, u8),
) -> Result<(Vec<u8>, (u32, u32)), Reason> {
    let (program, limits) = (extractor.program.clone(), Limits { cpu_seconds: 60, ..extractor.limits.clone() });
    let (path, media_type) = (original.path().to_owned(), media_type.to_owned());
    let drawing = tokio::task::spawn_blocking(move || {
        let jpeg = picture_limited(&program, &path, &media_type, (page, WIDTH, turns), &limits)?;
        let size = jpeg_size(&jpeg).ok_or(Reason::Corrupt)?;
        Ok((jpeg, size))
    });
    drawing.await.unwrap_or(Err(Reason::Crashed))
}

/// Width and height in the frame header of a JPEG (ITU T.81, B.2.2).
fn jpeg_size(jpeg: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [0xFF, marker, high, low] = *jpeg.get(at..at + 4)? else { return None };
        if matches!(marker, 0xC0..=0xC3) {
            let [h1, h0, w1, w0] = *jpeg.get(at + 5..at + 9)? else { return None };
            return Some((u32::from(u16::from_be_bytes([w1, w0])), u32::from(u16::from_be_bytes([h1, h0]))));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}

/// Stores a file that was written.
async fn keep(platform: &Platform, mut file: File) -> Outcome<Stored> {
    let fault = |error: std::io::Error| Refusal::Internal(format!("no rendition: {error}"));
    std::io::Seek::rewind(&mut file).map_err(fault)?;
    let mut incoming = platform.blobs.receive(u64::MAX);
    loop {
        let mut part = vec![0; CHUNK];
        let read = file.read(&mut part).map_err(fault)?;
        if read == 0 {
            return Ok(incoming.finish("searchable.pdf").await?);
        }
        part.truncate(read);
        incoming.write(Bytes::from(part)).await?;
    }
}

async fn progress(platform: &Platform, which: &Which, done: i32, pages: i32) -> Outcome<()> {
    let which = which.clone();
    platform
        .db
        .blocking(move |db| {
            db.upkeep("renditions.progress", |tx| {
                let now = tx.now();
                diesel::update(renditions::table.find((which.agency, &which.hash, which.kind.code())))
                    .set((renditions::done.eq(done), renditions::pages.eq(pages), renditions::updated_at.eq(now)))
                    .execute(tx.conn())?;
                Ok::<_, Refusal>(())
            })
        })
        .await
}

async fn end(platform: &Platform, which: &Which, made: Result<Stored, Reason>) -> Outcome<()> {
    let which = which.clone();
    platform
        .db
        .blocking(move |db| {
            db.upkeep("renditions.end", |tx| {
                let now = tx.now();
                let row = renditions::table.find((which.agency, &which.hash, which.kind.code()));
                let noted = match made {
                    Ok(stored) => {
                        files::note_blob(tx, &stored)?;
                        diesel::update(row)
                            .set((
                                renditions::state.eq(RenditionState::Made.code()),
                                renditions::rendition_hash.eq(stored.hash),
                                renditions::done.eq(renditions::pages),
                                renditions::updated_at.eq(now),
                            ))
                            .execute(tx.conn())?
                    }
                    Err(reason) => diesel::update(row)
                        .set((
                            renditions::state.eq(RenditionState::Failed.code()),
                            renditions::reason.eq(reason.code()),
                            renditions::updated_at.eq(now),
                        ))
                        .execute(tx.conn())?,
                };
                // The content was destroyed meanwhile: nothing of its copy stays in the database.
                if noted == 0 { Err(Refusal::NotFound("rendition")) } else { Ok(()) }
            })
        })
        .await
}
