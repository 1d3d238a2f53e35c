//! The Arabic analyser: folding, word cutting, guarded stemming, and the tokenizers built on them.
//!
//! Each word has two forms: *exact* (folded only) and *stem*. Queries and documents pass through the same code, so two
//! spellings meet when and only when they fold or stem to the same letters.

mod fold;
mod lexicon;
mod plurals;
mod stem;
#[cfg(test)]
mod tests;
mod tokenizers;
mod words;

pub(crate) use fold::is_format;
pub use stem::stem;
pub(crate) use stem::{PARTICLES, is_stop};
pub(crate) use tokenizers::{EXACT, GRAM, STEM, grams, register};
pub use words::words;
pub(crate) use words::{BREAK_GAP, PART_BREAK, Words};

/// Raise it whenever folding, word lists or stems change: indexes made with another version are rebuilt.
pub(crate) const VERSION: u32 = 2;
