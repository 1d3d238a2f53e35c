//! How lists of people and things are asked for.

use diwan_kernel::{PageRequest, dto};

dto! {
    /// A page of a list. What a list does not know, it ignores.
    #[derive(Default)]
    pub struct ListRequest {
        /// The cursor a former page gave as `next`.
        pub after: Option<String>,
        /// Rows wanted.
        pub limit: Option<u32>,
        /// Words to find in names and codes, in any spelling.
        pub q: Option<String>,
        /// The order; each list names its own. With `-` in front it is reversed.
        pub sort: Option<String>,
        /// Only active ones, or only inactive ones.
        pub active: Option<bool>,
        /// Of this agency; one's own unless told (others take `agencies.manage`).
        pub agency_id: Option<i64>,
        /// Of this unit.
        pub unit_id: Option<i64>,
    }

    /// A question of a picker.
    #[derive(Default)]
    pub struct PickRequest {
        /// What was typed, in any spelling.
        #[serde(default)]
        pub q: String,
        /// Of this agency; one's own unless told. For people, units and positions.
        pub agency_id: Option<i64>,
        /// Of this unit.
        pub unit_id: Option<i64>,
    }

    /// One line of a picker.
    pub struct Pick {
        /// The id.
        pub id: i64,
        /// The name.
        pub name: diwan_kernel::Named,
        /// What tells it from others of that name: title and unit, code, parent.
        pub detail: diwan_kernel::Named,
    }
}

impl ListRequest {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { after: self.after.clone(), limit: self.limit }
    }
}
