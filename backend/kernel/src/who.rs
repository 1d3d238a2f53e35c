//! Who stands behind a write.

/// The author of a write, as the audit trail records it. `user_id` is `None` for Diwan's own jobs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// The person signed in.
    pub user_id: Option<i64>,
    /// The person acted for under a delegation (تفويض).
    pub on_behalf_of: Option<i64>,
    /// The agency the write belongs to.
    pub agency_id: Option<i64>,
    /// The request it came with; empty for jobs.
    pub request_id: String,
    /// The client's address; empty for jobs.
    pub ip: String,
}

impl Who {
    /// Diwan itself, in a job or an operator's command.
    pub fn system() -> Self {
        Self::default()
    }
}
