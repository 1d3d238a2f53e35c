//! `cargo run --release -p diwan-search --example eval -- DIR…`: prints the relevance of each set.

use std::io::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for dir in std::env::args().skip(1) {
        let report = diwan_search::eval::run(Path::new(&dir))?;
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&report)?)?;
    }
    Ok(())
}
