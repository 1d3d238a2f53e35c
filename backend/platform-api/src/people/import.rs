//! Import of agencies, units and users from a table.

use diwan_kernel::{FieldError, codes, dto};

codes! {
    /// What a file brings.
    pub enum ImportKind {
        /// Agencies.
        Agencies = "agencies",
        /// Units of one agency.
        Units = "units",
        /// Users of one agency.
        Users = "users",
    }
}

dto! {
    /// What a file would do, or has done. Nothing is imported while any row is wrong.
    pub struct ImportReport {
        /// Names the file; the commit repeats it, so that what was looked at is what is imported.
        pub hash: String,
        /// The columns that were found, by their codes, in the file's order; a heading that is none stays as it is.
        pub columns: Vec<String>,
        /// Every row of the file; of a file with wrong headings only the headings.
        pub rows: Vec<ImportRow>,
        /// How many rows are wrong.
        pub wrong: u32,
        /// Whether the rows are now in the database.
        pub committed: bool,
    }

    /// One row of the file.
    pub struct ImportRow {
        /// Its line in the file, counted from 1 with the headings.
        pub line: u32,
        /// The cells, in the order of the columns.
        pub cells: Vec<String>,
        /// What is wrong with it; the field is the code of a column.
        pub errors: Vec<FieldError>,
        /// For a new user: the password for the first sign-in, told once, only by the commit.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        pub temporary_password: Option<String>,
    }

    /// How a file is imported: the query of both requests, whose body is the file itself.
    #[derive(Default)]
    pub struct ImportQuery {
        /// For units and users: the agency, one's own unless told.
        pub agency_id: Option<i64>,
        /// The `hash` of the preview; only for the commit.
        pub hash: Option<String>,
    }
}
