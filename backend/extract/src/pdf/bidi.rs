//! Puts the lines of poppler into the order in which they are read (UAX #9 turned around).
//!
//! Poppler knows a line as it looks, from left to right. In a right-to-left line it turns the Arabic around and
//! leaves everything from a number or Latin letter up to the next Arabic letter as it looks, between U+202A and
//! U+202C: the date `٣ / ٢ / ١٤٣٦` comes out backwards, and `(39)` loses its closing bracket to the front. In a
//! line that it takes for left-to-right it marks the Arabic instead, between U+202B and U+202C.

use super::arabic::{is_letter, is_mark};

/// The beginning of a stretch that poppler left as it looks.
const LEFT_TO_RIGHT: char = '\u{202a}';
/// The beginning of a right-to-left line, or stretch of one.
const RIGHT_TO_LEFT: char = '\u{202b}';
/// The end of either.
const END: char = '\u{202c}';

/// One stretch of a line.
enum Stretch {
    /// In the order in which it is read.
    Read(String),
    /// In the order in which it looks.
    Looks(String),
}

/// A line of poppler, which still has its bidi controls, in reading order and without them.
pub(super) fn logical(line: &str) -> String {
    let turned_line = line.starts_with(RIGHT_TO_LEFT);
    let stretches = stretches(line, turned_line);
    let latin = line.chars().any(is_latin);
    let mut ordered: Vec<&Stretch> = stretches.iter().collect();
    if !turned_line {
        if latin || !line.contains(RIGHT_TO_LEFT) {
            return stretches.iter().map(in_latin_line).collect();
        }
        // Arabic and numbers only: the line is a right-to-left one, which poppler did not see.
        ordered.reverse();
    }
    let mut logical = String::with_capacity(line.len());
    for stretch in ordered {
        match stretch {
            Stretch::Read(text) => {
                // A Latin word is not continued in Arabic letters: the space between was lost.
                if logical.ends_with(|last: char| last.is_ascii_alphabetic()) && text.starts_with(is_letter) {
                    logical.push(' ');
                }
                logical.push_str(text);
            }
            Stretch::Looks(text) => {
                let after_arabic = logical.contains(is_letter);
                turn(text, after_arabic, &mut logical);
            }
        }
    }
    if brackets_match(logical.chars().map(mirrored)) && !brackets_match(logical.chars()) {
        // Some files name brackets by their look, and what opens a right-to-left word looks like `)`.
        logical = logical.chars().map(mirrored).collect();
    }
    logical
}

/// A stretch of a left-to-right line. What stands before the Arabic of a stretch stands to the right of it.
fn in_latin_line(stretch: &Stretch) -> String {
    match stretch {
        Stretch::Looks(text) => text.clone(),
        Stretch::Read(text) => {
            let arabic = text.trim_start_matches(|one| !is_letter(one));
            let before = text.strip_suffix(arabic).unwrap_or_default();
            arabic.chars().chain(before.chars().rev()).collect()
        }
    }
}

/// Whether every bracket is closed after it was opened.
fn brackets_match(line: impl Iterator<Item = char>) -> bool {
    let mut open = Vec::new();
    for one in line {
        match one {
            '(' | '[' | '{' | '«' => open.push(mirrored(one)),
            ')' | ']' | '}' | '»' if open.pop() != Some(one) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// The bracket that looks the other way.
pub(super) fn mirrored(one: char) -> char {
    match one {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

/// Splits a line at its controls. What stands outside of them is in reading order in a right-to-left line, and as it
/// looks in another.
fn stretches(line: &str, turned_line: bool) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut text = String::new();
    let mut read = turned_line;
    let mut finish = |text: &mut String, read: bool| {
        if !text.is_empty() {
            let text = std::mem::take(text);
            stretches.push(if read { Stretch::Read(text) } else { Stretch::Looks(text) });
        }
    };
    for one in line.chars() {
        let next = match one {
            LEFT_TO_RIGHT => false,
            RIGHT_TO_LEFT => true,
            END => turned_line,
            other => {
                text.push(other);
                continue;
            }
        };
        finish(&mut text, read);
        read = next;
    }
    finish(&mut text, read);
    stretches
}

/// Writes a stretch that is given as it looks in the order in which it is read: from right to left, with numbers and
/// Latin text kept from left to right.
fn turn(looks: &str, after_arabic: bool, logical: &mut String) {
    let letters: Vec<char> = looks.chars().collect();
    let mut end = letters.len();
    while end > 0 {
        let start = kept_from(&letters, end, after_arabic);
        logical.extend(letters.iter().skip(start).take(end - start));
        end = start;
    }
}

/// Where the piece that ends before `end` and keeps its order begins.
fn kept_from(letters: &[char], end: usize, after_arabic: bool) -> usize {
    let at = |index: usize| letters.get(index).copied().unwrap_or(' ');
    let last = end - 1;
    if is_latin(at(last)) || (is_digit(at(last)) && letters.iter().take(end).any(|one| is_latin(*one))) {
        // Whatever stands between two Latin words has their direction.
        return letters.iter().position(|one| is_latin(*one) || is_digit(*one)).unwrap_or(last).min(last);
    }
    let marked = !after_arabic && is_mark_of_number(at(last)) && last > 0 && is_digit(at(last - 1));
    if !is_digit(at(last)) && !marked {
        return last;
    }
    let mut start = last;
    while start > 0 {
        let joined = is_digit(at(start - 1))
            || (start > 1 && joins(at(start - 1), after_arabic) && is_digit(at(start - 2)) && is_digit(at(start)));
        if !joined {
            break;
        }
        start -= 1;
    }
    start
}

fn is_latin(one: char) -> bool {
    one.is_alphabetic() && !is_letter(one) && !is_mark(one)
}

fn is_digit(one: char) -> bool {
    one.is_numeric()
}

/// Separators within one number (UAX #9 W4). Numbers after Arabic letters count as Arabic ones (W2), which plus and
/// minus do not join.
fn joins(one: char, after_arabic: bool) -> bool {
    matches!(one, '.' | ',' | '/' | ':' | '٫' | '٬') || (!after_arabic && matches!(one, '-' | '+'))
}

/// Signs that go with a European number (UAX #9 W5), but not with an Arabic one.
fn is_mark_of_number(one: char) -> bool {
    matches!(one, '%' | '#' | '$' | '°')
}

#[cfg(test)]
mod tests {
    use super::logical;

    /// `<` and `>` stand for the controls around what poppler left as it looks, `{` and `>` around Arabic.
    fn of(line: &str) -> String {
        logical(&line.replace('<', "\u{202a}").replace('>', "\u{202c}").replace('{', "\u{202b}"))
    }

    #[test]
    fn numbers_dates_and_brackets() {
        assert_eq!(of("{مرسوم رقم (< )39>لسنة <2022>>"), "مرسوم رقم (39) لسنة 2022");
        assert_eq!(of("{كتابكم (< )18/4/7765>تاريخ>"), "كتابكم (18/4/7765) تاريخ");
        assert_eq!(of("{بتاريخ < ١٤٣٦ / ٢ / ٣>هـ<، >يمثل>"), "بتاريخ ٣ / ٢ / ١٤٣٦ هـ ،يمثل");
        assert_eq!(of("{هي<:>>"), "هي:");
        assert_eq!(of("{< -١>حماية الطفل<.>>"), "١- حماية الطفل.");
        assert_eq!(of("{عام<، >بنسبة <%75>>"), "عام ،بنسبة 75%");
        assert_eq!(of("{الأشكال<( .>المادة>"), "الأشكال. (المادة");
        assert_eq!(of("{من <2020-2018>>"), "من 2018-2020");
    }

    #[test]
    fn latin_words_in_arabic() {
        assert_eq!(of("{بلغة < R>و <Python>من>"), "بلغة R و Python من");
        assert_eq!(of("{نظام < Windows 11 Pro>الجديد>"), "نظام Windows 11 Pro الجديد");
        assert_eq!(of("{نسخة < (v2.1)>هنا>").len(), "نسخة v2.1)( هنا".len());
    }

    #[test]
    fn lines_that_poppler_takes_for_left_to_right() {
        assert_eq!(of("({)يناير>"), "(يناير)");
        assert_eq!(of("١٤٣٤ { إبريل>١٤"), "١٤ إبريل ١٤٣٤");
        assert_eq!(of("A line with { العربية>word"), "A line with العربية word");
        assert_eq!(of("plain text"), "plain text");
    }
}
