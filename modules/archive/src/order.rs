//! What follows from a change of the plan for the documents it touches: their schedules and days are reckoned anew, and
//! the index learns their new place. A job does it after commit, document by document; twice does no harm.

use diesel::prelude::*;
use diwan_db::{Db, NewJob, ReadTx, WriteTx};
use diwan_platform::{
    Outcome,
    records::CHANGED,
    work::{JobError, Work},
};
use diwan_schema::{
    archive::{archive_volumes, documents, keeping},
    platform::records,
};
use serde::{Deserialize, Serialize};

use crate::{classes::store as classes, keeping::store};

/// The kind of the job. The migration that brought the schedules leaves one for each agency.
const JOB: &str = "archive.order";
/// Documents of one transaction.
const BATCH: i64 = 200;
/// Behind what people wait for.
const PRIORITY: i32 = 300;

/// Which documents a change touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// All of the agency.
    Agency,
    /// Those of the class at this path and below it.
    Class(String),
    /// Those under this schedule.
    Schedule(i64),
    /// Those in this file.
    File(i64),
}

#[derive(Serialize, Deserialize)]
struct Payload {
    agency_id: i64,
    which: Which,
}

/// Has these documents reckoned and indexed anew.
pub(crate) fn again(tx: &mut WriteTx<'_>, agency_id: i64, which: Which) -> Outcome<()> {
    let payload = serde_json::to_value(Payload { agency_id, which })?;
    let dedupe = format!("{JOB}:{payload}");
    Ok(tx.enqueue(NewJob::new(JOB, payload).priority(PRIORITY).dedupe(dedupe))?)
}

/// Adds the job.
pub(crate) fn work(work: &mut Work) {
    work.jobs.on(JOB, |run, payload: Payload| all(&run.platform.db, &payload).map_err(JobError::from));
}

fn all(db: &Db, payload: &Payload) -> Outcome<()> {
    let codes = db.read_now(|tx| codes(tx, payload))?;
    let mut after = 0;
    loop {
        let ids = db.read_now(|tx| batch(tx, payload, codes.as_deref(), after))?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        db.upkeep(JOB, |tx| {
            for id in &ids {
                store::place(tx, *id)?;
                tx.outbox(CHANGED, Some(payload.agency_id), Some(*id), &())?;
            }
            Ok::<_, diwan_platform::Refusal>(())
        })?;
    }
}

/// The classes that the documents are of, where the change is one of classes.
fn codes(tx: &mut ReadTx<'_>, payload: &Payload) -> Outcome<Option<Vec<String>>> {
    let Which::Class(path) = &payload.which else { return Ok(None) };
    let code = path.rsplit('/').next().unwrap_or(path);
    Ok(Some(classes::subtree(tx, payload.agency_id, code)?))
}

/// The next documents in the order of their ids.
fn batch(tx: &mut ReadTx<'_>, payload: &Payload, codes: Option<&[String]>, after: i64) -> Outcome<Vec<i64>> {
    let mut query = documents::table
        .inner_join(records::table.on(records::id.eq(documents::record_id)))
        .filter(documents::agency_id.eq(payload.agency_id))
        .filter(documents::record_id.gt(after))
        .order(documents::record_id)
        .limit(BATCH)
        .select(documents::record_id)
        .into_boxed();
    if let Some(codes) = codes {
        query = query.filter(records::class_code.eq_any(codes.to_vec()));
    }
    match payload.which {
        Which::Schedule(id) => {
            let under = keeping::table.filter(keeping::schedule_id.eq(id)).select(keeping::record_id);
            query = query.filter(documents::record_id.eq_any(under));
        }
        Which::File(id) => {
            let volumes = archive_volumes::table.filter(archive_volumes::file_id.eq(id)).select(archive_volumes::id);
            query = query.filter(documents::volume_id.eq_any(volumes.nullable()));
        }
        Which::Agency | Which::Class(_) => {}
    }
    Ok(query.load(tx.conn())?)
}
