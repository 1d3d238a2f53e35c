//! The full-text index: Arabic analyser, fields, access filter, ranking.

pub mod analyze;
