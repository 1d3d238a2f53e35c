//! The `diwan` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    diwan_server::main()
}
