//! What the tests of letters begin with: a letter, and the people it goes through.

use diesel::prelude::*;
use diwan_db::{Db, WriteTx};
use diwan_kernel::{Lang, Priority, Secrecy};
use diwan_platform::{Actor, Outcome, Refusal, secrets::Secrets};
use diwan_schema::platform::records as record_table;
use diwan_tarasol_api::{Body, Direction, Form, LetterInput, LetterQuery, Recipient, RecipientRole, StepNote};
use diwan_testkit::World;

use crate::letter::{approve, create, sign, store, submit};

pub(super) fn secrets() -> Secrets {
    Secrets::from_key([7; 32])
}

pub(super) fn input(to: i64) -> LetterInput {
    LetterInput {
        subject: "طلب تخصيص موازنة إضافية لمشروع التحول الرقمي".to_owned(),
        form: Form::Letter,
        lang: Lang::Ar,
        addressee: "معالي وزير المالية الأكرم".to_owned(),
        body: Body::from_text("تحية طيبة وبعد،\nأرجو التكرم بالموافقة على تخصيص مبلغ 420,000.000 دينار."),
        secrecy: Secrecy::Normal,
        caveats: Vec::new(),
        priority: Priority::Urgent,
        reply_due_days: Some(5),
        recipients: vec![Recipient {
            agency_id: Some(to),
            unit_id: None,
            role: RecipientRole::To,
            purpose: None,
            name: Default::default(),
        }],
        in_reply_to: None,
        unit_id: None,
        signatory_position_id: None,
    }
}

pub(super) fn act<T>(db: &Db, actor: &Actor, run: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<T>) -> Outcome<T> {
    db.write_now(actor.who(), "test.step", |tx| run(tx, actor))
}

pub(super) fn note(text: &str) -> StepNote {
    StepNote { note: Some(text.to_owned()) }
}

pub(super) fn version(db: &Db, id: i64) -> i64 {
    db.read_now(|tx| Ok::<_, Refusal>(record_table::table.find(id).select(record_table::version).first(tx.conn())?))
        .unwrap()
}

pub(super) fn state_of(db: &Db, id: i64) -> String {
    db.read_now(|tx| Ok::<_, Refusal>(record_table::table.find(id).select(record_table::state).first(tx.conn())?))
        .unwrap()
}

/// Writes, reviews and signs a letter; answers its record and the receiver's.
pub(super) fn issued(db: &Db, world: &World, letter: LetterInput) -> (i64, i64) {
    let clerk = world.modee.actor(db, "clerk");
    let id = act(db, &clerk, |tx, a| create::run(tx, a, letter)).unwrap();
    let v = version(db, id);
    act(db, &clerk, |tx, a| submit::run(tx, a, id, v)).unwrap();
    let head = world.modee.actor(db, "registry_head");
    act(db, &head, |tx, a| approve::run(tx, a, id, &note("يرفع لعطوفة الأمين العام مع الموافقة"))).unwrap();
    let sg = world.modee.actor(db, "sg");
    act(db, &sg, |tx, a| sign::run(tx, a, &secrets(), id, &StepNote::default())).unwrap();
    let delivery = db.read_now(|tx| store::deliveries_of(tx, id)).unwrap();
    (id, delivery[0].incoming_record_id.unwrap())
}

pub(super) fn list_query(direction: Direction) -> LetterQuery {
    serde_json::from_value(serde_json::json!({ "direction": direction.code() })).unwrap()
}
