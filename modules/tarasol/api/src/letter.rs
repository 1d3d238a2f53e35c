//! Letters (كتب) as they travel between server and browser.

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Caveat, Lang, Named, PageRequest, Priority, Secrecy, codes, dto};
use diwan_platform_api::records::{Assignee, Instruction, Link, Note, RecordHead, Ref, Task};

pub use diwan_platform_api::records::RecordStep as LetterStep;

use crate::Body;

codes! {
    /// Which way a letter goes.
    pub enum Direction {
        /// صادر.
        Outgoing = "outgoing",
        /// وارد.
        Incoming = "incoming",
        /// مذكرة داخلية.
        InternalMemo = "internal_memo",
    }

    /// What form it has.
    pub enum Form {
        /// كتاب.
        Letter = "letter",
        /// تعميم.
        Circular = "circular",
        /// مذكرة داخلية.
        InternalMemo = "internal_memo",
        /// قرار.
        Decision = "decision",
    }

    /// Original or copy.
    pub enum RecipientRole {
        /// المرسل إليه.
        To = "to",
        /// نسخة إلى.
        Copy = "copy",
    }

    /// How far a delivery is.
    pub enum DeliveryState {
        /// وصل.
        Delivered = "delivered",
        /// فُتح.
        Opened = "opened",
        /// سُجّل.
        Registered = "registered",
        /// أعيد.
        Refused = "refused",
        /// سُحب.
        Recalled = "recalled",
    }

    /// What an inbox is sorted by.
    pub enum LetterSort {
        /// Newest first.
        Newest = "newest",
        /// Oldest first.
        Oldest = "oldest",
        /// By due day, the nearest first.
        Due = "due",
        /// By number, the highest first.
        Number = "number",
        /// By subject in Arabic order.
        Subject = "subject",
        /// By the other agency.
        Counterpart = "counterpart",
        /// By priority, the highest first.
        Priority = "priority",
    }

    /// Ready-made views of a letter list, shown as tabs with counts.
    pub enum LetterView {
        /// الكل.
        All = "all",
        /// بانتظار التسجيل.
        ToRegister = "to_register",
        /// محالة إليّ.
        Mine = "mine",
        /// متأخرة.
        Overdue = "overdue",
        /// بانتظار رد.
        AwaitingReply = "awaiting_reply",
        /// مغلقة.
        Closed = "closed",
    }
}

dto! {
    /// Whom a letter goes to.
    pub struct Recipient {
        /// An agency of this installation.
        pub agency_id: Option<i64>,
        /// A unit of one's own agency (memos).
        #[serde(default)]
        pub unit_id: Option<i64>,
        /// Original or copy.
        pub role: RecipientRole,
        /// What the copy is for.
        #[serde(default)]
        pub purpose: Option<Instruction>,
        /// Its name, for showing; empty in requests.
        #[serde(default)]
        pub name: Named,
    }

    /// What is sent to write or change a draft.
    pub struct LetterInput {
        /// The subject (الموضوع).
        pub subject: String,
        /// Letter, circular, memo …
        pub form: Form,
        /// Its language.
        pub lang: Lang,
        /// The line above the greeting: "معالي وزير المالية الأكرم".
        pub addressee: String,
        /// The text.
        pub body: Body,
        /// درجة السرية.
        pub secrecy: Secrecy,
        /// قيود التداول.
        #[serde(default)]
        pub caveats: Vec<Caveat>,
        /// الأولوية.
        pub priority: Priority,
        /// A reply is due in so many working days.
        #[serde(default)]
        pub reply_due_days: Option<i32>,
        /// Whom it goes to.
        pub recipients: Vec<Recipient>,
        /// The incoming letter it answers.
        #[serde(default)]
        pub in_reply_to: Option<i64>,
        /// The unit it is written in; the writer's own when none.
        #[serde(default)]
        pub unit_id: Option<i64>,
        /// Whose signature is wanted; by the approval route when none.
        #[serde(default)]
        pub signatory_position_id: Option<i64>,
    }

    /// A letter with everything its page shows.
    pub struct Letter {
        /// Number, subject, state, secrecy …
        pub head: RecordHead,
        /// Which way it goes.
        pub direction: Direction,
        /// Its form.
        pub form: Form,
        /// Its language.
        pub lang: Lang,
        /// The other agency.
        pub counterpart: Option<Ref>,
        /// The line above the greeting.
        pub addressee: String,
        /// The text.
        pub body: Body,
        /// Whom it goes to.
        pub recipients: Vec<Recipient>,
        /// Working days for the reply.
        pub reply_due_days: Option<i32>,
        /// The letter it answers.
        pub in_reply_to: Option<i64>,
        /// رقم كتابهم.
        pub their_number: Option<String>,
        /// تاريخ كتابهم.
        pub their_date: Option<NaiveDate>,
        /// Whose signature is wanted.
        pub signatory: Option<Ref>,
        /// Who signed.
        pub signed_by: Option<Ref>,
        /// For whom, under a delegation (عن).
        pub signed_for: Option<Ref>,
        /// The post it was signed in.
        pub signed_as: Option<Named>,
        /// When, UTC.
        pub signed_at: Option<NaiveDateTime>,
        /// When it arrived, UTC.
        pub received_at: Option<NaiveDateTime>,
        /// Where it went and how far it is there.
        pub deliveries: Vec<Delivery>,
        /// Tasks and referrals, oldest first.
        pub tasks: Vec<Task>,
        /// Directions and comments, oldest first.
        pub notes: Vec<Note>,
        /// Links, oldest first.
        pub links: Vec<Link>,
        /// The actions the reader may take now, by code.
        pub actions: Vec<String>,
        /// The code of the seal, once issued.
        pub verify_code: Option<String>,
    }

    /// A delivery (تسليم) to one agency.
    pub struct Delivery {
        /// Its id.
        pub id: i64,
        /// To whom.
        pub agency: Ref,
        /// Original or copy.
        pub role: RecipientRole,
        /// How far it is.
        pub state: DeliveryState,
        /// Their incoming number.
        pub their_number: Option<String>,
        /// Why it was sent back.
        pub reason: Option<String>,
        /// When that was, UTC.
        pub updated_at: NaiveDateTime,
    }

    /// A row of a letter list.
    pub struct LetterRow {
        /// The record.
        pub id: i64,
        /// Its number.
        pub number: Option<String>,
        /// رقم كتابهم.
        pub their_number: Option<String>,
        /// The other agency.
        pub counterpart: Named,
        /// The subject.
        pub subject: String,
        /// The state's code.
        pub state: String,
        /// درجة السرية.
        pub secrecy: Secrecy,
        /// الأولوية.
        pub priority: Priority,
        /// الاستحقاق.
        pub due_on: Option<NaiveDate>,
        /// Received (incoming) or made (outgoing), UTC.
        pub at: NaiveDateTime,
        /// With whom it lies.
        pub holder: Option<Named>,
        /// Attachments.
        pub attachments: i64,
    }

    /// What a letter list is asked for.
    pub struct LetterQuery {
        /// Which list.
        pub direction: Direction,
        /// Which view of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub view: Option<LetterView>,
        /// In subject, number or their number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// In this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<String>,
        /// With this agency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub counterpart_id: Option<i64>,
        /// Of this secrecy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub secrecy: Option<Secrecy>,
        /// Of this priority.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub priority: Option<Priority>,
        /// From this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub from: Option<NaiveDate>,
        /// To this day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub to: Option<NaiveDate>,
        /// Sorted by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<LetterSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// How many letters each view has.
    #[derive(Default)]
    pub struct ViewCounts {
        /// View code and count.
        pub counts: std::collections::BTreeMap<String, i64>,
    }

    /// Letters in and out on one day, for the chart.
    pub struct DayCount {
        /// The day.
        pub day: NaiveDate,
        /// Incoming.
        pub incoming: i64,
        /// Outgoing.
        pub outgoing: i64,
    }

    /// A word that goes with a step.
    #[derive(Default)]
    pub struct StepNote {
        /// The words; needed where something is sent back, voided or refused.
        #[serde(default)]
        pub note: Option<String>,
    }

    /// What is said when a letter is registered.
    #[derive(Default)]
    pub struct RegisterInput {
        /// A word for the timeline.
        #[serde(default)]
        pub note: Option<String>,
    }

    /// A referral (إحالة) to one or more.
    pub struct ReferInput {
        /// To whom, for what.
        pub to: Vec<ReferTarget>,
        /// The direction (شرح) that goes with it.
        #[serde(default)]
        pub note: Option<String>,
        /// By when; by the letter's own day when none.
        #[serde(default)]
        pub due_on: Option<NaiveDate>,
    }

    /// One target of a referral.
    pub struct ReferTarget {
        /// Person, position or unit.
        pub assignee: Assignee,
        /// The instruction.
        pub instruction: Instruction,
    }

    /// A template (نموذج).
    pub struct Template {
        /// Its id; 0 for a new one.
        pub id: i64,
        /// Whether every agency has it.
        pub shared: bool,
        /// Letter, circular, memo …
        pub form: Form,
        /// Its name.
        pub name: Named,
        /// Its language.
        pub lang: Lang,
        /// The subject it starts with.
        pub subject: String,
        /// The text it starts with; `{{field}}` is filled in.
        pub body: Body,
        /// Whether it is offered.
        pub active: bool,
        /// For `If-Match`.
        pub version: i64,
    }

    /// A letterhead (ترويسة) of an agency or of one unit.
    pub struct Letterhead {
        /// Its id; 0 for a new one.
        pub id: i64,
        /// Only for this unit.
        pub unit: Option<Ref>,
        /// Lines of the Arabic head, one a line.
        pub lines_ar: String,
        /// Lines of the English head.
        pub lines_en: String,
        /// Arabic foot: address, telephone.
        pub footer_ar: String,
        /// English foot.
        pub footer_en: String,
        /// For `If-Match`.
        pub version: i64,
    }

    /// One step of the thread across agencies (سلسلة المراسلة).
    pub struct ThreadItem {
        /// The record, where the reader may open it.
        pub record_id: Option<i64>,
        /// The agency that wrote it.
        pub from: Named,
        /// Whom it went to.
        pub to: Vec<Named>,
        /// Its number on the writer's side.
        pub number: Option<String>,
        /// The subject.
        pub subject: String,
        /// When it was issued, UTC.
        pub at: NaiveDateTime,
        /// Each delivery's steps: delivered, opened, registered …
        pub events: Vec<ThreadEvent>,
    }

    /// A step of a delivery.
    pub struct ThreadEvent {
        /// Which agency.
        pub agency: Named,
        /// What happened.
        pub kind: DeliveryState,
        /// When, UTC.
        pub at: NaiveDateTime,
        /// Number or reason.
        pub note: Option<String>,
    }
}
