//! Letters over HTTP: every operation, done and refused.

mod drafts;
mod issue;
mod lists;
mod receive;
mod settings;
