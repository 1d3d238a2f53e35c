//! Things to send: a plain document, a plain letter, shared files; and the program to start.

use std::path::PathBuf;

use diwan_archive_api::NewDocument;
use diwan_kernel::{Lang, Priority, Secrecy};
use diwan_tarasol_api::{Body, Form, LetterInput, Recipient, RecipientRole};

/// A plain document of a subject.
pub fn document(subject: &str) -> NewDocument {
    NewDocument {
        subject: subject.to_owned(),
        doc_date: chrono::NaiveDate::from_ymd_opt(2026, 10, 18).unwrap(),
        party: "ديوان المحاسبة".to_owned(),
        class_code: Some("3000".to_owned()),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        type_id: None,
        values: Default::default(),
        tags: Vec::new(),
        unit_id: None,
    }
}

/// A recipient of a letter: an agency that gets the original.
pub fn to(agency_id: i64) -> Recipient {
    Recipient {
        agency_id: Some(agency_id),
        unit_id: None,
        role: RecipientRole::To,
        purpose: None,
        name: Default::default(),
    }
}

/// A plain letter of a subject to an agency.
pub fn letter(agency_id: i64, subject: &str) -> LetterInput {
    LetterInput {
        subject: subject.to_owned(),
        form: Form::Letter,
        lang: Lang::Ar,
        addressee: "معالي وزير المالية الأكرم".to_owned(),
        body: Body::from_text("تحية طيبة وبعد،\nأرجو التكرم بالموافقة على تخصيص المبلغ."),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        priority: Priority::Normal,
        reply_due_days: None,
        recipients: vec![to(agency_id)],
        in_reply_to: None,
        unit_id: None,
        signatory_position_id: None,
    }
}

/// The product's program as built for this run of the tests.
///
/// # Panics
/// It is not there.
pub fn program() -> PathBuf {
    // target/<profile>/deps/<test> → target/<profile>/diwan-under-test
    let test = std::env::current_exe().unwrap();
    let program = test.parent().and_then(|deps| deps.parent()).unwrap().join("diwan-under-test");
    assert!(program.exists(), "{} was not built", program.display());
    program
}
