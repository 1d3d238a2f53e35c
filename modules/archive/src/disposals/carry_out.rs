//! Carrying an act out: document by document, then the contents that nothing else needs, then the certificate.
//!
//! A document is destroyed in one transaction, which takes the agency's turn first and looks again: a hold that was set
//! before is seen, one that is set at the same time waits, and comes too late only for what is gone already.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_archive_api::{DestroyedFile, DisposalState};
use diwan_db::{Audit, NewJob, WriteTx};
use diwan_kernel::Who;
use diwan_platform::{
    Outcome, Platform, Refusal,
    files::destroy,
    records::{CHANGED, state, store as records},
    secrets::Secrets,
    work::{JobError, Work},
};
use diwan_print::Press;
use diwan_schema::{
    archive::{disposal_items, disposals, keeping},
    platform::attachments,
};
use serde::Deserialize;
use serde_json::json;

use super::{certificate, store};
use crate::guard;

/// The kind of the job.
pub(super) const JOB: &str = "archive.destroy";
/// The state of a record whose content is destroyed.
const DESTROYED: &str = "destroyed";

#[derive(Deserialize)]
struct Act {
    disposal_id: i64,
}

/// Adds the jobs of destruction.
pub(crate) fn work(work: &mut Work, press: Press) {
    work.jobs.on_slow(JOB, |run, act: Act| run.wait(all(run.platform, act.disposal_id)).map_err(JobError::from));
    work.jobs.on_slow(certificate::JOB, move |run, act: Act| {
        run.wait(certificate::print(run.platform, &press, act.disposal_id)).map_err(JobError::from)
    });
}

/// Carries a confirmed act out, or goes on where a run before was broken off.
async fn all(platform: &Platform, id: i64) -> Outcome<()> {
    let (agency_id, listed) = platform
        .db
        .read(move |tx| {
            let Some(row) = store::system(tx, id)?.filter(|row| row.state == DisposalState::Confirmed.code()) else {
                return Ok::<_, Refusal>((0, Vec::new()));
            };
            let listed = store::items(tx, id)?.into_iter().filter(|item| item.state == "listed");
            Ok((row.agency_id, listed.map(|item| item.record_id).collect::<Vec<_>>()))
        })
        .await?;
    if agency_id == 0 {
        return Ok(());
    }
    for record_id in listed {
        platform
            .db
            .write(Who::system(), "archive.disposal.destroy", move |tx| one(tx, agency_id, id, record_id))
            .await?;
    }
    for hash in hashes(platform, id).await? {
        destroy::content(platform, agency_id, &hash).await?;
    }
    let secrets = platform.secrets.clone();
    platform.db.write(Who::system(), "archive.disposal.finish", move |tx| finish(tx, &secrets, id)).await
}

/// Destroys one document of the act, or spares it with the reason.
fn one(tx: &mut WriteTx<'_>, agency_id: i64, id: i64, record_id: i64) -> Outcome<()> {
    guard::take(tx, agency_id)?;
    let item = disposal_items::table.find((id, record_id));
    let state: String = item.select(disposal_items::state).first(tx.conn())?;
    let audit = Audit::of_record(record_id).agency(agency_id);
    if state != "listed" {
        tx.audit(audit.detail(json!({ "disposal": id, "state": state })))?;
        return Ok(());
    }
    if let Some(why) = store::spared(tx, agency_id, record_id)? {
        diesel::update(item)
            .set((disposal_items::state.eq("spared"), disposal_items::reason.eq(Some(why))))
            .execute(tx.conn())?;
        tx.audit(audit.detail(json!({ "disposal": id, "spared": why })))?;
        return Ok(tx.outbox(CHANGED, Some(agency_id), Some(record_id), &())?);
    }
    let (now, today) = (tx.now(), tx.today());
    let files = files(tx, record_id)?;
    let standing =
        attachments::table.filter(attachments::record_id.eq(record_id)).filter(attachments::removed_at.is_null());
    diesel::update(standing).set(attachments::removed_at.eq(Some(now))).execute(tx.conn())?;
    let row = records::load_for_system(tx, record_id)?;
    state::close(tx, &row, DESTROYED)?;
    diesel::update(keeping::table.find(record_id)).set(keeping::destroyed_on.eq(Some(today))).execute(tx.conn())?;
    diesel::update(item)
        .set((
            disposal_items::state.eq("destroyed"),
            disposal_items::files.eq(serde_json::to_string(&files)?),
            disposal_items::destroyed_at.eq(Some(now)),
        ))
        .execute(tx.conn())?;
    tx.audit(audit.after(&files).detail(json!({ "disposal": id, "files": files.len() })))?;
    Ok(tx.outbox(CHANGED, Some(agency_id), Some(record_id), &())?)
}

/// Every content the document ever had, with its older versions and what was removed from it.
fn files(tx: &mut WriteTx<'_>, record_id: i64) -> Outcome<Vec<DestroyedFile>> {
    let rows: Vec<(String, i64, String)> = attachments::table
        .filter(attachments::record_id.eq(record_id))
        .order(attachments::id)
        .select((attachments::file_name, attachments::size, attachments::blob_hash))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(name, size, hash)| DestroyedFile { name, size, hash }).collect())
}

async fn hashes(platform: &Platform, id: i64) -> Outcome<BTreeSet<String>> {
    platform
        .db
        .read(move |tx| {
            let mut hashes = BTreeSet::new();
            for item in store::items(tx, id)?.into_iter().filter(|item| item.state == "destroyed") {
                let files: Vec<DestroyedFile> = serde_json::from_str(&item.files)?;
                hashes.extend(files.into_iter().map(|file| file.hash));
            }
            Ok(hashes)
        })
        .await
}

/// Ends the act. Where anything was destroyed, the certificate takes its number and its seal here and is printed after.
fn finish(tx: &mut WriteTx<'_>, secrets: &Secrets, id: i64) -> Outcome<()> {
    let Some(row) = store::system(tx, id)? else { return Err(Refusal::NotFound("disposal")) };
    guard::take(tx, row.agency_id)?;
    let audit = Audit::of("disposal", id).agency(row.agency_id);
    if store::system(tx, id)?.is_none_or(|row| row.state != DisposalState::Confirmed.code()) {
        return Ok(tx.audit(audit)?);
    }
    let now = tx.now();
    diesel::update(disposals::table.find(id))
        .set((
            disposals::state.eq(DisposalState::Done.code()),
            disposals::ended_at.eq(Some(now)),
            disposals::version.eq(row.version + 1),
        ))
        .execute(tx.conn())?;
    let certificate_id = certificate::file(tx, secrets, &row)?;
    if certificate_id.is_some() {
        let printed = NewJob::new(certificate::JOB, json!({ "disposal_id": id })).priority(200);
        tx.enqueue(printed.dedupe(format!("{}:{id}", certificate::JOB)))?;
    }
    tx.audit(audit.detail(json!({ "state": "done", "certificate": certificate_id })))?;
    Ok(())
}
