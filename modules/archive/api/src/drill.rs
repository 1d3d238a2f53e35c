//! Restore drills (تجارب الاسترجاع): a backup is brought back in a scratch place and examined.

use chrono::NaiveDateTime;
use diwan_kernel::{codes, dto};
use diwan_platform_api::records::Ref;

codes! {
    /// How far a drill is.
    pub enum DrillState {
        /// It will begin when a worker is free.
        Waiting = "waiting",
        /// It is under way.
        Running = "running",
        /// ناجحة: everything came back.
        Passed = "passed",
        /// فاشلة: something did not come back.
        Failed = "failed",
    }

    /// What a drill is at, in this order.
    pub enum DrillStep {
        /// Making a backup, or finding the newest one.
        Backup = "backup",
        /// Bringing the database back.
        Database = "database",
        /// Bringing the files back.
        Files = "files",
        /// Walking the audit chains.
        Chains = "chains",
        /// Making a search index of it.
        Index = "index",
        /// Opening documents and finding their words.
        Documents = "documents",
        /// It is over.
        Done = "done",
    }
}

dto! {
    /// What a drill found.
    #[derive(Eq, Default)]
    pub struct DrillReport {
        /// When the backup was taken that was brought back (UTC).
        pub taken_at: Option<NaiveDateTime>,
        /// Whether it was taken for this drill only.
        pub fresh: bool,
        /// Its name.
        pub snapshot: String,
        /// The version of Diwan that took it.
        pub version: String,
        /// Tables that hold as many rows as were counted when it was taken.
        pub tables: i64,
        /// Their rows.
        pub rows: i64,
        /// Audit chains.
        pub chains: i64,
        /// Their links.
        pub links: i64,
        /// Where a chain is broken.
        pub broken: Vec<String>,
        /// Contents of files that came back as they were.
        pub files: i64,
        /// Their bytes.
        pub bytes: i64,
        /// Contents that did not, by their SHA-256.
        pub lost: Vec<String>,
        /// Entries of the new search index.
        pub indexed: i64,
        /// Documents taken at random.
        pub documents: i64,
        /// Those whose files opened whole.
        pub opened: i64,
        /// Those that were found by their words.
        pub found: i64,
        /// How long it took.
        pub seconds: i64,
        /// Why it could not go on.
        pub fault: Option<String>,
    }

    /// A drill.
    #[derive(Eq)]
    pub struct Drill {
        /// Its number.
        pub id: i64,
        /// How far it is.
        pub state: DrillState,
        /// What it is at.
        pub step: DrillStep,
        /// How much of the step is done.
        pub done: i64,
        /// Of how much.
        pub total: i64,
        /// Who asked for it; none where it was due.
        pub asked_by: Option<Ref>,
        /// When (UTC).
        pub created_at: NaiveDateTime,
        /// When it was over (UTC).
        pub finished_at: Option<NaiveDateTime>,
        /// What it found, once it is over.
        pub report: Option<DrillReport>,
    }
}

impl DrillReport {
    /// Whether everything came back.
    pub fn is_good(&self) -> bool {
        self.fault.is_none()
            && self.broken.is_empty()
            && self.lost.is_empty()
            && self.opened == self.documents
            && self.found == self.documents
    }
}

#[cfg(test)]
mod tests {
    use super::DrillReport;

    #[test]
    fn one_missing_thing_fails_a_drill() {
        let good = DrillReport { documents: 5, opened: 5, found: 5, ..DrillReport::default() };
        assert!(good.is_good());
        for bad in [
            DrillReport { found: 4, ..good.clone() },
            DrillReport { opened: 4, ..good.clone() },
            DrillReport { lost: vec!["ab".to_owned()], ..good.clone() },
            DrillReport { broken: vec!["1".to_owned()], ..good.clone() },
            DrillReport { fault: Some("full".to_owned()), ..good },
        ] {
            assert!(!bad.is_good());
        }
    }
}
