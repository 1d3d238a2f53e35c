//! What the platform says over the wire: users, agencies, records, tasks, attachments, audit.

pub mod access;
pub mod audit;
pub mod files;
pub mod fixity;
pub mod people;
pub mod records;
pub mod work;
