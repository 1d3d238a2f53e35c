//! The marks inside packed texts, written by `build.rs` and read by [`super::texts`].

/// Between two keys and between two texts.
pub const NEXT: char = '\u{1}';
/// Before the name of a value that is put in; [`END`] follows the name.
pub const VALUE: char = '\u{2}';
/// Before the name of a value that decides between variants. A variant is its key, [`END`], its text, [`VARIANT`]; an
/// empty key ends them.
pub const CHOICE: char = '\u{3}';
/// After a name or a key.
pub const END: char = '\u{4}';
/// After a variant's text.
pub const VARIANT: char = '\u{5}';
/// The key of the variant for all else, which comes last.
pub const ELSE: &str = "*";
/// All marks that end a plain stretch of text.
pub const IN_TEXT: [char; 3] = [VALUE, CHOICE, VARIANT];
