//! The product's own program, for tests that start it: as `diwan serve` and as `diwan extract`.

use std::process::ExitCode;

fn main() -> ExitCode {
    diwan_server::main()
}
