//! A scan as a PDF that can be searched: the picture of each page, and over it, unseen, its words where they stand.
//!
//! Readers put text together in two ways: some follow the order of drawing, others sort letters by their boxes and turn
//! right-to-left runs around. So every letter is drawn by itself, in logical order, in the cell of the word's box where it
//! would be seen: both ways lead to the word as it is written. (A word as one `/ActualText` would be turned around by the
//! second kind, as [`crate::render`] found out.) Written page by page, so that a long file needs no more memory than a page.

use std::io::{self, Write};

use unicode_bidi::{BidiInfo, Level};

/// Height of a page in points: that of A4. The width follows from the picture.
const HEIGHT: f32 = 842.0;
/// A letter is at least this wide for its size, or readers run two of them together.
const NARROWEST: f32 = 0.25;
/// Least space between two words, for the size of their letters: what readers take for one.
const SPACE: f32 = 0.3;
/// Letters are never smaller than this, in points.
const SMALLEST: f32 = 3.0;

/// A word on a page; its place is in ten-thousandths of the page's width and height.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanWord<'a> {
    /// The word in logical order.
    pub text: &'a str,
    /// Left, top, width and height.
    pub place: [u16; 4],
    /// The number of its line.
    pub line: u32,
}

/// A PDF that is being written.
pub struct ScanPdf<W: Write> {
    out: W,
    /// Where each object begins.
    offsets: Vec<u64>,
    at: u64,
    pages: Vec<usize>,
}

/// The objects before those of the pages.
const CATALOG: usize = 1;
const PAGES: usize = 2;
const FONT: usize = 3;
const LETTERS: usize = 4;
const DESCRIPTOR: usize = 5;
const MEANING: usize = 6;
const FIXED: usize = 6;

/// What each code of the font stands for: the character of its number.
const TO_UNICODE: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n\
endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";

impl<W: Write> ScanPdf<W> {
    /// Begins a file with this title.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(out: W) -> io::Result<Self> {
        let mut pdf = Self { out, offsets: vec![0; FIXED + 1], at: 0, pages: Vec::new() };
        pdf.raw(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        pdf.object(CATALOG, "<< /Type /Catalog /Pages 2 0 R >>")?;
        pdf.object(
            FONT,
            "<< /Type /Font /Subtype /Type0 /BaseFont /Unseen /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        )?;
        pdf.object(
            LETTERS,
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Unseen /CIDToGIDMap /Identity /DW 1000 \
             /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R >>",
        )?;
        pdf.object(
            DESCRIPTOR,
            "<< /Type /FontDescriptor /FontName /Unseen /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 \
             /Descent -200 /CapHeight 800 /StemV 80 >>",
        )?;
        pdf.stream(MEANING, "", TO_UNICODE.as_bytes())?;
        Ok(pdf)
    }

    /// Adds a page: its picture as JPEG, which is so many pixels wide and high, and its words.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn page(&mut self, jpeg: &[u8], (width, height): (u32, u32), words: &[ScanWord<'_>]) -> io::Result<()> {
        #[expect(clippy::cast_precision_loss, reason = "pixels of a page")]
        let wide = HEIGHT * width as f32 / height.max(1) as f32;
        let [page, picture, content] = [1, 2, 3].map(|more| self.offsets.len() - 1 + more);
        self.offsets.resize(self.offsets.len() + 3, 0);
        self.object(
            page,
            &format!(
                "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {wide:.2} {HEIGHT:.2}] /Contents {content} 0 R \
                 /Resources << /Font << /U {FONT} 0 R >> /XObject << /P {picture} 0 R >> >> >>"
            ),
        )?;
        let about = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 \
             /Filter /DCTDecode "
        );
        self.stream(picture, &about, jpeg)?;
        let mut drawing = format!("q {wide:.2} 0 0 {HEIGHT:.2} 0 0 cm /P Do Q\nBT 3 Tr\n");
        words.chunk_by(|one, next| one.line == next.line).for_each(|line| draw_line(line, wide, &mut drawing));
        drawing.push_str("ET\n");
        self.stream(content, "", drawing.as_bytes())?;
        self.pages.push(page);
        Ok(())
    }

    /// Ends the file and gives back what it was written to.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        let kids: String = self.pages.iter().map(|page| format!("{page} 0 R ")).collect();
        self.object(PAGES, &format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", self.pages.len()))?;
        let (start, count) = (self.at, self.offsets.len());
        let mut table = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for offset in self.offsets.iter().skip(1) {
            table.push_str(&format!("{offset:010} 00000 n \n"));
        }
        table.push_str(&format!("trailer\n<< /Size {count} /Root {CATALOG} 0 R >>\nstartxref\n{start}\n%%EOF\n"));
        self.raw(table.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn start(&mut self, number: usize) -> io::Result<()> {
        if let Some(offset) = self.offsets.get_mut(number) {
            *offset = self.at;
        }
        self.raw(format!("{number} 0 obj\n").as_bytes())
    }

    fn object(&mut self, number: usize, content: &str) -> io::Result<()> {
        self.start(number)?;
        self.raw(format!("{content}\nendobj\n").as_bytes())
    }

    fn stream(&mut self, number: usize, about: &str, bytes: &[u8]) -> io::Result<()> {
        self.start(number)?;
        self.raw(format!("<< {about}/Length {} >>\nstream\n", bytes.len()).as_bytes())?;
        self.raw(bytes)?;
        self.raw(b"\nendstream\nendobj\n")
    }
}

/// A word with its place on the line, in points from the left.
struct Placed {
    letters: Vec<(char, usize)>,
    left: f32,
    right: f32,
}

impl Placed {
    fn cell(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "letters of a word")]
        let letters = self.letters.len() as f32;
        ((self.right - self.left) / letters).max(0.1)
    }
}

/// Draws the words of a line. All stand on one line and have one size, and no box reaches into another: readers that sort
/// by boxes would mix their letters.
fn draw_line(words: &[ScanWord<'_>], page_width: f32, drawing: &mut String) {
    let part = |value: u16, whole: f32| f32::from(value) / 10_000.0 * whole;
    let mut placed: Vec<Placed> = words
        .iter()
        .map(|word| {
            let left = part(word.place[0], page_width);
            Placed { letters: cells(word.text), left, right: left + part(word.place[2], page_width).max(1.0) }
        })
        .collect();
    let (height, middle) = shape(words);
    keep_apart(&mut placed, height * SPACE);
    let narrowest = placed.iter().filter(|word| !word.letters.is_empty()).map(Placed::cell).fold(f32::MAX, f32::min);
    let size = height.min(narrowest / NARROWEST).max(SMALLEST);
    // The box reaches from a fifth of the size below the line to four fifths above it.
    let line = HEIGHT - middle - size * 0.3;
    for word in placed.iter().filter(|word| !word.letters.is_empty()) {
        let cell = word.cell();
        drawing.push_str(&format!("/U {size:.2} Tf {:.2} Tz\n", cell / size * 100.0));
        for (letter, place) in &word.letters {
            #[expect(clippy::cast_precision_loss, reason = "letters of a word")]
            let x = word.left + cell * *place as f32;
            drawing.push_str(&format!("1 0 0 1 {x:.2} {line:.2} Tm <{:04X}> Tj\n", u32::from(*letter)));
        }
    }
}

/// The height of a line and where its middle is, from above, in points: the middle ones of its words'.
fn shape(words: &[ScanWord<'_>]) -> (f32, f32) {
    let middle = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0) / 10_000.0 * HEIGHT
    };
    let height = middle(words.iter().map(|word| f32::from(word.place[3])).collect());
    let at = middle(words.iter().map(|word| f32::from(word.place[1]) + f32::from(word.place[3]) / 2.0).collect());
    (height.max(1.0), at)
}

/// Cuts boxes so that there is a space between neighbours.
fn keep_apart(placed: &mut [Placed], space: f32) {
    let mut order: Vec<usize> = (0..placed.len()).collect();
    let middle = |word: &Placed| word.left + word.right;
    order.sort_by(|a, b| {
        placed.get(*a).map(middle).unwrap_or(0.0).total_cmp(&placed.get(*b).map(middle).unwrap_or(0.0))
    });
    for pair in order.windows(2) {
        let [left, right] = *pair else { continue };
        let (Some(end), Some(start)) = (placed.get(left).map(|w| w.right), placed.get(right).map(|w| w.left)) else {
            continue;
        };
        if start - end < space {
            let between = (start + end) / 2.0;
            if let Some(word) = placed.get_mut(left) {
                word.right = (between - space / 2.0).max(word.left + 0.5);
            }
            if let Some(word) = placed.get_mut(right) {
                word.left = (between + space / 2.0).min(word.right - 0.5);
            }
        }
    }
}

/// The letters of a word in logical order, each with the number of its cell from the left.
fn cells(word: &str) -> Vec<(char, usize)> {
    // One letter, one code of the font; what needs two is not on paper that is scanned.
    let clean: String =
        word.chars().filter(|c| u32::from(*c) < 0xD800 && !c.is_control() && !c.is_whitespace()).collect();
    let info = BidiInfo::new(&clean, None);
    let Some(paragraph) = info.paragraphs.first() else { return Vec::new() };
    let levels: Vec<Level> = clean.char_indices().filter_map(|(at, _)| info.levels.get(at).copied()).collect();
    let visual = if paragraph.level.is_rtl() || levels.iter().any(Level::is_rtl) {
        BidiInfo::reorder_visual(&levels)
    } else {
        (0..levels.len()).collect()
    };
    let mut places = vec![0; visual.len()];
    for (place, letter) in visual.into_iter().enumerate() {
        if let Some(slot) = places.get_mut(letter) {
            *slot = place;
        }
    }
    clean.chars().zip(places).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_where_they_are_seen() {
        let places = |word: &str| cells(word).into_iter().map(|(_, place)| place).collect::<Vec<_>>();
        assert_eq!(places("كتب"), [2, 1, 0]);
        assert_eq!(places("2026"), [0, 1, 2, 3]);
        assert_eq!(places("ق12"), [2, 0, 1]);
        assert!(places("").is_empty());
    }
}
