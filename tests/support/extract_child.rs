//! Reads one file within its limits, as `diwan extract` does.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The program's own name and the word `extract`.
    diwan_extract::child_main(std::env::args_os().skip(2))
}
