//! The details `:86:`: plain lines, or a code of three digits and numbered fields (`166?00…?20…`), with the keys of SEPA
//! in them (`EREF+…`).

/// A field of this length was cut, and the next one goes on with the same word (Deutsche Kreditwirtschaft, DFÜ agreement,
/// annex 3: 27 characters).
const PIECE: usize = 27;
/// What banks put between the fields.
const MARKS: [char; 7] = ['?', '<', '>', '~', '^', '@', '|'];
/// Keys that begin a value within the purpose (same source).
const KEYS: [&str; 13] =
    ["EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "PURP", "RTRN", "MTLG"];

/// What is understood of the details.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Details {
    pub text: String,
    pub reference: Option<String>,
    pub name: Option<String>,
    pub account: Option<String>,
}

impl Details {
    pub fn read(lines: &[&str]) -> Self {
        let joined = lines.concat();
        match structured(&joined) {
            Some(fields) => Self::of_fields(&fields),
            None => {
                let lines = lines.iter().map(|line| line.trim_end()).filter(|line| !line.trim().is_empty());
                Self { text: lines.collect::<Vec<_>>().join("\n"), ..Self::default() }
            }
        }
    }

    fn of_fields(fields: &[(u8, String)]) -> Self {
        let of = |wanted: &[std::ops::RangeInclusive<u8>]| {
            let pieces = fields.iter().filter(|(code, _)| wanted.iter().any(|range| range.contains(code)));
            join(pieces.map(|(_, piece)| piece.as_str()))
        };
        let purpose = of(&[20..=29, 60..=63]);
        let one = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            reference: value(&purpose, "EREF").or_else(|| value(&purpose, "KREF")),
            name: one(of(&[32..=33])),
            account: one(of(&[38..=38])).or_else(|| one(of(&[31..=31]))),
            text: one(purpose).or_else(|| one(of(&[0..=0]))).unwrap_or_default(),
        }
    }
}

/// The fields of structured details. A mark that no number follows is part of the text.
fn structured(text: &str) -> Option<Vec<(u8, String)>> {
    let (code, rest) = text.trim_start().split_at_checked(3)?;
    let mark = rest.chars().next().filter(|c| MARKS.contains(c))?;
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut fields: Vec<(u8, String)> = Vec::new();
    for piece in rest.split(mark).skip(1) {
        let numbered = piece.split_at_checked(2).filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
        match (numbered, fields.last_mut()) {
            (Some((number, content)), _) => fields.push((number.parse().ok()?, content.to_owned())),
            (None, Some((_, content))) => {
                content.push(mark);
                content.push_str(piece);
            }
            (None, None) => return None,
        }
    }
    Some(fields)
}

fn join<'a>(pieces: impl Iterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    let mut cut = true;
    for piece in pieces {
        if !cut {
            joined.push(' ');
        }
        joined.push_str(piece);
        cut = piece.chars().count() >= PIECE || piece.ends_with(' ');
    }
    joined
}

/// The value of a key, up to the next key.
fn value(purpose: &str, key: &str) -> Option<String> {
    let (_, rest) = purpose.split_once(&format!("{key}+"))?;
    let ends = KEYS
        .iter()
        .filter_map(|next| [format!("{next}+"), format!("{next}:")].iter().filter_map(|end| rest.find(end)).min());
    let end = ends.min().unwrap_or(rest.len());
    let value = rest.get(..end)?.trim();
    (!value.is_empty() && value != "NOTPROVIDED").then(|| value.to_owned())
}
