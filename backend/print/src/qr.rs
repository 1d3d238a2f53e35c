//! QR code modules for drawing as vectors.

use qrcode::{Color, EcLevel, QrCode};

use crate::PrintError;

/// Dark modules that touch each other in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ModuleRun {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) length: usize,
}

/// A QR code as runs of dark modules.
#[derive(Debug)]
pub(crate) struct Modules {
    /// Modules per side, without the quiet zone.
    pub(crate) side: usize,
    pub(crate) runs: Vec<ModuleRun>,
}

/// Encodes a payload at error correction level M (15 %): survives a stamp over a corner, stays small.
pub(crate) fn modules(payload: &str) -> Result<Modules, PrintError> {
    let code = QrCode::with_error_correction_level(payload, EcLevel::M)
        .map_err(|_| PrintError::CodeTooLong { bytes: payload.len() })?;
    let side = code.width();
    let mut runs: Vec<ModuleRun> = Vec::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Light {
            continue;
        }
        let (x, y) = (at % side, at / side);
        match runs.last_mut() {
            Some(run) if run.y == y && run.x + run.length == x => run.length += 1,
            _ => runs.push(ModuleRun { x, y, length: 1 }),
        }
    }
    Ok(Modules { side, runs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finder_patterns_stand_in_three_corners() {
        let modules = modules("https://diwan.example/v/7Q4M-K2XD-91TB").unwrap();
        let finder = |x, y| modules.runs.contains(&ModuleRun { x, y, length: 7 });
        assert!(finder(0, 0) && finder(modules.side - 7, 0) && finder(0, modules.side - 7));
        assert!(!finder(modules.side - 7, modules.side - 7));
    }

    #[test]
    fn a_payload_beyond_the_standard_is_refused() {
        assert!(matches!(modules(&"x".repeat(3000)), Err(PrintError::CodeTooLong { bytes: 3000 })));
    }
}
