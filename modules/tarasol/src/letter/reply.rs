//! The draft an answer starts from: addressee, reference line, secrecy and priority of the letter answered.

use diesel::prelude::*;
use diwan_db::ReadTx;
use diwan_kernel::Lang;
use diwan_platform::{Actor, Outcome};
use diwan_schema::platform::agencies;
use diwan_tarasol_api::{Body, Form, IncomingAction, LetterInput, Recipient, RecipientRole};

use super::{step, store};

/// A draft that answers the incoming letter; nothing is stored.
///
/// # Errors
/// Not found; a state that takes no answer.
pub fn run(tx: &mut ReadTx<'_>, actor: &Actor, id: i64) -> Outcome<LetterInput> {
    let (record, letter) = store::load_visible(tx, actor, id)?;
    step::incoming(step::incoming_state(&record)?, IncomingAction::Answer)?;
    let lang: Lang = letter.lang.parse()?;
    let number = letter.their_number.unwrap_or_default();
    let date = letter.their_date.map(|day| day.format("%Y/%m/%d").to_string()).unwrap_or_default();
    let mut recipients = Vec::new();
    let mut addressee = String::new();
    if let Some(agency_id) = letter.counterpart_id {
        let (ar, en): (String, String) = agencies::table
            .find(agency_id)
            .select((agencies::addressee_ar, agencies::addressee_en))
            .first(tx.conn())?;
        addressee = if lang == Lang::Ar { ar } else { en };
        let name = diwan_platform::records::store::agency_ref(tx, agency_id)?.name;
        recipients.push(Recipient {
            agency_id: Some(agency_id),
            unit_id: None,
            role: RecipientRole::To,
            purpose: None,
            name,
        });
    }
    let text = match lang {
        Lang::Ar => {
            format!("تحية طيبة وبعد،\nإشارةً إلى كتابكم رقم ({number}) تاريخ {date}،\n\nوتفضلوا بقبول فائق الاحترام،")
        }
        Lang::En => {
            format!("Greetings,\nWith reference to your letter No. ({number}) dated {date},\n\nYours faithfully,")
        }
    };
    Ok(LetterInput {
        subject: record.subject,
        form: Form::Letter,
        lang,
        addressee,
        body: Body::from_text(&text),
        secrecy: record.secrecy.parse()?,
        caveats: Vec::new(),
        priority: record.priority.parse()?,
        reply_due_days: None,
        recipients,
        in_reply_to: Some(id),
        unit_id: None,
        signatory_position_id: None,
    })
}
