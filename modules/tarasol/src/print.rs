//! The printed letter: from the stored letter to the PDF with letterhead and QR.

use bytes::Bytes;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx};
use diwan_kernel::{Lang, Priority, Secrecy, Who};
use diwan_platform::{
    Outcome, Platform, Refusal,
    files::{self, NewFile},
    records::{CHANGED, RecordRow, seals, store as record_store},
};
use diwan_platform_api::files::AttachmentRole;
use diwan_print::{
    Block, Document, Field, Footer, Language, Letterhead, Logo, Paragraph, Press, Run, Signature, calendar,
};
use diwan_schema::platform::attachments;
use diwan_tarasol_api::{Body, Recipient, RecipientRole};

use crate::{
    letter::store::{self, LetterRow},
    letterhead::{self, Head},
};

mod body;

/// The kind of the job that prints an issued letter.
pub const JOB: &str = "tarasol.print";

/// The letter as a document to be printed: a draft without number and QR, an issued one with both.
///
/// # Errors
/// Not found; stored data are broken.
pub fn document(press: &Press, tx: &mut ReadTx<'_>, id: i64) -> Outcome<Document> {
    // The receiver prints the same letter as the sender.
    let source = store::delivery_by_incoming(tx, id)?.map_or(id, |delivery| delivery.record_id);
    let record = record_store::load_for_system(tx, source)?;
    let letter = store::load(tx, source)?;
    let lang: Lang = letter.lang.parse()?;
    let words = Words::of(lang);
    let head = match &letter.letterhead {
        Some(json) => serde_json::from_str(json)?,
        None => letterhead::of_unit(tx, record.agency_id, record.unit_id)?,
    };
    let recipients = store::recipients(tx, source)?;
    let seal = seals::of_record(tx, record.id)?;
    Ok(Document {
        title: record.subject.clone(),
        language: language(lang),
        letterhead: Some(letterhead_of(&head, lang)),
        fields: fields(tx, &record, &letter, &words, lang),
        marks: marks(&record, lang)?,
        reference: record.number.clone().unwrap_or_default(),
        blocks: blocks(&record, &letter, &words)?,
        signature: signature(tx, &letter, lang, &words)?,
        notes: notes(tx, source, &recipients, lang, &words)?,
        verification: seal
            .map(|seal| press.verification(words.verify, seal.verify_code, (&seal.hash, &seal.signature))),
        footer: Footer { text: pick(lang, &head.footer_ar, &head.footer_en), page_numbers: true },
        created_at: letter.signed_at.unwrap_or(record.updated_at).and_utc().timestamp(),
        ..Document::default()
    })
}

/// Prints an issued letter once and puts the file beside it, on the sender's and on each receiver's side.
///
/// # Errors
/// The letter is gone, the store fails: the job is tried again.
pub async fn run(platform: &Platform, press: &Press, record_id: i64) -> Outcome<()> {
    let setting = press.clone();
    let unprinted = platform
        .db
        .read(move |tx| {
            let printed: i64 = attachments::table
                .filter(attachments::record_id.eq(record_id))
                .filter(attachments::role.eq(AttachmentRole::Print.code()))
                .count()
                .get_result(tx.conn())?;
            if printed > 0 {
                return Ok(None);
            }
            let number = record_store::load_for_system(tx, record_id)?.number.unwrap_or_default();
            Ok::<_, Refusal>(Some((number, document(&setting, tx, record_id)?)))
        })
        .await?;
    let Some((number, document)) = unprinted else { return Ok(()) };
    // On the thread of the job, which steps back behind requests.
    let bytes = press.pdf(&document).map_err(|error| Refusal::Internal(error.to_string()))?;
    let name = format!("{}.pdf", number.replace(['/', '\\'], "-"));
    let stored = platform.blobs.save(Bytes::from(bytes), &name).await?;
    let file = NewFile { name, stored };
    platform.db.write(Who::system(), "tarasol.letter.print", move |tx| attach(tx, record_id, &file)).await
}

fn attach(tx: &mut WriteTx<'_>, record_id: i64, file: &NewFile) -> Outcome<()> {
    let mut targets = vec![record_id];
    targets.extend(store::deliveries_of(tx, record_id)?.into_iter().filter_map(|delivery| delivery.incoming_record_id));
    for target in targets {
        files::insert(tx, target, file, AttachmentRole::Print, None, None)?;
        let agency = record_store::load_for_system(tx, target)?.agency_id;
        tx.outbox(CHANGED, Some(agency), Some(target), &())?;
    }
    Ok(())
}

/// The fixed words of a letter, as offices write them.
struct Words {
    number: &'static str,
    date: &'static str,
    hijri: &'static str,
    subject: &'static str,
    attachments: &'static str,
    copy_to: &'static str,
    verify: &'static str,
    on_behalf: &'static str,
}

impl Words {
    fn of(lang: Lang) -> Self {
        match lang {
            Lang::Ar => Self {
                number: "الرقم",
                hijri: "التاريخ",
                date: "الموافق",
                subject: "الموضوع",
                attachments: "المرفقات",
                copy_to: "نسخة إلى",
                verify: "التحقق من صحة الكتاب",
                on_behalf: "عن / ",
            },
            Lang::En => Self {
                number: "No.",
                hijri: "Hijri",
                date: "Date",
                subject: "Subject",
                attachments: "Attachments",
                copy_to: "Copy to",
                verify: "Verify this letter",
                on_behalf: "For ",
            },
        }
    }
}

fn language(lang: Lang) -> Language {
    match lang {
        Lang::Ar => Language::Ar,
        Lang::En => Language::En,
    }
}

fn pick(lang: Lang, ar: &str, en: &str) -> String {
    lang.pick((ar, en)).to_owned()
}

fn letterhead_of(head: &Head, lang: Lang) -> Letterhead {
    let lines = pick(lang, &head.lines_ar, &head.lines_en).lines().map(str::to_owned).collect();
    Letterhead { lines, other_lines: Vec::new(), logo: Logo::Star }
}

fn fields(tx: &ReadTx<'_>, record: &RecordRow, letter: &LetterRow, words: &Words, lang: Lang) -> Vec<Field> {
    let day = tx.day_of(letter.signed_at.or(record.issued_at).unwrap_or(record.updated_at));
    let mut fields = vec![Field::new(words.number, record.number.clone().unwrap_or_else(|| "—".to_owned()))];
    fields.push(Field::new(words.hijri, calendar::hijri_text(day, language(lang))));
    fields.push(Field::new(words.date, calendar::gregorian_text(day, language(lang))));
    fields
}

/// Secrecy and priority stand on the letter where they are more than normal.
fn marks(record: &RecordRow, lang: Lang) -> Outcome<Vec<String>> {
    let secrecy = match record.secrecy.parse()? {
        Secrecy::Normal => None,
        Secrecy::Restricted => Some(("محدود", "Restricted")),
        Secrecy::Secret => Some(("سري", "Secret")),
        Secrecy::TopSecret => Some(("سري للغاية", "Top secret")),
    };
    let priority = match record.priority.parse()? {
        Priority::Normal => None,
        Priority::Urgent => Some(("عاجل", "Urgent")),
        Priority::VeryUrgent => Some(("عاجل جدًا", "Very urgent")),
        Priority::Immediate => Some(("فوري", "Immediate")),
    };
    Ok(secrecy.into_iter().chain(priority).map(|(ar, en)| pick(lang, ar, en)).collect())
}

fn blocks(record: &RecordRow, letter: &LetterRow, words: &Words) -> Outcome<Vec<Block>> {
    let mut blocks = Vec::new();
    if !letter.addressee.is_empty() {
        blocks.push(Block::Paragraph(Paragraph::of(vec![Run::bold(&letter.addressee)])));
    }
    let subject = Run::bold(format!("{}: {}", words.subject, record.subject)).underlined();
    blocks.push(Block::Paragraph(Paragraph {
        keep_with_next: true,
        ..Paragraph::of(vec![subject]).aligned(diwan_print::Align::Center)
    }));
    let stored: Body = serde_json::from_str(&letter.body)?;
    blocks.extend(body::blocks(&stored));
    Ok(blocks)
}

fn signature(tx: &mut ReadTx<'_>, letter: &LetterRow, lang: Lang, words: &Words) -> Outcome<Option<Signature>> {
    let Some(signed_by) = letter.signed_by else { return Ok(None) };
    let name = record_store::user_ref(tx, signed_by)?.name;
    let holder = letter.signed_for.unwrap_or(signed_by);
    let title = store::title_of(tx, holder)?;
    let mut above = Vec::new();
    if let Some(title) = title {
        let prefix = if letter.signed_for.is_some() { words.on_behalf } else { "" };
        above.push(format!("{prefix}{}", title.get(lang)));
    }
    Ok(Some(Signature { above, image: None, name: name.get(lang).to_owned(), below: Vec::new() }))
}

fn notes(tx: &mut ReadTx<'_>, id: i64, recipients: &[Recipient], lang: Lang, words: &Words) -> Outcome<Vec<Block>> {
    let files: Vec<String> = attachments::table
        .filter(attachments::record_id.eq(id))
        .filter(attachments::removed_at.is_null())
        .filter(attachments::role.eq(AttachmentRole::Attachment.code()))
        .order(attachments::id)
        .select(attachments::file_name)
        .load(tx.conn())?;
    let copies: Vec<&str> =
        recipients.iter().filter(|r| r.role == RecipientRole::Copy).map(|r| r.name.get(lang)).collect();
    let comma = if lang == Lang::Ar { "، " } else { ", " };
    let line = |label: &str, text: String| {
        Block::Paragraph(Paragraph::of(vec![Run::bold(format!("{label}: ")), Run::plain(text)]))
    };
    let mut notes = Vec::new();
    if !files.is_empty() {
        notes.push(line(words.attachments, format!("({}) {}", files.len(), files.join(comma))));
    }
    if !copies.is_empty() {
        notes.push(line(words.copy_to, copies.join(comma)));
    }
    Ok(notes)
}
