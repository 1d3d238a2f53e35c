//! Draws a page: images are decoded here, pages of a PDF are drawn by MuPDF's `mutool`.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, ImageReader, Limits, RgbImage, imageops};
use tiff::decoder::Decoder;

use crate::format::Format;
use crate::outcome::Reason;

/// Resolution at which pages are recognised, in dots per inch.
pub(super) const DPI: u32 = 200;
/// No page is drawn with a longer side, in pixels: A2 at 300 dots per inch.
const LONGEST: u32 = 7_016;
/// Memory that decoding an image may take.
const DECODED_BYTES: u64 = 600 << 20;

/// A page in shades of grey, for recognition, and the number of pages.
pub(super) fn page(file: &Path, format: Format, number: u32) -> Result<(GrayImage, u32), Reason> {
    if format == Format::Pdf {
        let size = ["-r", &DPI.to_string(), "-w", &LONGEST.to_string(), "-h", &LONGEST.to_string()].map(str::to_owned);
        let of = pdf_pages(file)?.unwrap_or(number);
        return Ok((mutool(file, number, of, "pgm", &size)?.into_luma8(), of));
    }
    let (image, of) = decoded(file, format, number)?;
    Ok((image.into_luma8(), of))
}

/// A page in colour, for reading, at most `width` wide.
pub(super) fn picture(file: &Path, format: Format, number: u32, width: u32) -> Result<RgbImage, Reason> {
    if format == Format::Pdf {
        let size = ["-r", "300", "-w", &width.to_string(), "-h", &LONGEST.to_string()].map(str::to_owned);
        let of = pdf_pages(file)?.unwrap_or(number);
        return Ok(mutool(file, number, of, "ppm", &size)?.into_rgb8());
    }
    let (image, _) = decoded(file, format, number)?;
    let image = if image.width() > width { image.resize(width, u32::MAX, FilterType::Triangle) } else { image };
    Ok(image.into_rgb8())
}

/// Turns by quarters, clockwise.
pub(super) fn turned(image: GrayImage, turns: u8) -> GrayImage {
    match turns % 4 {
        1 => imageops::rotate90(&image),
        2 => imageops::rotate180(&image),
        3 => imageops::rotate270(&image),
        _ => image,
    }
}

fn decoded(file: &Path, format: Format, number: u32) -> Result<(DynamicImage, u32), Reason> {
    let mut opened = File::open(file).map_err(|_| Reason::Unreadable)?;
    let of = if format == Format::Tiff { tiff_pages(&opened)? } else { 1 };
    if number == 0 || number > of {
        return Err(Reason::Corrupt);
    }
    opened.seek(SeekFrom::Start(0)).map_err(|_| Reason::Unreadable)?;
    if format == Format::Tiff && number > 1 {
        return Ok((tiff_page(opened, number)?, of));
    }
    let mut reader = ImageReader::new(BufReader::new(opened)).with_guessed_format().map_err(|_| Reason::Unreadable)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_BYTES);
    reader.limits(limits);
    reader.decode().map(|image| (image, of)).map_err(|error| match error {
        image::ImageError::Limits(_) => Reason::TooLarge,
        image::ImageError::Unsupported(_) => Reason::Unsupported,
        _ => Reason::Corrupt,
    })
}

fn tiff_pages(file: &File) -> Result<u32, Reason> {
    let mut decoder = Decoder::new(BufReader::new(file)).map_err(|_| Reason::Corrupt)?;
    let mut pages = 1;
    while decoder.more_images() && decoder.next_image().is_ok() {
        pages += 1;
    }
    Ok(pages)
}

/// A later page of a TIFF, which the image library does not reach: written alone, then decoded as any other.
fn tiff_page(file: File, number: u32) -> Result<DynamicImage, Reason> {
    use tiff::decoder::DecodingResult;
    let mut decoder = Decoder::new(BufReader::new(file)).map_err(|_| Reason::Corrupt)?;
    for _ in 1..number {
        decoder.next_image().map_err(|_| Reason::Corrupt)?;
    }
    let (width, height) = decoder.dimensions().map_err(|_| Reason::Corrupt)?;
    let color = decoder.colortype().map_err(|_| Reason::Corrupt)?;
    let DecodingResult::U8(data) = decoder.read_image().map_err(|_| Reason::Corrupt)? else {
        return Err(Reason::Unsupported);
    };
    match color {
        tiff::ColorType::Gray(1) => {
            GrayImage::from_raw(width, height, bits(&data, width)).map(DynamicImage::ImageLuma8)
        }
        tiff::ColorType::Gray(8) => GrayImage::from_raw(width, height, data).map(DynamicImage::ImageLuma8),
        tiff::ColorType::RGB(8) => RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8),
        _ => None,
    }
    .ok_or(Reason::Unsupported)
}

/// Black and white, eight pixels a byte and every row beginning a new one, as shades of grey.
fn bits(data: &[u8], width: u32) -> Vec<u8> {
    let width = width as usize;
    data.chunks(width.div_ceil(8))
        .flat_map(|row| (0..width).map(move |x| row.get(x / 8).is_some_and(|byte| byte >> (7 - x % 8) & 1 == 1)))
        .map(|white| if white { 255 } else { 0 })
        .collect()
}

/// How many pages a PDF has; nothing for one that only MuPDF can open.
fn pdf_pages(file: &Path) -> Result<Option<u32>, Reason> {
    let output = Command::new("pdfinfo").arg(file).stderr(Stdio::null()).output().map_err(missing)?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().find_map(|line| line.strip_prefix("Pages:")).and_then(|pages| pages.trim().parse().ok()))
}

fn mutool(file: &Path, number: u32, of: u32, kind: &str, size: &[String]) -> Result<DynamicImage, Reason> {
    // It would draw the last page instead of one that is not there.
    if number == 0 || number > of {
        return Err(Reason::Corrupt);
    }
    // Uncompressed, for a picture that is read once.
    let output = tempfile::Builder::new().suffix(&format!(".{kind}")).tempfile().map_err(|_| Reason::Crashed)?;
    let ran = Command::new("mutool")
        .args(["draw", "-q", "-F", kind])
        .args(size)
        .arg("-o")
        .arg(output.path())
        .arg(file)
        .arg(number.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(missing)?;
    let said = String::from_utf8_lossy(&ran.stderr);
    match image::open(output.path()) {
        Ok(image) => Ok(image),
        Err(_) if said.contains("password") => Err(Reason::Encrypted),
        Err(_) => Err(Reason::Corrupt),
    }
}

/// Why a program could not be started.
pub(super) fn missing(error: std::io::Error) -> Reason {
    if error.kind() == ErrorKind::NotFound { Reason::ToolMissing } else { Reason::Crashed }
}
