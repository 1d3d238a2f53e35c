//! What the tests of several kinds of files have in common.

use std::fs;

use chrono::NaiveDate;
use diwan_bank::{Options, Refusal, Statement, parse, read};
use serde_json::Value;

use crate::data::shared_data;

/// What becomes of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Statements and lines.
    Read(usize, usize),
    /// The code of the refusal, and the numbers and places that it tells.
    Refused(&'static str, &'static str),
}

/// The bytes of a file of the banks' folder.
pub fn file(path: &str) -> Vec<u8> {
    fs::read(shared_data("bank").join(path)).unwrap()
}

/// The names of the files in a folder, those that tell what to expect left out.
pub fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(shared_data("bank").join(folder)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.contains("expected"));
    names.sort();
    names
}

/// The refusal as one line: its arguments, in their order.
pub fn told(refusal: &Refusal) -> String {
    refusal.args().into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

/// Reads every file of a folder, and compares with what should become of each; no file may be left out.
pub fn outcomes(folder: &str, options: &Options, expected: &[(&str, Outcome)]) {
    let listed: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    assert_eq!(names(folder), listed, "the files of {folder}");
    for (name, outcome) in expected {
        match (read(&file(&format!("{folder}/{name}")), options), outcome) {
            (Ok(statements), Outcome::Read(count, lines)) => {
                let found: usize = statements.iter().map(|statement| statement.lines.len()).sum();
                assert_eq!((statements.len(), found), (*count, *lines), "{name}");
                statements.iter().for_each(sound);
            }
            (Err(refusal), Outcome::Refused(code, args)) => {
                assert_eq!((refusal.code(), told(&refusal).as_str()), (*code, *args), "{name}");
            }
            (Ok(_), outcome) => panic!("{name} is read, not {outcome:?}"),
            (Err(refusal), outcome) => panic!("{name}: {} {}, not {outcome:?}", refusal.code(), told(&refusal)),
        }
    }
}

/// What holds for every statement that is taken.
pub fn sound(statement: &Statement) {
    let sum: i64 = statement.lines.iter().map(|line| line.amount).sum();
    assert_eq!(statement.opening + sum, statement.closing);
    assert!(!statement.account.is_empty() && statement.currency.len() == 3);
    for (line, ordinal) in statement.lines.iter().zip(1..) {
        assert_eq!(line.ordinal, ordinal);
        assert!(line.occurrence >= 1);
    }
}

/// The one statement of a file that must be read.
pub fn one(bytes: &[u8], options: &Options) -> Statement {
    let statements = read(bytes, options).unwrap_or_else(|refusal| panic!("{}: {refusal}", refusal.code()));
    let [statement] = <[Statement; 1]>::try_from(statements).unwrap();
    sound(&statement);
    statement
}

/// The code and the arguments of a file that must be refused.
pub fn refused(bytes: &[u8], options: &Options) -> (&'static str, String) {
    let refusal = read(bytes, options).unwrap_err();
    assert_eq!(refusal.field_error("file").code, refusal.code());
    (refusal.code(), told(&refusal))
}

/// Drafts of a file that must be readable.
pub fn drafts(bytes: &[u8]) -> Vec<diwan_bank::Draft> {
    parse(bytes, &Options::default()).unwrap()
}

pub fn json(path: &str) -> Value {
    serde_json::from_slice(&file(path)).unwrap()
}

/// An amount as decimal text, in minor units.
pub fn minor(text: &str, scale: u8) -> i64 {
    diwan_kernel::money::parse("amount", text, scale).unwrap()
}

/// The day that a text begins with.
pub fn day(value: &Value) -> Option<NaiveDate> {
    value.as_str().map(|text| text.split_at(10).0.parse().unwrap())
}

/// Text without white space, which banks break lines at.
pub fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}
