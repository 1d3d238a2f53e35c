use std::io::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let threads: Vec<_> = std::env::args().skip(1).collect();
    for dir in threads {
        let report = diwan_search::eval::run(Path::new(&dir))?;
        write!(std::io::stdout(), "{:.4} ", report.mrr10)?;
    }
    writeln!(std::io::stdout())?;
    Ok(())
}
