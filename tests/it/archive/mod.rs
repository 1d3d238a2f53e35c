//! The archive: files in, text out, found by those who may.

mod asking;
mod bad_input;
mod binders;
mod corpus;
mod documents;
mod faults;
mod files;
mod grants;
mod imports;
mod index;
mod keeping;
mod kept;
mod marks;
mod pages;
mod plan;
mod reach;
pub(crate) mod renditions;
mod rights;
mod s3;
mod safety;
mod search;
mod sweep;
mod watch;
