//! Cutting a query text into pieces: words, phrases, and what stands in front of them.

use super::fields::Field;

/// Signs that open or close an exact phrase.
const QUOTES: [char; 7] = ['"', '“', '”', '„', '«', '»', '＂'];
/// Words between two alternatives.
const OR: [&str; 5] = ["أو", "او", "OR", "|", "||"];

/// One piece of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// What stands on both sides are alternatives.
    Or,
    /// Something that is looked for.
    Asked {
        /// It must not be there (`-كلمة`).
        without: bool,
        /// Where it must stand (`الموضوع:`).
        field: Option<Field>,
        /// The text, without signs.
        text: &'a str,
        /// It stood between quotes.
        quoted: bool,
    },
}

/// The pieces of a text. A sign that means nothing where it stands is passed over.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut reader = Reader { rest: text };
    std::iter::from_fn(|| reader.next()).collect()
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() {
                return None;
            }
            let (chunk, _) = split(self.rest, char::is_whitespace);
            if OR.contains(&chunk) {
                self.skip(chunk.len());
                return Some(Piece::Or);
            }
            let without = self.minus();
            let field = self.field();
            if let Some(text) = self.phrase() {
                return Some(Piece::Asked { without, field, text, quoted: true });
            }
            let (text, _) = split(self.rest, |c| c.is_whitespace() || QUOTES.contains(&c));
            self.skip(text.len());
            if !text.is_empty() {
                return Some(Piece::Asked { without, field, text, quoted: false });
            }
            // A sign that opens a phrase which does not end.
            let sign = self.rest.chars().next().map_or(0, char::len_utf8);
            self.skip(sign);
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// A minus excludes only where something follows it at once.
    fn minus(&mut self) -> bool {
        let after = self.rest.strip_prefix('-').unwrap_or_default();
        let excludes = after.starts_with(|c: char| c.is_alphanumeric() || QUOTES.contains(&c));
        if excludes {
            self.rest = after;
        }
        excludes
    }

    /// The name of a field in front of a colon, with something behind it.
    fn field(&mut self) -> Option<Field> {
        let (name, colon) = split(self.rest, |c| !c.is_alphabetic());
        let value = colon.strip_prefix([':', '：'])?.trim_start();
        let field = Field::named(name).filter(|_| !value.is_empty())?;
        self.rest = value;
        Some(field)
    }

    /// The words of a phrase that begins here and ends somewhere.
    fn phrase(&mut self) -> Option<&'a str> {
        let inner = self.rest.strip_prefix(QUOTES)?;
        let (text, end) = split(inner, |c| QUOTES.contains(&c));
        let sign = end.chars().next()?;
        self.rest = end.get(sign.len_utf8()..).unwrap_or_default();
        Some(text)
    }
}

/// The text before and from the first character that `ends` it.
fn split(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        let shown = |piece: &Piece<'_>| match piece {
            Piece::Or => "|".to_owned(),
            Piece::Asked { without, field, text, quoted } => {
                let field = field.map(|field| format!("{field:?}:")).unwrap_or_default();
                format!("{}{field}{}{text}", if *without { "-" } else { "" }, if *quoted { "=" } else { "" })
            }
        };
        pieces(text).iter().map(shown).collect()
    }

    #[test]
    fn pieces_are_what_they_look_like() {
        assert_eq!(asked("تعيين مدير"), ["تعيين", "مدير"]);
        assert_eq!(asked("«مجلس الوزراء» -قرار أو \"نظام\""), ["=مجلس الوزراء", "-قرار", "|", "=نظام"]);
        assert_eq!(asked("الموضوع: تعيين subject:\"نقل موظف\""), ["Subject:تعيين", "Subject:=نقل موظف"]);
        assert_eq!(asked("-الجهة:المالية من:2023"), ["-Party:المالية", "From:2023"]);
    }

    #[test]
    fn signs_that_mean_nothing_are_words_or_nothing() {
        assert_eq!(asked("4:51 تأمين– وفاة - هبة"), ["4:51", "تأمين–", "وفاة", "-", "هبة"]);
        assert_eq!(asked("ملاحظة: الموضوع:"), ["ملاحظة:", "الموضوع:"]);
        assert_eq!(asked("\"مفتوح --x"), ["مفتوح", "--x"]);
        assert_eq!(asked("  \" «» "), ["= "]);
        assert!(asked("").is_empty());
    }
}
