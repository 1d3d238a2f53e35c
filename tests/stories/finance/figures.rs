//! The figures of a budget line.

/// The figures of a budget line, in the order of the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) original: i64,
    pub(super) supplementary: i64,
    pub(super) came: i64,
    pub(super) went: i64,
    pub(super) carried: i64,
    pub(super) unallotted: i64,
    pub(super) frozen: i64,
    pub(super) available: i64,
    pub(super) committed: i64,
    pub(super) obligated: i64,
    pub(super) paid: i64,
    /// Cash: what was released, and what of it payments used.
    pub(super) released: i64,
    pub(super) used: i64,
}

impl Figures {
    pub(super) fn revised(&self) -> i64 {
        self.unallotted + self.frozen + self.available + self.committed + self.obligated + self.paid
    }

    /// These and others together.
    pub(super) fn with(self, other: &Self) -> Self {
        Self {
            original: self.original + other.original,
            supplementary: self.supplementary + other.supplementary,
            came: self.came + other.came,
            went: self.went + other.went,
            carried: self.carried + other.carried,
            unallotted: self.unallotted + other.unallotted,
            frozen: self.frozen + other.frozen,
            available: self.available + other.available,
            committed: self.committed + other.committed,
            obligated: self.obligated + other.obligated,
            paid: self.paid + other.paid,
            released: self.released + other.released,
            used: self.used + other.used,
        }
    }
}
