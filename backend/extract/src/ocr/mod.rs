//! Optical character recognition (التعرّف الضوئي على النصوص): the words of one page image, each with its place and how
//! sure the engine is of it.
//!
//! A page is drawn ([`raster`]), made the size the engine was trained on, smoothed and set straight ([`clean`]), read
//! ([`engine`]), and searched for QR codes and barcodes ([`codes`]). Everything runs in the limited child process.

mod clean;
mod codes;
mod engine;
mod raster;

use std::path::Path;

use image::{DynamicImage, GrayImage, codecs::jpeg::JpegEncoder};
use serde::{Deserialize, Serialize};

use crate::format::Format;
use crate::outcome::Reason;

pub use codes::Code;

/// Below this mean confidence a page is read once more as another language would be.
const UNSURE: f32 = 72.0;
/// Below this mean confidence the page may lie on its side or stand on its head.
const LOST: f32 = 65.0;

/// What was recognised on one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScanPage {
    /// Its number, from 1.
    pub page: u32,
    /// How many pages the file has.
    pub of: u32,
    /// Quarter turns clockwise that set the page upright, 0 to 3. Places are given on the upright page.
    pub turns: u8,
    /// Width of the upright page for a height of 10,000.
    pub width: u32,
    /// The words in reading order.
    pub words: Vec<Word>,
    /// QR codes and barcodes.
    pub codes: Vec<Code>,
}

impl ScanPage {
    /// The words as lines of text.
    pub fn text(&self) -> String {
        lines(self.words.iter().map(|word| (word.line, word.text.as_str())))
    }

    /// Mean confidence of the words, 0 to 100; long words count for more. 0 where there is none.
    pub fn confidence(&self) -> f32 {
        confidence(&self.words)
    }
}

/// Words, each with the number of its line, as lines of text.
pub fn lines<'a>(words: impl IntoIterator<Item = (u32, &'a str)>) -> String {
    let mut text = String::new();
    let mut last = None;
    for (line, word) in words {
        match last {
            Some(before) if before == line => text.push(' '),
            Some(_) => text.push('\n'),
            None => {}
        }
        text.push_str(word);
        last = Some(line);
    }
    text
}

/// A recognised word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The word as the engine read it.
    pub text: String,
    /// How sure the engine is, 0 to 100.
    pub confidence: u8,
    /// Number of its line on the page, from 0.
    pub line: u32,
    /// Its place on the upright page: left, top, width and height in ten-thousandths of the page's width and height.
    pub place: [u16; 4],
}

/// Recognises one page of an image or a PDF, counted from 1.
///
/// # Errors
/// The file has no such page or cannot be drawn; a program is missing.
pub(crate) fn page(file: &Path, format: Format, number: u32) -> Result<ScanPage, Reason> {
    let (drawn, of) = raster::page(file, format, number)?;
    let drawn = clean::sized(drawn);
    let (mut turns, mut best) = (0, attempt(&drawn)?);
    if confidence(&best) < LOST {
        let turned = engine::turns(&drawn)?;
        if turned > 0 {
            let again = attempt(&raster::turned(drawn.clone(), turned))?;
            if confidence(&again) > confidence(&best) {
                (turns, best) = (turned, again);
            }
        }
    }
    let upright = raster::turned(drawn, turns);
    Ok(ScanPage {
        page: number,
        of,
        turns,
        width: (u64::from(upright.width()) * 10_000 / u64::from(upright.height().max(1))) as u32,
        codes: codes::read(&upright)?,
        words: best,
    })
}

/// Reads a drawn page in Arabic, and again in English if that was not convincing.
fn attempt(drawn: &GrayImage) -> Result<Vec<Word>, Reason> {
    let straight = clean::prepare(drawn);
    let arabic = engine::read(&straight, "ara")?;
    if confidence(&arabic) >= UNSURE {
        return Ok(arabic);
    }
    let english = engine::read(&straight, "eng")?;
    Ok(if confidence(&english) > confidence(&arabic) { english } else { arabic })
}

fn confidence(words: &[Word]) -> f32 {
    let (mut sum, mut letters) = (0.0, 0.0);
    for word in words {
        let length = word.text.chars().count() as f32;
        sum += f32::from(word.confidence) * length;
        letters += length;
    }
    if letters > 0.0 { sum / letters } else { 0.0 }
}

/// One page as a JPEG picture of at most this width, upright after `turns` quarter turns.
///
/// # Errors
/// As [`page`].
pub(crate) fn picture(file: &Path, format: Format, number: u32, width: u32, turns: u8) -> Result<Vec<u8>, Reason> {
    const QUALITY: u8 = 78;
    let drawn = DynamicImage::ImageRgb8(raster::picture(file, format, number, width)?);
    let upright = match turns % 4 {
        1 => drawn.rotate90(),
        2 => drawn.rotate180(),
        3 => drawn.rotate270(),
        _ => drawn,
    };
    let mut jpeg = Vec::new();
    upright.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY)).map_err(|_| Reason::Corrupt)?;
    Ok(jpeg)
}
