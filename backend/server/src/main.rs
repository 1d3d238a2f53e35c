//! The `diwan` binary.

use std::process::ExitCode;

/// Requests allocate in many small pieces on many threads, which costs the system's allocator a tenth of the processor.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    diwan_server::main()
}
