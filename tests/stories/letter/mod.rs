//! The story of a letter: from one ministry to another and back, found by both and by nobody else.

mod found;
mod insiders;
mod stranger;
mod told;
mod words;
