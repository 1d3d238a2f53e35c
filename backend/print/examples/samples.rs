//! Writes the sample documents as PDF and measures how long one letter takes.
//!
//! `DIWAN_FONTS=<folder of Amiri> cargo run --release -p diwan-print --example samples -- <folder>`

#[path = "../tests/it/samples.rs"]
mod samples;

use std::{error::Error, path::PathBuf, time::Instant};

use diwan_print::{Fonts, render};

#[expect(clippy::print_stdout, reason = "a measurement is for reading")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder to write to")?);
    let fonts = std::env::var("DIWAN_FONTS").map_err(|_| "set DIWAN_FONTS to the folder of the Amiri font")?;
    let start = Instant::now();
    let fonts = Fonts::load(fonts.as_ref())?;
    println!("fonts: {:?}", start.elapsed());
    let documents = [
        ("letter-ar", samples::arabic_letter()),
        ("letter-en", samples::english_letter()),
        ("circular", samples::two_page_circular()),
    ];
    for (name, document) in documents {
        let mut times = Vec::new();
        for _ in 0..50 {
            let start = Instant::now();
            render(&document, &fonts)?;
            times.push(start.elapsed());
        }
        times.sort();
        let pdf = render(&document, &fonts)?;
        println!(
            "{name}: {} pages, {} bytes, median {:?}, p95 {:?}, {:?}",
            pdf.pages,
            pdf.bytes.len(),
            times[25],
            times[47],
            pdf.warnings
        );
        std::fs::write(folder.join(format!("{name}.pdf")), pdf.bytes)?;
    }
    Ok(())
}
