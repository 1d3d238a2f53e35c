//! The record spine: what every official thing has, whatever its kind.

mod kind;
mod routes;
mod tasks;

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Caveat, Named, Priority, Secrecy, codes, dto};

pub use kind::*;
pub use routes::*;
pub use tasks::*;

codes! {
    /// How two records belong together (ارتباط); read as "from … to".
    pub enum LinkKind {
        /// رد على.
        ReplyTo = "reply_to",
        /// سُلّم باسم.
        DeliveredAs = "delivered_as",
        /// ذو صلة.
        RelatesTo = "relates_to",
        /// تأكيد على.
        ReminderOf = "reminder_of",
        /// يلغي.
        Cancels = "cancels",
    }

    /// What was written beside a record.
    pub enum NoteKind {
        /// ملاحظة.
        Comment = "comment",
        /// شرح: what a head directs.
        Direction = "direction",
    }
}

dto! {
    /// Anything that is referred to by id and name.
    #[derive(Eq)]
    pub struct Ref {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Named,
    }

    /// The head of every record.
    pub struct RecordHead {
        /// The record.
        pub id: i64,
        /// What it is.
        pub kind: RecordKind,
        /// Whose it is.
        pub agency: Ref,
        /// The unit it belongs to.
        pub unit: Option<Ref>,
        /// Its number, once taken.
        pub number: Option<String>,
        /// The subject (الموضوع).
        pub subject: String,
        /// The other side: the agency of a letter, the author of a document.
        pub party: String,
        /// The state's code, of the kind's own set.
        pub state: String,
        /// درجة السرية.
        pub secrecy: Secrecy,
        /// قيود التداول.
        pub caveats: Vec<Caveat>,
        /// الأولوية.
        pub priority: Priority,
        /// الاستحقاق.
        pub due_on: Option<NaiveDate>,
        /// Who made it.
        pub created_by: Ref,
        /// When, UTC.
        pub created_at: NaiveDateTime,
        /// Last change, UTC.
        pub updated_at: NaiveDateTime,
        /// When it was issued or registered, UTC.
        pub issued_at: Option<NaiveDateTime>,
        /// For `If-Match`.
        pub version: i64,
    }

    /// Where a record stands after a step.
    #[derive(Eq)]
    pub struct RecordStep {
        /// The record.
        pub id: i64,
        /// Its state's code now.
        pub state: String,
        /// Its number, once taken.
        pub number: Option<String>,
        /// Its version now.
        pub version: i64,
    }

    /// A comment or direction (شرح).
    pub struct Note {
        /// Its id.
        pub id: i64,
        /// Comment or direction.
        pub kind: NoteKind,
        /// Who wrote it.
        pub author: Ref,
        /// For whom, under a delegation (عن).
        pub on_behalf_of: Option<Ref>,
        /// In which position.
        pub position: Option<Named>,
        /// The words.
        pub body: String,
        /// When, UTC.
        pub created_at: NaiveDateTime,
    }

    /// What is sent to write one.
    pub struct NewNote {
        /// Comment or direction.
        pub kind: NoteKind,
        /// The words.
        pub body: String,
    }

    /// A link to another record, as far as the reader may see it.
    pub struct Link {
        /// Its id.
        pub id: i64,
        /// How they belong together.
        pub kind: LinkKind,
        /// Whether this record is the "from" side.
        pub outward: bool,
        /// The other record; only its kind and number when it is out of scope.
        pub other: LinkedRecord,
    }

    /// The other side of a link.
    pub struct LinkedRecord {
        /// Its id, where the reader may open it.
        pub id: Option<i64>,
        /// What it is.
        pub kind: RecordKind,
        /// Its number.
        pub number: Option<String>,
        /// Its subject, where the reader may see it.
        pub subject: Option<String>,
        /// Its agency.
        pub agency: Named,
        /// Its state, where the reader may see it.
        pub state: Option<String>,
        /// Its date, UTC.
        pub at: NaiveDateTime,
    }

    /// What is sent to link a record.
    pub struct NewLink {
        /// The other record.
        pub to_record_id: i64,
        /// How.
        pub kind: LinkKind,
    }

    /// One entry of the timeline (السجل الزمني).
    pub struct TimelineEntry {
        /// The entry of the trail.
        pub id: i64,
        /// When, UTC.
        pub at: NaiveDateTime,
        /// Who; none for Diwan itself.
        pub user: Option<Ref>,
        /// For whom, under a delegation (عن).
        pub on_behalf_of: Option<Ref>,
        /// The operation, `tarasol.letter.sign`.
        pub op: String,
        /// What the operation tells.
        pub detail: serde_json::Value,
        /// The other agency's name, for steps on their side.
        pub agency: Option<Named>,
    }

    /// A public holiday (عطلة رسمية).
    pub struct Holiday {
        /// Its id; 0 for a new one.
        pub id: i64,
        /// The day.
        pub day: NaiveDate,
        /// Its name.
        pub name: Named,
        /// Whether it holds for every agency.
        #[serde(default)]
        pub shared: bool,
    }

    /// A seal (ختم إلكتروني) as anybody may verify it.
    pub struct SealView {
        /// The sealed record's number.
        pub number: String,
        /// Issue date.
        pub date: NaiveDate,
        /// The issuing agency.
        pub agency: Named,
        /// Whom it is addressed to.
        pub recipients: Vec<Named>,
        /// The code printed under the QR.
        pub verify_code: String,
        /// SHA-256 of the canonical form, hex.
        pub hash: String,
        /// The signature, base64 DER (ECDSA P-256).
        pub signature: String,
        /// The agency's certificate, PEM.
        pub certificate: String,
        /// When it was sealed, UTC.
        pub sealed_at: NaiveDateTime,
        /// Whether signature, hash and stored record agree.
        pub valid: bool,
        /// Whether the number was voided later.
        pub voided: bool,
    }
}
