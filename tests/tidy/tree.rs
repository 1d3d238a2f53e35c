//! The files under version control.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new("..").canonicalize().unwrap()
}

/// A text file under version control.
pub struct File {
    /// From the top of the repository, with forward slashes.
    pub path: String,
    pub text: String,
}

impl File {
    /// Whether the whole file is test code.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let in_folder = ["tests", "examples", "benches", "testkit"]
            .iter()
            .any(|folder| self.path.split('/').any(|part| part == *folder));
        in_folder || name == "tests.rs" || name.ends_with("_tests.rs")
    }

    /// The lines that run in the product, numbered from 1: without comments, and without the tests at the end.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let whole = if self.is_test() { "" } else { self.text.as_str() };
        let numbered = whole.lines().enumerate().take_while(|(_, line)| !line.trim_start().starts_with("#[cfg(test)]"));
        numbered.map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// All text files whose path ends so; `""` for all of them.
pub fn files(ending: &str) -> Vec<File> {
    let root = root();
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(&root).output().unwrap();
    assert!(output.status.success(), "the rules need the list of files: git ls-files failed");
    let names = String::from_utf8(output.stdout).unwrap();
    let files: Vec<_> = names
        .split_terminator('\0')
        .filter(|path| path.ends_with(ending))
        // A file that was removed but not yet committed, or is no text, has no rules to keep.
        .filter_map(|path| Some(File { path: path.to_owned(), text: fs::read_to_string(root.join(path)).ok()? }))
        .collect();
    assert!(!files.is_empty(), "no file ends in {ending}");
    files
}

/// Fails with one line for each breach.
#[track_caller]
pub fn none(rule: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}
