//! Tasks (المهام): what is asked of whom on a record, and "my work".

use chrono::{NaiveDate, NaiveDateTime};
use diwan_kernel::{Named, PageRequest, codes, dto};

use super::{RecordHead, Ref};

codes! {
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
}

dto! {
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

    /// How a task is ended.
    pub struct FinishTask {
        /// What came of it.
        pub outcome: TaskOutcome,
        /// A word on it; needed when returned, rejected or refused.
        #[serde(default)]
        pub note: Option<String>,
    }
}
