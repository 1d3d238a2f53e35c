//! E-mail copies of notifications: off unless a mail server is set. One node turns each notification into a job; the job
//! sends the mail, and is tried again while the server is down. What a mail says gives nothing away: see [`text`].

mod text;

use diesel::prelude::*;
use diwan_db::{NewJob, OutboxPosition, OutboxRow};
use diwan_mail::{Mail, MailError, Mailer};
use diwan_platform_api::records::RecordKind;
use diwan_schema::platform::{notifications, records, users};
use serde::{Deserialize, Serialize};

use super::{Follower, JobError, JobRun, Work, positions};
use crate::{
    Outcome, Platform,
    records::notify::{NOTIFIED, Notified},
};

/// The job that sends one mail.
pub const JOB: &str = "mail.notification";
/// The name under which the installation's position is kept.
const POSITION: &str = "mail";

/// Sends copies of notifications through `mailer`; `public_url` is where links lead.
pub fn register(work: &mut Work, mailer: Mailer, public_url: String) {
    work.follower(MailFollower { stored: OutboxPosition::default() });
    work.jobs.on(JOB, move |run, payload: Payload| send(run, &mailer, &public_url, payload.notification_id));
}

/// Forgets how far copies were sent, because none are sent any more: when they are again, it is from then on.
///
/// # Errors
/// The database fails.
pub fn switched_off(platform: &Platform) -> Outcome<()> {
    Ok(platform.db.upkeep("work.mail.off", |tx| positions::forget(tx, POSITION))?)
}

#[derive(Serialize, Deserialize)]
struct Payload {
    notification_id: i64,
}

/// Leaves a job for each notification, on one node only.
struct MailFollower {
    /// The stored position that this node knows.
    stored: OutboxPosition,
}

impl Follower for MailFollower {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn start(&mut self, platform: &Platform, lost: bool) -> Outcome<OutboxPosition> {
        let head = platform.db.outbox_head()?;
        self.stored = platform.db.upkeep("work.mail.start", |tx| match positions::get(tx, POSITION)? {
            Some(position) if !lost => Ok::<_, diwan_db::DbError>(position),
            _ => positions::put(tx, POSITION, head).map(|()| head),
        })?;
        Ok(self.stored)
    }

    fn follow(&mut self, platform: &Platform, rows: &[OutboxRow], position: OutboxPosition) -> Outcome<OutboxPosition> {
        let ids: Vec<i64> = rows
            .iter()
            .filter(|row| row.topic == NOTIFIED)
            .filter_map(|row| serde_json::from_str::<Notified>(&row.payload).ok())
            .map(|notified| notified.id)
            .collect();
        if ids.is_empty() {
            return Ok(position);
        }
        let from = self.stored;
        self.stored = platform.db.upkeep("work.mail.follow", move |tx| {
            if !positions::advance(tx, POSITION, from, position)? {
                // Another node was first: this one goes on from there.
                return Ok(positions::get(tx, POSITION)?.unwrap_or(position));
            }
            let with_address: Vec<i64> = notifications::table
                .inner_join(users::table.on(users::id.eq(notifications::user_id)))
                .filter(notifications::id.eq_any(ids))
                .filter(users::email.is_not_null())
                .select(notifications::id)
                .order(notifications::id)
                .load(tx.conn())?;
            for notification_id in with_address {
                tx.enqueue(NewJob::new(JOB, serde_json::to_value(Payload { notification_id })?))?;
            }
            Ok::<_, diwan_db::DbError>(position)
        })?;
        Ok(self.stored)
    }
}

type Row = (Option<chrono::NaiveDateTime>, String, Option<i64>, Option<String>, String, String, String, bool);
type About = (i64, String, String, Option<String>);

/// Sends one mail, unless the notification was read in the meantime or its receiver can have none.
fn send(run: &JobRun<'_>, mailer: &Mailer, public_url: &str, id: i64) -> Result<(), JobError> {
    let row: Option<(Row, Option<About>)> = run.platform.db.read_now(|tx| {
        let row: Option<Row> = notifications::table
            .inner_join(users::table.on(users::id.eq(notifications::user_id)))
            .filter(notifications::id.eq(id))
            .select((
                notifications::read_at,
                notifications::kind,
                notifications::record_id,
                users::email,
                users::lang,
                users::name_ar,
                users::name_en,
                users::active,
            ))
            .first(tx.conn())
            .optional()?;
        let Some(row) = row else { return Ok::<_, diwan_db::DbError>(None) };
        let record = match row.2 {
            Some(record_id) => records::table
                .find(record_id)
                .select((records::id, records::kind, records::secrecy, records::number))
                .first(tx.conn())
                .optional()?,
            None => None,
        };
        Ok(Some((row, record)))
    })?;
    let Some(((None, kind, _, Some(to), lang, name_ar, name_en, true), record)) = row else { return Ok(()) };
    // Mail leaves the house unlocked: the number of a record only where anybody may know it, the subject never.
    let number = record.clone().filter(|(_, _, secrecy, _)| secrecy == "normal").and_then(|(.., number)| number);
    let lang = lang.parse().map_err(|error: diwan_kernel::UnknownCode| JobError::Never(error.to_string()))?;
    let name = diwan_kernel::Named { ar: name_ar, en: name_en };
    let link = format!("{public_url}{}", page(record.map(|(id, kind, ..)| (kind, id))));
    let text::Text { subject, body } = text::write(lang, name.get(lang), &kind, number.as_deref(), &link);
    mailer.send(&Mail { to, subject, text: body }).map_err(|error: MailError| match error.is_temporary() {
        true => JobError::Later(error.to_string()),
        false => JobError::Never(error.to_string()),
    })
}

/// The page of a record in the UI, the first page without one.
fn page(record: Option<(String, i64)>) -> String {
    let page = record.and_then(|(kind, id)| Some(kind.parse::<RecordKind>().ok()?.page(id)));
    page.unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_page_of_the_record() {
        for (kind, link) in [
            ("incoming", "/letters/7"),
            ("internal_memo", "/letters/7"),
            ("document", "/archive/7"),
            ("payment_voucher", "/finance/documents/7"),
            ("payment_run", "/finance/payments/7"),
            ("reconciliation", "/finance/bank/reconciliations/7"),
        ] {
            assert_eq!(page(Some((kind.to_owned(), 7))), link);
        }
        assert_eq!(page(None), "/");
    }
}
