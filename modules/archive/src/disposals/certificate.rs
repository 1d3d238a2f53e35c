//! The certificate of destruction (محضر الإتلاف): a sealed document in the archive, printed with what was destroyed, its
//! hashes and the committee.

use bytes::Bytes;
use diesel::prelude::*;
use diwan_archive_api::{DestroyedFile, DocumentSource};
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{Caveat, Lang, Named, Priority, Secrecy, Who};
use diwan_platform::{
    Outcome, Platform, Refusal,
    files::{self, NewFile},
    records::{self, CHANGED, NewRecord, numbers, seals, store as spine},
    secrets::Secrets,
};
use diwan_platform_api::{files::AttachmentRole, records::RecordKind};
use diwan_print::{
    Align, Block, Document, Field, Footer, Language, Letterhead, Logo, Paragraph, Press, Row, Run, Signature, Table,
    calendar,
};
use diwan_schema::{
    archive::disposals,
    platform::{agencies, attachments},
};
use serde_json::json;

use super::store::{self, DisposalRow};
use crate::{keeping, port, schedules};

/// The kind of the job that prints it.
pub(super) const JOB: &str = "archive.certificate";
/// The register of the archive.
const REGISTER: &str = "archive";

/// A destroyed document, as the certificate names it.
struct Gone {
    number: String,
    subject: String,
    class: String,
    schedule: String,
    secrecy: Secrecy,
    caveats: Vec<Caveat>,
    files: Vec<DestroyedFile>,
}

fn gone(tx: &mut ReadTx<'_>, id: i64) -> Outcome<Vec<Gone>> {
    let mut all = Vec::new();
    for item in store::items(tx, id)?.into_iter().filter(|item| item.state == "destroyed") {
        let row = spine::load_for_system(tx, item.record_id)?;
        let schedule = match keeping::store::load(tx, item.record_id)? {
            Some(kept) => schedules::store::load(tx, row.agency_id, kept.schedule_id)?.code,
            None => String::new(),
        };
        all.push(Gone {
            number: row.number.unwrap_or_default(),
            subject: row.subject,
            class: row.class_code.unwrap_or_default(),
            schedule,
            secrecy: row.secrecy.parse()?,
            caveats: spine::caveats(tx, item.record_id)?,
            files: serde_json::from_str(&item.files)?,
        });
    }
    Ok(all)
}

/// Files the certificate under the archive's next number and seals it; none where nothing was destroyed. It is as secret
/// as the most secret document it names.
pub(super) fn file(tx: &mut WriteTx<'_>, secrets: &Secrets, act: &DisposalRow) -> Outcome<Option<i64>> {
    let gone = gone(tx, act.id)?;
    let Some(secrecy) = gone.iter().map(|one| one.secrecy).max() else { return Ok(None) };
    let mut caveats: Vec<Caveat> = gone.iter().flat_map(|one| one.caveats.iter().copied()).collect();
    caveats.sort_unstable();
    caveats.dedup();
    let subject = format!("محضر إتلاف وثائق ({})", gone.len());
    let record = NewRecord {
        agency_id: act.agency_id,
        unit_id: None,
        kind: RecordKind::Document,
        subject: subject.clone(),
        party: String::new(),
        state: "filed",
        secrecy,
        caveats,
        priority: Priority::Normal,
        due_on: None,
        class_code: None,
        created_by: act.proposed_by,
    };
    let id = records::create(tx, &record)?;
    let today = tx.today();
    port::file(tx, id, DocumentSource::Upload, today)?;
    diesel::update(disposals::table.find(act.id)).set(disposals::certificate_id.eq(Some(id))).execute(tx.conn())?;
    tx.outbox(CHANGED, Some(act.agency_id), Some(id), &())?;
    let number = numbers::take(tx, act.agency_id, REGISTER, id, act.proposed_by)?.display;
    let form = canonical(tx, act, &gone, number, subject)?;
    seals::seal(tx, secrets, act.agency_id, id, &form)?;
    Ok(Some(id))
}

/// What is sealed: every document with its hashes, and who decided.
fn canonical(
    tx: &mut ReadTx<'_>,
    act: &DisposalRow,
    gone: &[Gone],
    number: String,
    subject: String,
) -> Outcome<seals::Canonical> {
    let (agency_code, ar, en): (String, String, String) = agencies::table
        .find(act.agency_id)
        .select((agencies::code, agencies::name_ar, agencies::name_en))
        .first(tx.conn())?;
    let documents: Vec<_> = gone
        .iter()
        .map(
            |one| json!({ "number": one.number, "subject": one.subject, "class": one.class, "schedule": one.schedule }),
        )
        .collect();
    let committee: Vec<Named> = committee(tx, act)?.into_iter().map(|(name, _)| name).collect();
    let files = gone.iter().flat_map(|one| &one.files);
    Ok(seals::Canonical {
        v: 1,
        agency_code,
        agency: Named { ar, en },
        number,
        date: tx.today(),
        subject,
        recipients: Vec::new(),
        content: json!({ "reason": act.reason, "documents": documents, "committee": committee }),
        files: files.map(|file| seals::SealedFile { name: file.name.clone(), sha256: file.hash.clone() }).collect(),
        signed_by: spine::user_ref(tx, act.proposed_by)?.name,
        signed_for: None,
    })
}

/// Who confirmed, with the day.
fn committee(tx: &mut ReadTx<'_>, act: &DisposalRow) -> Outcome<Vec<(Named, chrono::NaiveDate)>> {
    let votes = store::votes(tx, act.id)?;
    votes.into_iter().map(|(user, at)| Ok((spine::user_ref(tx, user)?.name, tx.day_of(at)))).collect()
}

/// Prints the certificate of an act once and puts the file beside its record.
pub(super) async fn print(platform: &Platform, press: &Press, disposal_id: i64) -> Outcome<()> {
    let setting = press.clone();
    let made = platform
        .db
        .read(move |tx| {
            let act = store::system(tx, disposal_id)?;
            let Some((act, id)) = act.and_then(|act| act.certificate_id.map(|id| (act, id))) else {
                return Ok(None);
            };
            let printed: i64 = attachments::table
                .filter(attachments::record_id.eq(id))
                .filter(attachments::role.eq(AttachmentRole::Print.code()))
                .count()
                .get_result(tx.conn())?;
            if printed > 0 {
                return Ok(None);
            }
            Ok::<_, Refusal>(Some((id, act.agency_id, document(&setting, tx, &act, id)?)))
        })
        .await?;
    let Some((id, agency_id, document)) = made else { return Ok(()) };
    let pdf = press.pdf(&document).map_err(|error| Refusal::Internal(error.to_string()))?;
    let name = format!("{}.pdf", document.reference.replace(['/', '\\'], "-"));
    let stored = platform.blobs.save(Bytes::from(pdf), &name).await?;
    let file = NewFile { name, stored };
    platform
        .db
        .write(Who::system(), "archive.disposal.print", move |tx| {
            files::insert(tx, id, &file, AttachmentRole::Print, None, None)?;
            Ok(tx.outbox(CHANGED, Some(agency_id), Some(id), &())?)
        })
        .await
}

fn document(press: &Press, tx: &mut ReadTx<'_>, act: &DisposalRow, id: i64) -> Outcome<Document> {
    let record = spine::load_for_system(tx, id)?;
    let agency = spine::agency_ref(tx, act.agency_id)?.name;
    let day = tx.day_of(record.issued_at.unwrap_or(record.created_at));
    let number = record.number.clone().unwrap_or_default();
    let gone = gone(tx, act.id)?;
    let verification = seals::of_record(tx, id)?
        .map(|seal| press.verification("التحقق من صحة المحضر", seal.verify_code, (&seal.hash, &seal.signature)));
    Ok(Document {
        title: record.subject.clone(),
        language: Language::Ar,
        letterhead: Some(Letterhead { lines: vec![agency.ar], other_lines: vec![agency.en], logo: Logo::Star }),
        fields: vec![
            Field::new("الرقم", number.clone()),
            Field::new("التاريخ", calendar::hijri_text(day, Language::Ar)),
            Field::new("الموافق", calendar::gregorian_text(day, Language::Ar)),
        ],
        marks: marks(record.secrecy.parse()?),
        reference: number,
        blocks: blocks(tx, act, &record.subject, &gone)?,
        signature: Some(Signature {
            above: vec!["مقدم الاقتراح".to_owned()],
            image: None,
            name: spine::user_ref(tx, act.proposed_by)?.name.get(Lang::Ar).to_owned(),
            below: Vec::new(),
        }),
        verification,
        footer: Footer { text: String::new(), page_numbers: true },
        created_at: record.created_at.and_utc().timestamp(),
        ..Document::default()
    })
}

fn marks(secrecy: Secrecy) -> Vec<String> {
    match secrecy {
        Secrecy::Normal => Vec::new(),
        Secrecy::Restricted => vec!["محدود".to_owned()],
        Secrecy::Secret => vec!["سري".to_owned()],
        Secrecy::TopSecret => vec!["سري للغاية".to_owned()],
    }
}

fn blocks(tx: &mut ReadTx<'_>, act: &DisposalRow, subject: &str, gone: &[Gone]) -> Outcome<Vec<Block>> {
    let title = Paragraph { keep_with_next: true, ..Paragraph::of(vec![Run::bold(subject)]).aligned(Align::Center) };
    let documents = gone.iter().zip(1..).map(|(one, at)| {
        Row::new([at.to_string(), one.number.clone(), one.subject.clone(), one.class.clone(), one.schedule.clone()])
    });
    let files = gone.iter().flat_map(|one| {
        one.files.iter().map(|file| Row::new([one.number.clone(), file.name.clone(), file.hash.clone()]))
    });
    let members = committee(tx, act)?
        .into_iter()
        .map(|(name, day)| Row::new([name.get(Lang::Ar).to_owned(), calendar::gregorian_text(day, Language::Ar)]));
    let table = |header: Vec<&str>, rows: Vec<Row>, size| {
        Block::Table(Table {
            columns: vec![diwan_print::Column::default(); header.len()],
            header: vec![Row::new(header)],
            rows,
            size_pt: size,
            ..Table::default()
        })
    };
    let heading = |text: &str| Block::Heading { level: 3, text: text.to_owned(), align: Align::Start };
    Ok(vec![
        Block::Paragraph(title),
        Block::text(format!(
            "أُتلفت محتويات الوثائق المبينة أدناه إتلافًا نهائيًا بعد انتهاء مدد استبقائها، وبقيت بياناتها في السجل. سبب الإتلاف: {}",
            act.reason
        )),
        heading("الوثائق المتلفة"),
        table(vec!["ت", "الرقم", "الموضوع", "التصنيف", "مدة الاستبقاء"], documents.collect(), Some(11.0)),
        heading("الملفات وبصماتها (SHA-256)"),
        table(vec!["رقم الوثيقة", "اسم الملف", "البصمة"], files.collect(), Some(8.0)),
        heading("اللجنة"),
        table(vec!["الاسم", "تاريخ الموافقة"], members.collect(), Some(11.0)),
    ])
}
