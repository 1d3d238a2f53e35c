//! The check desk (تدقيق النصوص): pages with words that recognition is not sure of, and what people read there.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use diwan_archive_api::{CheckItem, CheckedWords, WORD_MAX};
use diwan_db::{Audit, ReadTx, WriteTx, each_backend};
use diwan_kernel::{FieldError, Page, PageRequest};
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::{extraction, store as files},
    visible_records,
};
use diwan_platform_api::files::AttachmentRole;
use diwan_schema::{
    archive::word_checks,
    platform::{attachments, records, scan_pages},
};
use serde_json::json;

use super::store;

/// Pages of the actor's agency on which somebody should look at words, the oldest file first.
pub(super) fn desk(tx: &mut ReadTx<'_>, actor: &Actor, asked: &PageRequest) -> Outcome<Page<CheckItem>> {
    let limit = asked.rows();
    let open = sql::<Bool>(
        "scan_pages.doubtful > (SELECT count(*) FROM word_checks w WHERE w.agency_id = records.agency_id \
        AND w.blob_hash = scan_pages.blob_hash AND w.page = scan_pages.page)",
    );
    let newest = sql::<Bool>("NOT EXISTS (SELECT 1 FROM attachments n WHERE n.replaces_id = attachments.id)");
    let bad = || Refusal::field("after", "bad_cursor");
    // Behind the page that the cursor names; the first file has a number of its own.
    let (file, page): (i64, i32) = match asked.after.as_deref() {
        None => (0, 0),
        Some(cursor) => {
            let (file, page) = cursor.split_once(',').ok_or_else(bad)?;
            (file.parse().map_err(|_| bad())?, page.parse().map_err(|_| bad())?)
        }
    };
    type Row = (i64, Option<String>, String, i64, String, i32, i32, i32);
    let rows: Vec<Row> = records::table
        .inner_join(attachments::table.on(attachments::record_id.eq(records::id)))
        .inner_join(scan_pages::table.on(scan_pages::blob_hash.eq(attachments::blob_hash)))
        .filter(visible_records!(actor))
        .filter(attachments::removed_at.is_null())
        .filter(attachments::role.eq(AttachmentRole::Attachment.code()))
        .filter(attachments::id.gt(file).or(attachments::id.eq(file).and(scan_pages::page.gt(page))))
        // The very words of the index of pages with doubts: a bound 0 would not be known to agree with it.
        .filter(sql::<Bool>("scan_pages.doubtful > 0"))
        .filter(open)
        .filter(newest)
        .order((attachments::id, scan_pages::page))
        .limit(limit + 1)
        .select((
            records::id,
            records::number,
            records::subject,
            attachments::id,
            attachments::file_name,
            scan_pages::page,
            scan_pages::confidence,
            scan_pages::doubtful,
        ))
        .load(tx.conn())?;
    let item = |(record_id, number, subject, attachment_id, file_name, page, confidence, doubtful): Row| CheckItem {
        record_id,
        number,
        subject,
        attachment_id,
        file_name,
        page,
        confidence,
        doubtful,
    };
    Ok(Page::from_rows(rows, limit, |row| format!("{},{}", row.3, row.5), item))
}

/// Keeps what the actor read on a page. The words are found as they are now; the original and what was recognised stay.
pub(super) fn save(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    attachment_id: i64,
    page: i32,
    checked: &CheckedWords,
) -> Outcome<()> {
    let (file, record) = files::load(tx, actor, attachment_id)?;
    let row = store::row(tx, &file.blob_hash, page)?;
    let recognised = row.words()?;
    let now = tx.now();
    let mut changed = Vec::new();
    for (place, word) in checked.words.iter().enumerate() {
        let field = |code| FieldError::new(format!("words.{place}.text"), code);
        let was = usize::try_from(word.no).ok().and_then(|no| recognised.get(no));
        let was = was.ok_or_else(|| FieldError::new(format!("words.{place}.no"), "word_not_on_page"))?;
        let text = word.text.trim();
        if text.chars().count() > WORD_MAX {
            return Err(field("too_long").with("max", WORD_MAX).into());
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(field("one_word").into());
        }
        if text != was.text {
            changed.push(json!({ "word": word.no, "recognised": was.text, "read": text }));
        }
        let values = (
            word_checks::agency_id.eq(record.agency_id),
            word_checks::blob_hash.eq(&file.blob_hash),
            word_checks::page.eq(page),
            word_checks::word.eq(word.no),
            word_checks::text.eq(text),
            word_checks::checked_by.eq(actor.user_id),
            word_checks::checked_at.eq(now),
        );
        each_backend!(tx.conn(), c => diesel::insert_into(word_checks::table)
            .values(values)
            .on_conflict((word_checks::agency_id, word_checks::blob_hash, word_checks::page, word_checks::word))
            .do_update()
            .set((word_checks::text.eq(text), word_checks::checked_by.eq(actor.user_id), word_checks::checked_at.eq(now)))
            .execute(c))?;
    }
    let detail = json!({ "file": file.file_name, "page": page, "words": checked.words.len(), "changed": changed });
    tx.audit(Audit::of_record(record.id).detail(detail))?;
    extraction::tell_holders(tx, &file.blob_hash)
}
