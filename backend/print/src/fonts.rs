//! The two faces every print is set in, parsed once and shared by all threads.

use std::path::{Path, PathBuf};

use harfrust::{Direction as RunDirection, Font, GlyphId, Language as ShapingLanguage, Script, ShapePlan, ShaperFont};

use crate::PrintError;

/// Weight of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// Script and direction a stretch of text is shaped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Shaping {
    Arabic,
    Latin,
    /// Arabic letters forced left to right by a control character or a left-to-right number run.
    ArabicLtr,
    /// Latin letters forced right to left.
    LatinRtl,
}

impl Shaping {
    const ALL: [Self; 4] = [Self::Arabic, Self::Latin, Self::ArabicLtr, Self::LatinRtl];

    pub(crate) fn new(arabic: bool, rtl: bool) -> Self {
        match (arabic, rtl) {
            (true, true) => Self::Arabic,
            (true, false) => Self::ArabicLtr,
            (false, true) => Self::LatinRtl,
            (false, false) => Self::Latin,
        }
    }

    pub(crate) fn is_rtl(self) -> bool {
        matches!(self, Self::Arabic | Self::LatinRtl)
    }

    pub(crate) fn direction(self) -> RunDirection {
        if self.is_rtl() { RunDirection::RightToLeft } else { RunDirection::LeftToRight }
    }

    pub(crate) fn script(self) -> Script {
        if matches!(self, Self::Arabic | Self::ArabicLtr) { Script::ARABIC } else { Script::LATIN }
    }

    pub(crate) fn language(self) -> Option<ShapingLanguage> {
        ShapingLanguage::new(if matches!(self, Self::Arabic | Self::ArabicLtr) { "ar" } else { "en" })
    }
}

/// One face: its bytes for embedding, the parsed font and its shaping plans.
pub(crate) struct Face {
    pub(crate) bytes: Vec<u8>,
    pub(crate) font: Font,
    plans: Vec<ShapePlan>,
}

impl Face {
    fn new(bytes: Vec<u8>, name: &'static str) -> Result<Self, PrintError> {
        let font = Font::new(bytes.clone(), 0).ok_or(PrintError::FontUnreadable { face: name })?;
        let plans = Shaping::ALL
            .into_iter()
            .map(|s| ShapePlan::new(&font, s.direction(), Some(s.script()), s.language().as_ref(), &[]))
            .collect();
        let face = Self { bytes, font, plans };
        let shaper = ShaperFont::new(&face.font);
        // A face without these cannot set an official letter; say so at start, not on the first print.
        for needed in ['ا', '٣', '3', 'A', '(', ' '] {
            if shaper.nominal_glyph(u32::from(needed)).is_none() {
                return Err(PrintError::FontIncomplete { face: name, character: needed });
            }
        }
        Ok(face)
    }

    pub(crate) fn plan(&self, shaping: Shaping) -> Option<&ShapePlan> {
        Shaping::ALL.iter().position(|&s| s == shaping).and_then(|at| self.plans.get(at))
    }

    pub(crate) fn units_per_em(&self) -> f32 {
        f32::from(self.font.units_per_em().max(1))
    }

    /// Glyph and advance (in em) of a plain space.
    pub(crate) fn space(&self) -> (u16, f32) {
        let shaper = ShaperFont::new(&self.font);
        let glyph = shaper.nominal_glyph(u32::from(' ')).unwrap_or(GlyphId::NOTDEF);
        #[expect(clippy::cast_precision_loss, reason = "an advance is a small integer")]
        let advance = shaper.glyph_h_advance(glyph) as f32 / self.units_per_em();
        (u16::try_from(glyph.to_u32()).unwrap_or(0), advance)
    }
}

/// The fonts prints are set in. Costly to make, cheap to use: make one at start and share it (`Send + Sync`).
pub struct Fonts {
    regular: Face,
    bold: Face,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").finish_non_exhaustive()
    }
}

impl Fonts {
    /// Parses a regular and a bold TrueType face that cover Arabic and Latin (Amiri does).
    ///
    /// # Errors
    /// [`PrintError::FontUnreadable`] when the bytes are no font, [`PrintError::FontIncomplete`] when a face lacks
    /// Arabic letters, Latin letters, digits or brackets.
    pub fn from_bytes(regular: Vec<u8>, bold: Vec<u8>) -> Result<Self, PrintError> {
        Ok(Self { regular: Face::new(regular, "regular")?, bold: Face::new(bold, "bold")? })
    }

    /// Reads Amiri from a folder: the npm package `@expo-google-fonts/amiri` as it is installed, or any folder with
    /// `Amiri-Regular.ttf` and `Amiri-Bold.ttf`.
    ///
    /// # Errors
    /// [`PrintError::FontMissing`] names the files that were looked for; else as [`Fonts::from_bytes`].
    pub fn load(folder: &Path) -> Result<Self, PrintError> {
        let regular = read_first(folder, &["400Regular/Amiri_400Regular.ttf", "Amiri-Regular.ttf"])?;
        let bold = read_first(folder, &["700Bold/Amiri_700Bold.ttf", "Amiri-Bold.ttf"])?;
        Self::from_bytes(regular, bold)
    }

    pub(crate) fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

fn read_first(folder: &Path, names: &[&str]) -> Result<Vec<u8>, PrintError> {
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    paths.iter().find_map(|path| std::fs::read(path).ok()).ok_or(PrintError::FontMissing { looked_for: paths })
}
