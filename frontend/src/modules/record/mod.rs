//! What the page of every record has beside its own content: directions, files, tasks, timeline.

pub(in crate::modules) mod files;
pub(in crate::modules) mod log;
pub(in crate::modules) mod notes;
pub(in crate::modules) mod tasks;
