//! The archive: files in, text out, found by those who may.

mod bad_input;
mod corpus;
mod documents;
mod faults;
mod files;
mod imports;
mod index;
mod pages;
mod renditions;
mod search;
mod watch;
