//! Access beyond one's place: grants (منح اطلاع), and who saw what (سجل الاطلاع).

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Secrecy, codes, dto};

use crate::records::{RecordKind, Ref};

/// The most requests that a person may have waiting.
pub const OPEN_MAX: i64 = 20;
/// The longest reason, in characters.
pub const REASON_MAX: usize = 500;

codes! {
    /// Who is granted something.
    pub enum GrantTo {
        /// A person.
        User = "user",
        /// A unit: its people, and the heads above it.
        Unit = "unit",
        /// Those who have a role.
        Role = "role",
    }

    /// How far a request is.
    pub enum RequestState {
        /// Nobody has decided yet.
        Open = "open",
        /// Granted until a day.
        Approved = "approved",
        /// Refused with a reason.
        Refused = "refused",
    }

    /// In what way somebody saw a record.
    pub enum ViewWay {
        /// Opened its page.
        Open = "open",
        /// Looked at the picture of a page.
        Page = "page",
        /// Got a file of it.
        Download = "download",
        /// Printed it.
        Print = "print",
    }
}

dto! {
    /// A grant to be given.
    #[derive(Eq)]
    pub struct NewGrant {
        /// To whom.
        pub to_kind: GrantTo,
        /// Which of them.
        pub to_id: i64,
        /// The last day; of a class it may be left out.
        #[serde(default)]
        pub until: Option<NaiveDate>,
        /// Why.
        pub reason: String,
    }

    /// A grant on a class.
    #[derive(Eq)]
    pub struct NewClassGrant {
        /// The class; its classes below are meant too.
        pub class_code: String,
        /// To whom, until when, why.
        pub grant: NewGrant,
    }

    /// A grant (منح اطلاع).
    #[derive(Eq)]
    pub struct Grant {
        /// Its number.
        pub id: i64,
        /// On this class; none where it is on a record.
        pub class_code: Option<String>,
        /// To whom.
        pub to_kind: GrantTo,
        /// Which of them.
        pub to: Ref,
        /// The last day.
        pub until: Option<NaiveDate>,
        /// Why.
        pub reason: String,
        /// Who gave it.
        pub created_by: Ref,
        /// When (UTC).
        pub created_at: NaiveDateTime,
        /// Whether it counts today.
        pub in_force: bool,
        /// When it was taken back (UTC).
        pub revoked_at: Option<NaiveDateTime>,
    }

    /// An entry of who saw what.
    #[derive(Eq)]
    pub struct ViewEntry {
        /// Its number.
        pub id: i64,
        /// When (UTC).
        pub at: NaiveDateTime,
        /// Who.
        pub user: Ref,
        /// In what way.
        pub way: ViewWay,
        /// The file, where it was one.
        pub file_name: String,
        /// From which address.
        pub ip: String,
        /// The record.
        pub record: ViewedRecord,
    }

    /// The record that was seen.
    #[derive(Eq)]
    pub struct ViewedRecord {
        /// The record.
        pub id: i64,
        /// What it is.
        pub kind: RecordKind,
        /// Its number.
        pub number: Option<String>,
        /// Its subject.
        pub subject: String,
        /// درجة السرية.
        pub secrecy: Secrecy,
    }

    /// Which entries are asked for.
    #[derive(Eq, Default)]
    pub struct ViewQuery {
        /// Of this record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub record_id: Option<i64>,
        /// Of this person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<i64>,
        /// In this way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub way: Option<ViewWay>,
        /// Of records of this secrecy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub secrecy: Option<Secrecy>,
        /// From this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// To this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// The cursor of the page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
        /// Rows wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<u32>,
    }

    /// A request to see a record. Its answer never tells whether there is such a record.
    #[derive(Eq)]
    pub struct NewRequest {
        /// The number of the record.
        #[serde(default)]
        pub number: String,
        /// Or the record of a link that was followed.
        #[serde(default)]
        pub record_id: Option<i64>,
        /// Why.
        pub reason: String,
    }

    /// What was decided on a request.
    #[derive(Eq)]
    pub struct Decision {
        /// The last day of the grant; none refuses.
        #[serde(default)]
        pub until: Option<NaiveDate>,
        /// Why it is refused.
        #[serde(default)]
        pub note: String,
    }

    /// A request (طلب اطلاع).
    #[derive(Eq)]
    pub struct AccessRequest {
        /// Its number.
        pub id: i64,
        /// Who asks.
        pub asked_by: Ref,
        /// The number that was asked for.
        pub number: String,
        /// The record, where the reader sees it.
        pub record: Option<ViewedRecord>,
        /// Why.
        pub reason: String,
        /// How far it is.
        pub state: RequestState,
        /// When it was made (UTC).
        pub created_at: NaiveDateTime,
        /// When it was decided (UTC).
        pub decided_at: Option<NaiveDateTime>,
        /// Why it was refused.
        pub note: Option<String>,
        /// The last day of the grant.
        pub until: Option<NaiveDate>,
        /// Whether the reader may decide on it.
        pub may_decide: bool,
    }
}
