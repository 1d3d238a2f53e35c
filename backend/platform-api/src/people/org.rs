//! The organisation: agencies, units, positions and who holds them.

use chrono::NaiveDate;
use diwan_kernel::{Named, codes, dto};

use super::Ref;

codes! {
    /// What an agency (جهة) is.
    pub enum AgencyKind {
        /// وزارة.
        Ministry = "ministry",
        /// دائرة.
        Department = "department",
        /// مؤسسة.
        Institution = "institution",
        /// هيئة.
        Commission = "commission",
        /// محكمة.
        Court = "court",
        /// بلدية.
        Municipality = "municipality",
    }

    /// What a unit (وحدة تنظيمية) is.
    pub enum UnitKind {
        /// مكتب.
        Office = "office",
        /// مديرية.
        Directorate = "directorate",
        /// دائرة.
        Department = "department",
        /// قسم.
        Section = "section",
        /// شعبة.
        Branch = "branch",
    }
}

dto! {
    /// An agency (جهة).
    pub struct Agency {
        /// The agency.
        pub id: i64,
        /// The parent agency (الجهة الأم).
        pub parent: Option<Ref>,
        /// What it is.
        pub kind: AgencyKind,
        /// Short code in numbers and lists, unique.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Whom letters to it are addressed to: "معالي وزير المالية".
        pub addressee: Named,
        /// Where mail to it goes.
        pub email: Option<String>,
        /// Whether it takes part; users of an inactive one cannot sign in.
        pub active: bool,
        /// Goes up with every change.
        pub version: i64,
    }

    /// A new agency, or all fields of one.
    pub struct AgencyInput {
        /// The parent agency.
        pub parent_id: Option<i64>,
        /// What it is.
        pub kind: AgencyKind,
        /// Short code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Whom letters to it are addressed to.
        pub addressee: Named,
        /// Where mail to it goes.
        pub email: Option<String>,
        /// Whether it takes part.
        pub active: bool,
    }

    /// A unit (وحدة تنظيمية).
    pub struct Unit {
        /// The unit.
        pub id: i64,
        /// Its agency.
        pub agency_id: i64,
        /// The unit above it.
        pub parent: Option<Ref>,
        /// What it is.
        pub kind: UnitKind,
        /// Short code, unique in the agency.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Who heads it today.
        pub head: Option<Ref>,
        /// Whether it takes part.
        pub active: bool,
        /// Goes up with every change.
        pub version: i64,
    }

    /// A new unit, or all fields of one.
    pub struct UnitInput {
        /// The agency, one's own unless told; only for a new one.
        pub agency_id: Option<i64>,
        /// The unit above it, in the same agency.
        pub parent_id: Option<i64>,
        /// What it is.
        pub kind: UnitKind,
        /// Short code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Whether it takes part.
        pub active: bool,
    }

    /// A position (مركز وظيفي).
    pub struct Position {
        /// The position.
        pub id: i64,
        /// Its agency.
        pub agency_id: i64,
        /// Its unit.
        pub unit: Ref,
        /// Its title.
        pub title: Named,
        /// Whether it heads the unit; a unit has one such position.
        pub is_head: bool,
        /// Whether its holder may sign letters.
        pub can_sign: bool,
        /// Whether it can be held.
        pub active: bool,
        /// Who holds it today.
        pub holders: Vec<Ref>,
        /// Goes up with every change.
        pub version: i64,
    }

    /// A new position, or all fields of one.
    pub struct PositionInput {
        /// Its unit; it stays in it.
        pub unit_id: i64,
        /// Its title.
        pub title: Named,
        /// Whether it heads the unit.
        pub is_head: bool,
        /// Whether its holder may sign letters.
        pub can_sign: bool,
        /// Whether it can be held.
        pub active: bool,
    }

    /// A person in a position, from one day to another (إشغال المركز).
    pub struct Holding {
        /// The holding.
        pub id: i64,
        /// The position.
        pub position: Ref,
        /// Its unit.
        pub unit: Ref,
        /// The person.
        pub user: Ref,
        /// The first day.
        pub from_date: NaiveDate,
        /// The last day; none while no end is known.
        pub to_date: Option<NaiveDate>,
    }

    /// Puts a person into a position.
    pub struct HoldingInput {
        /// The position.
        pub position_id: i64,
        /// The person, of the same agency.
        pub user_id: i64,
        /// The first day.
        pub from_date: NaiveDate,
        /// The last day.
        pub to_date: Option<NaiveDate>,
    }

    /// The last day of a holding.
    pub struct EndHolding {
        /// The last day, not before the first one.
        pub to_date: NaiveDate,
    }
}

dto! {
    /// Outbox event `people.changed`: an agency, unit, position or user was made or changed.
    pub struct PeopleChanged {
        /// `agency`, `unit`, `position` or `user`.
        pub entity: String,
        /// Its id.
        pub id: i64,
    }
}
