//! QR codes and barcodes by `zbarimg`: what they say can be trusted, unlike recognised digits.

use std::process::{Command, Stdio};

use image::GrayImage;
use serde::{Deserialize, Serialize};

use super::engine::write_pgm;
use super::raster::missing;
use crate::outcome::Reason;

/// A code on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Its kind as the reader names it: `QR-Code`, `CODE-128`, `EAN-13` …
    pub kind: String,
    /// What it says.
    pub text: String,
}

/// All codes on a page.
///
/// # Errors
/// The program is missing.
pub(super) fn read(page: &GrayImage) -> Result<Vec<Code>, Reason> {
    let input = tempfile::Builder::new().suffix(".pgm").tempfile().map_err(|_| Reason::Crashed)?;
    write_pgm(page, input.path()).map_err(|_| Reason::Crashed)?;
    // Every second line of the picture is enough for codes that a camera can read. It ends with 4 where there is no code.
    let ran = Command::new("zbarimg")
        .args(["--quiet", "--nodbus", "-Sbinary=0", "-Sx-density=2", "-Sy-density=2"])
        .arg(input.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(missing)?;
    let text = String::from_utf8_lossy(&ran.stdout);
    let code = |line: &str| {
        let (kind, text) = line.split_once(':')?;
        Some(Code { kind: kind.to_owned(), text: crate::clean::clean(text) })
    };
    Ok(text.lines().filter_map(code).collect())
}
