//! Approval routes (مسارات الاعتماد): who is asked, in which order.

use diwan_kernel::{Named, codes, dto};

use super::{RecordKind, Ref, TaskKind};

codes! {
    /// How many of a step's people must agree.
    pub enum StepMode {
        /// One of them.
        Any = "any",
        /// Every one.
        All = "all",
    }

    /// Whom a step asks.
    pub enum StepAssignee {
        /// A named person.
        User = "user",
        /// Whoever holds the position.
        Position = "position",
        /// Anybody in the unit.
        Unit = "unit",
        /// The head of the record's unit.
        HeadOfUnit = "head_of_unit",
        /// The head of the unit above.
        HeadOfParent = "head_of_parent",
    }
}

dto! {
    /// An approval route (مسار الاعتماد) as data.
    pub struct ApprovalRoute {
        /// Its id; 0 for a new one.
        pub id: i64,
        /// Which records take it.
        pub record_kind: RecordKind,
        /// Only those of this unit.
        pub unit: Option<Ref>,
        /// From which amount on it is taken, minor units of the base currency; records without an amount have 0.
        #[serde(default)]
        pub min_amount: i64,
        /// Its name.
        pub name: Named,
        /// Whether it is in use.
        pub active: bool,
        /// Its steps in order; equal numbers run side by side.
        pub steps: Vec<ApprovalStep>,
        /// For `If-Match`.
        pub version: i64,
    }

    /// One step of a route.
    pub struct ApprovalStep {
        /// Its place, from 1.
        pub step: i32,
        /// Whether one of those asked is enough.
        pub mode: StepMode,
        /// What is asked.
        pub task_kind: TaskKind,
        /// Whom.
        pub assignee: StepAssignee,
        /// Its id, for persons, positions and units.
        pub assignee_id: Option<i64>,
        /// Its name, for showing.
        #[serde(default)]
        pub assignee_name: Named,
        /// Working days until it is due.
        pub due_days: Option<i32>,
    }
}
