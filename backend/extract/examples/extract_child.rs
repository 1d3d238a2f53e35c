//! The child process on its own, as `diwan extract` starts it: for tests, and for looking at one file by hand.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).peekable();
    args.next_if(|word| word == "extract");
    diwan_extract::child_main(args)
}
