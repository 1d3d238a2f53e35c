//! The archive: files in, text out, found by those who may.

mod bad_input;
mod binders;
mod documents;
mod faults;
mod files;
mod index;
mod keeping;
mod pages;
mod plan;
mod search;
