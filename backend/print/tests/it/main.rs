//! Tests of the print crate from outside: what readers and eyes get from the PDF.

mod calendar;
mod corpus;
mod extraction;
mod layout;
mod robustness;
mod samples;
mod support;
