//! The archive: files in, text out, found by those who may.

mod bad_input;
mod documents;
mod faults;
mod files;
mod index;
mod pages;
mod rights;
mod s3;
mod safety;
mod search;
