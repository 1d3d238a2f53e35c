//! The record spine: what every official thing has, whatever its kind.

mod routes;

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Caveat, Named, PageRequest, Priority, Secrecy, codes, dto};

pub use routes::*;

codes! {
    /// What a record is.
    pub enum RecordKind {
        /// كتاب صادر.
        Outgoing = "outgoing",
        /// كتاب وارد.
        Incoming = "incoming",
        /// مذكرة داخلية.
        InternalMemo = "internal_memo",
        /// وثيقة.
        Document = "document",
        /// قانون الموازنة.
        BudgetLaw = "budget_law",
        /// ملحق موازنة.
        Supplementary = "supplementary",
        /// مناقلة.
        Virement = "virement",
        /// أمر مالي.
        FinancialOrder = "financial_order",
        /// حوالة مالية.
        Release = "release",
        /// تجميد.
        Freeze = "freeze",
        /// مستند التزام.
        Commitment = "commitment",
        /// مستند صرف.
        PaymentVoucher = "payment_voucher",
        /// سند قبض.
        Receipt = "receipt",
        /// مستند قيد.
        JournalVoucher = "journal_voucher",
        /// سلفة.
        Advance = "advance",
        /// تسديد سلفة.
        AdvanceSettlement = "advance_settlement",
        /// أمانات.
        Deposit = "deposit",
        /// رد أمانات.
        DepositRefund = "deposit_refund",
        /// إشعار.
        BankNotice = "bank_notice",
        /// دفعة صرف.
        PaymentRun = "payment_run",
        /// تسوية بنكية.
        Reconciliation = "reconciliation",
    }

    /// What a task asks for (نوع المهمة).
    pub enum TaskKind {
        /// تدقيق/مراجعة.
        Review = "review",
        /// اعتماد.
        Approve = "approve",
        /// رأي.
        Opinion = "opinion",
        /// توقيع.
        Sign = "sign",
        /// تسجيل وارد.
        Register = "register",
        /// إحالة.
        Referral = "referral",
        /// تصويب بعد الإعادة.
        Correct = "correct",
    }

    /// The instruction of a referral (التوجيه).
    pub enum Instruction {
        /// للاطلاع.
        ForInformation = "for_information",
        /// للإجراء.
        ForAction = "for_action",
        /// للرد.
        ForReply = "for_reply",
        /// للدراسة.
        ForStudy = "for_study",
        /// للدراسة والرد.
        ForStudyAndReply = "for_study_and_reply",
        /// للحفظ.
        ForFiling = "for_filing",
        /// للمتابعة.
        ForFollowUp = "for_follow_up",
    }

    /// Who a task lies with.
    pub enum AssigneeKind {
        /// A named person.
        User = "user",
        /// Whoever holds the position.
        Position = "position",
        /// Anybody in the unit.
        Unit = "unit",
    }

    /// How far a task is.
    pub enum TaskState {
        /// Waiting.
        Open = "open",
        /// Finished, with an outcome.
        Done = "done",
        /// No longer wanted.
        Cancelled = "cancelled",
    }

    /// What came of a task.
    pub enum TaskOutcome {
        /// موافقة.
        Approved = "approved",
        /// إعادة للتصويب.
        Returned = "returned",
        /// رفض.
        Rejected = "rejected",
        /// توقيع.
        Signed = "signed",
        /// تسجيل.
        Registered = "registered",
        /// إنجاز.
        Done = "done",
        /// رد.
        Answered = "answered",
        /// إعادة الكتاب.
        Refused = "refused",
    }

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

    /// Ready-made views of "my work", shown as tabs.
    pub enum WorkView {
        /// كل المهام.
        All = "all",
        /// المتأخرة.
        Overdue = "overdue",
        /// المستحقة اليوم أو غدًا.
        DueSoon = "due_soon",
    }

    /// What "my work" is sorted by.
    pub enum WorkSort {
        /// By day, the nearest first, so that overdue tasks lead; those without a day last.
        Due = "due",
        /// The task given last first.
        Newest = "newest",
        /// The task that has been waiting longest first.
        Oldest = "oldest",
    }

    /// What was written beside a record.
    pub enum NoteKind {
        /// ملاحظة.
        Comment = "comment",
        /// شرح: what a head directs.
        Direction = "direction",
    }
}

impl RecordKind {
    /// Its name in Arabic and English, for sheets and prints.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Outgoing => ("كتاب صادر", "Outgoing letter"),
            Self::Incoming => ("كتاب وارد", "Incoming letter"),
            Self::InternalMemo => ("مذكرة داخلية", "Internal memo"),
            Self::Document => ("وثيقة", "Document"),
            Self::BudgetLaw => ("قانون الموازنة", "Budget law"),
            Self::Supplementary => ("ملحق موازنة", "Supplementary budget"),
            Self::Virement => ("مناقلة", "Virement"),
            Self::FinancialOrder => ("أمر مالي", "Financial order"),
            Self::Release => ("حوالة مالية", "Release"),
            Self::Freeze => ("تجميد مخصصات", "Freeze"),
            Self::Commitment => ("مستند التزام", "Commitment"),
            Self::PaymentVoucher => ("مستند صرف", "Payment voucher"),
            Self::Receipt => ("سند قبض", "Receipt"),
            Self::JournalVoucher => ("مستند قيد", "Journal voucher"),
            Self::Advance => ("سلفة", "Advance"),
            Self::AdvanceSettlement => ("تسديد سلفة", "Advance settlement"),
            Self::Deposit => ("أمانات", "Deposit"),
            Self::DepositRefund => ("رد أمانات", "Deposit refund"),
            Self::BankNotice => ("إشعار بنكي", "Bank notice"),
            Self::PaymentRun => ("دفعة صرف", "Payment run"),
            Self::Reconciliation => ("تسوية بنكية", "Bank reconciliation"),
        }
    }

    /// Whether it is a letter (كتاب) of any direction.
    pub const fn is_letter(self) -> bool {
        matches!(self, Self::Outgoing | Self::Incoming | Self::InternalMemo)
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

    /// Who a task lies with.
    #[derive(Eq)]
    pub struct Assignee {
        /// Person, position or unit.
        pub kind: AssigneeKind,
        /// Its id.
        pub id: i64,
        /// Its name; empty in requests.
        #[serde(default)]
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

    /// A task (مهمة) on a record.
    pub struct Task {
        /// Its id.
        pub id: i64,
        /// The record.
        pub record_id: i64,
        /// What is asked.
        pub kind: TaskKind,
        /// Its place in the approval route.
        pub step: Option<i32>,
        /// With whom it lies.
        pub assignee: Assignee,
        /// The instruction of a referral.
        pub instruction: Option<Instruction>,
        /// What the sender wrote.
        pub note: Option<String>,
        /// Who gave it.
        pub created_by: Ref,
        /// When, UTC.
        pub created_at: NaiveDateTime,
        /// By when.
        pub due_on: Option<NaiveDate>,
        /// How far it is.
        pub state: TaskState,
        /// When it was first opened, UTC.
        pub opened_at: Option<NaiveDateTime>,
        /// When it ended, UTC.
        pub done_at: Option<NaiveDateTime>,
        /// Who ended it.
        pub done_by: Option<Ref>,
        /// For whom, under a delegation (عن).
        pub done_for: Option<Ref>,
        /// What came of it.
        pub outcome: Option<TaskOutcome>,
        /// What was written at the end.
        pub outcome_note: Option<String>,
        /// Whether the reader may do it.
        pub mine: bool,
    }

    /// A row of "my work" (أعمالي): the task and the record it is on.
    pub struct WorkItem {
        /// The task.
        pub task: Task,
        /// What it is on.
        pub record: RecordHead,
    }

    /// What "my work" is asked for.
    #[derive(Eq, Default)]
    pub struct WorkQuery {
        /// Which view of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub view: Option<WorkView>,
        /// Only this kind of task.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<TaskKind>,
        /// In the record's subject, number or party.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// Sorted by; by day when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sort: Option<WorkSort>,
        /// Which page.
        #[serde(flatten)]
        pub page: PageRequest,
    }

    /// Counts of "my work" for the navigation and the dashboard.
    #[derive(Eq, Default)]
    pub struct WorkCounts {
        /// Open tasks.
        pub open: i64,
        /// Of these, by kind; kinds without any are left out.
        #[serde(default)]
        pub by_kind: std::collections::BTreeMap<String, i64>,
        /// Of these, past their day.
        pub overdue: i64,
        /// Of these, due today or tomorrow.
        pub due_soon: i64,
        /// Unread notifications.
        pub unread: i64,
        /// Incoming letters that wait for registration, for those who register.
        pub to_register: i64,
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

    /// How a task is ended.
    pub struct FinishTask {
        /// What came of it.
        pub outcome: TaskOutcome,
        /// A word on it; needed when returned, rejected or refused.
        #[serde(default)]
        pub note: Option<String>,
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
