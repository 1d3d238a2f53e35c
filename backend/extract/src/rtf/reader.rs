//! The reader of RTF: groups, control words, and the bytes between them.

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

/// What an RTF document says.
#[derive(Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) title: String,
    pub(super) author: String,
    pub(super) has_picture: bool,
}

/// Where the text of a group goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    Title,
    Author,
    Fonts,
    Nowhere,
}

/// What a group inherits and may change until it ends.
#[derive(Clone, Copy)]
struct State {
    destination: Destination,
    font: i32,
    rtl_font: i32,
    rtl: bool,
    /// Characters that follow a Unicode escape for readers without Unicode.
    fallback: usize,
    deleted: bool,
}

/// Groups deeper than this hold no text that anybody wrote.
const DEEPEST: usize = 500;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    states: Vec<State>,
    state: State,
    document: Document,
    fonts: HashMap<i32, &'static Encoding>,
    default_encoding: &'static Encoding,
    /// Bytes of a code page, decoded together because a character may take two.
    pending: Vec<u8>,
    high_surrogate: Option<u16>,
    to_skip: usize,
    starred: bool,
}

/// Reads a document. Damage ends the text, never the program.
pub(super) fn read(bytes: &[u8]) -> Document {
    let state = State { destination: Destination::Text, font: 0, rtl_font: 0, rtl: false, fallback: 1, deleted: false };
    let mut reader = Reader {
        bytes,
        at: 0,
        states: Vec::new(),
        state,
        document: Document::default(),
        fonts: HashMap::new(),
        default_encoding: WINDOWS_1252,
        pending: Vec::new(),
        high_surrogate: None,
        to_skip: 0,
        starred: false,
    };
    while let Some(byte) = reader.next() {
        reader.step(byte);
    }
    reader.flush();
    reader.document
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'{' => {
                self.flush();
                if self.states.len() >= DEEPEST {
                    self.at = self.bytes.len();
                }
                self.states.push(self.state);
            }
            b'}' => {
                self.flush();
                self.state = self.states.pop().unwrap_or(self.state);
                self.to_skip = 0;
            }
            b'\\' => self.control(),
            b'\r' | b'\n' => {}
            byte => self.byte(byte),
        }
    }

    fn control(&mut self) {
        let Some(first) = self.next() else { return };
        match first {
            b'\'' => {
                let digits =
                    [self.next(), self.next()].map(|digit| digit.and_then(|digit| char::from(digit).to_digit(16)));
                if let [Some(high), Some(low)] = digits {
                    self.byte((high * 16 + low) as u8);
                }
            }
            b'*' => self.starred = true,
            b'~' => self.push(' '),
            b'_' => self.push('-'),
            b'\\' | b'{' | b'}' => self.byte(first),
            b'\r' | b'\n' => self.push('\n'),
            first if first.is_ascii_alphabetic() => self.word(),
            _ => {}
        }
    }

    /// A control word with its number: the first letter was read already.
    fn word(&mut self) {
        let rest = self.bytes.get(self.at - 1..).unwrap_or_default();
        let length = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).into_owned();
        let digits = rest.get(length..).unwrap_or_default();
        let minus = usize::from(digits.first() == Some(&b'-'));
        let count = digits.iter().skip(minus).take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = (count > 0)
            .then(|| String::from_utf8_lossy(digits.get(..minus + count).unwrap_or_default()).parse::<i32>().ok())
            .flatten();
        let taken = length + if count > 0 { minus + count } else { 0 };
        self.at += taken - 1 + usize::from(rest.get(taken) == Some(&b' '));
        let starred = std::mem::take(&mut self.starred);
        self.obey(&word, number, starred);
    }

    fn obey(&mut self, word: &str, number: Option<i32>, starred: bool) {
        self.flush_unless(word == "u");
        match word {
            "par" | "line" | "sect" | "page" | "row" => self.push('\n'),
            "tab" | "cell" | "nestcell" => self.push('\t'),
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.state.fallback = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(16),
            "bin" => self.at += number.and_then(|count| usize::try_from(count).ok()).unwrap_or(0),
            "f" => self.state.font = number.unwrap_or(0),
            "af" => self.state.rtl_font = number.unwrap_or(0),
            "rtlch" => self.state.rtl = true,
            "ltrch" => self.state.rtl = false,
            "deleted" => self.state.deleted = number != Some(0),
            "plain" => self.state.deleted = false,
            "ansicpg" | "cpg" => self.code_page(word, number),
            "fcharset" => {
                if let Some(encoding) = number.and_then(encoding_of_charset) {
                    self.fonts.insert(self.state.font, encoding);
                }
            }
            "emdash" => self.push('—'),
            "endash" => self.push('–'),
            "bullet" => self.push('•'),
            "lquote" | "rquote" => self.push('\''),
            "ldblquote" | "rdblquote" => self.push('"'),
            _ => self.destination(word, starred),
        }
    }

    fn destination(&mut self, word: &str, starred: bool) {
        self.document.has_picture |= word == "pict";
        self.state.destination = match word {
            "fonttbl" => Destination::Fonts,
            "title" if self.state.destination == Destination::Nowhere => Destination::Title,
            "author" if self.state.destination == Destination::Nowhere => Destination::Author,
            "colortbl" | "stylesheet" | "info" | "pict" | "objdata" | "fldinst" | "listtable" | "xe" | "tc"
            | "themedata" | "latentstyles" | "datastore" | "nonshppict" => Destination::Nowhere,
            // Text boxes and footnotes stand within starred groups and are text.
            "shpinst" | "shptxt" | "footnote" | "shppict" => return,
            _ if starred => Destination::Nowhere,
            _ => return,
        };
    }

    fn code_page(&mut self, word: &str, number: Option<i32>) {
        let label = format!("windows-{}", number.unwrap_or(1252));
        if let Some(encoding) = Encoding::for_label(label.as_bytes()) {
            if word == "ansicpg" {
                self.default_encoding = encoding;
            } else {
                self.fonts.insert(self.state.font, encoding);
            }
        }
    }

    fn unicode(&mut self, number: i32) {
        // Numbers above 32,767 are written as negative ones; surrogate pairs as two escapes.
        self.flush();
        let unit = number as u16;
        match (self.high_surrogate.take(), unit) {
            (_, 0xD800..=0xDBFF) => self.high_surrogate = Some(unit),
            (Some(high), 0xDC00..=0xDFFF) => {
                char::decode_utf16([high, unit]).flatten().for_each(|one| self.push(one));
            }
            _ => char::from_u32(u32::from(unit)).into_iter().for_each(|one| self.push(one)),
        }
        self.to_skip = self.state.fallback;
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else {
            self.pending.push(byte);
        }
    }

    fn flush_unless(&mut self, keep_skipping: bool) {
        self.flush();
        if !keep_skipping {
            self.to_skip = 0;
        }
    }

    /// Decodes the bytes that wait with the code page of the font in use.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let font = if self.state.rtl { self.state.rtl_font } else { self.state.font };
        let encoding = self.fonts.get(&font).copied().unwrap_or(self.default_encoding);
        let bytes = std::mem::take(&mut self.pending);
        let decoded = encoding.decode_without_bom_handling(&bytes).0;
        decoded.chars().for_each(|one| self.push(one));
    }

    fn push(&mut self, one: char) {
        match self.state.destination {
            Destination::Text if !self.state.deleted => self.document.text.push(one),
            Destination::Title => self.document.title.push(one),
            Destination::Author => self.document.author.push(one),
            _ => {}
        }
    }
}

/// The encoding of a Windows character set number; 0 and 1 mean the code page of the document.
fn encoding_of_charset(charset: i32) -> Option<&'static Encoding> {
    let label = match charset {
        128 => "shift_jis",
        129 => "euc-kr",
        134 => "gbk",
        136 => "big5",
        161 => "windows-1253",
        162 => "windows-1254",
        163 => "windows-1258",
        177 => "windows-1255",
        178 => "windows-1256",
        186 => "windows-1257",
        204 => "windows-1251",
        222 => "windows-874",
        238 => "windows-1250",
        0 => "windows-1252",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}
