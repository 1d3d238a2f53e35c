//! The extractor tried on real files, through the real child process.

mod bad_input;
mod limits;
mod recall;
mod support;
