//! The archive: files in, text out, found by those who may.

mod asking;
mod bad_input;
mod documents;
mod faults;
mod files;
mod index;
mod kept;
mod marks;
mod pages;
mod reach;
mod rights;
mod s3;
mod safety;
mod search;
mod sweep;
