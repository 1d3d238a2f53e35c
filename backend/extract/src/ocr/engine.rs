//! Runs `tesseract` and reads its table of words.

use std::path::Path;
use std::process::{Command, Stdio};

use image::GrayImage;

use super::Word;
use super::clean::Straight;
use super::raster::missing;
use crate::outcome::Reason;

/// Words of a page beyond this are left out.
const MOST_WORDS: usize = 20_000;

/// The words of a page in this language, in reading order.
pub(super) fn read(page: &Straight, language: &str) -> Result<Vec<Word>, Reason> {
    // One block of text in lines: what official paper is, and what reads best of all ways to cut a page up.
    let table = run(&page.image, &["-l", language, "--psm", "6", "--dpi", "300", "tsv"])?;
    Ok(words(&table, page))
}

/// Quarter turns clockwise that set a page upright; 0 where it cannot be told.
pub(super) fn turns(page: &GrayImage) -> Result<u8, Reason> {
    let told = run(page, &["-l", "osd", "--psm", "0", "--dpi", "300"]).unwrap_or_default();
    let degrees = told.lines().find_map(|line| line.strip_prefix("Rotate:")).and_then(|text| text.trim().parse().ok());
    Ok(degrees.map_or(0, |degrees: u16| (degrees / 90 % 4) as u8))
}

fn run(page: &GrayImage, args: &[&str]) -> Result<String, Reason> {
    // Uncompressed, for a file that is read once.
    let input = tempfile::Builder::new().suffix(".pgm").tempfile().map_err(|_| Reason::Crashed)?;
    write_pgm(page, input.path()).map_err(|_| Reason::Crashed)?;
    let ran = Command::new("tesseract")
        .arg(input.path())
        .arg("-")
        .args(args)
        // Its threads fight each other: one is three to four times as fast as many.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(missing)?;
    if ran.status.success() {
        return Ok(String::from_utf8_lossy(&ran.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    Err(if said.contains("Failed loading language") { Reason::ToolMissing } else { Reason::Corrupt })
}

/// A picture that every tool reads: the library's own writing of one has a newer head.
pub(super) fn write_pgm(page: &GrayImage, path: &Path) -> std::io::Result<()> {
    let mut bytes = format!("P5\n{} {}\n255\n", page.width(), page.height()).into_bytes();
    bytes.extend_from_slice(page.as_raw());
    std::fs::write(path, bytes)
}

/// Takes the table apart: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn words(table: &str, page: &Straight) -> Vec<Word> {
    let mut found = Vec::new();
    let (mut line, mut last) = (0, None);
    for row in table.lines() {
        let mut columns = row.splitn(12, '\t');
        let number = || columns.next().and_then(|text| text.parse::<f32>().ok());
        let head: Vec<f32> = std::iter::from_fn(number).take(11).collect();
        let [level, _, block, paragraph, in_block, _, left, top, width, height, confidence] = head[..] else {
            continue;
        };
        let text = columns.next().unwrap_or_default().trim();
        if level != 5.0 || confidence < 0.0 || noise(text, confidence) {
            continue;
        }
        let here = (block as u32, paragraph as u32, in_block as u32);
        if last.is_some_and(|before| before != here) {
            line += 1;
        }
        last = Some(here);
        found.push(Word {
            text: crate::clean::clean(text),
            confidence: confidence.clamp(0.0, 100.0) as u8,
            line,
            place: page.place(left as u32, top as u32, width as u32, height as u32),
        });
        if found.len() == MOST_WORDS {
            break;
        }
    }
    found
}

/// Specks that were taken for signs.
fn noise(text: &str, confidence: f32) -> bool {
    text.is_empty() || (confidence < 40.0 && !text.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::clean::prepare;

    #[test]
    fn the_table_becomes_words_in_lines() {
        let page = prepare(&GrayImage::from_pixel(3_000, 4_000, image::Luma([255])));
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            4\t1\t1\t1\t1\t0\t0\t0\t10\t10\t-1\t\n\
            5\t1\t1\t1\t1\t1\t1500\t400\t300\t80\t93.5\tوزارة\n\
            5\t1\t1\t1\t1\t2\t1200\t400\t280\t80\t41\tالمالية\n\
            5\t1\t1\t1\t2\t1\t1700\t600\t30\t80\t12\t|\n\
            5\t1\t1\t1\t2\t2\t1500\t600\t100\t80\t77\t2026\n";
        let words = words(table, &page);
        let told: Vec<_> = words.iter().map(|word| (word.text.as_str(), word.confidence, word.line)).collect();
        assert_eq!(told, [("وزارة", 93, 0), ("المالية", 41, 0), ("2026", 77, 1)]);
        assert_eq!(words[0].place, [5_000, 1_000, 1_000, 200]);
    }
}
