//! Mends what `pdftotext` leaves wrong in Arabic: marks torn from their letters, lines stored as they look, lam-alef
//! with its letters swapped. The order within lines is mended by [`bidi`].

use std::collections::HashSet;
use std::sync::LazyLock;

use super::bidi::{self, mirrored};

/// An Arabic letter, in its plain or a presentation form.
pub(super) fn is_letter(one: char) -> bool {
    matches!(one, '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' | '\u{66e}'..='\u{6d3}' | '\u{fb50}'..='\u{fdf9}' | '\u{fe70}'..='\u{fefc}')
}

/// A vowel sign or another mark above or below a letter.
pub(super) fn is_mark(one: char) -> bool {
    matches!(one, '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}')
}

/// One of the forms of alef that join lam to a ligature.
pub(super) fn is_alef(one: char) -> bool {
    matches!(one, 'ا' | 'أ' | 'إ' | 'آ')
}

/// Mends brackets, marks and the order of letters on one page, which still has the bidi controls of poppler.
pub(super) fn mend_layout(page: &str) -> String {
    if !page.chars().any(is_letter) {
        return page.to_owned();
    }
    let lines: Vec<String> = page.lines().map(|line| mend_final_ya(&mend_marks(&bidi::logical(line)))).collect();
    let (visual, logical) =
        lines.iter().map(|line| order_signs(line)).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    if visual > logical {
        lines.iter().map(|line| map_words(&reverse(line), mend_turned_article)).collect::<Vec<_>>().join("\n")
    } else {
        lines.join("\n")
    }
}

/// Puts marks back on their letters. Poppler writes the mark of a word's last letter before it, after a space: the
/// word `بناءً` becomes `بنا ًء`. Before a longer rest the space is a real one, and the mark belongs to its first letter.
fn mend_marks(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let mut mended = String::with_capacity(line.len());
    let mut at = 0;
    while let Some(one) = letters.get(at).copied() {
        let torn = is_mark(one) && mended.chars().last().is_none_or(|last| !is_letter(last) && !is_mark(last));
        if !torn {
            mended.push(one);
            at += 1;
            continue;
        }
        let marks = letters.iter().skip(at).take_while(|next| is_mark(**next)).count();
        let rest = letters.iter().skip(at + marks).take_while(|next| is_letter(**next) || is_mark(**next)).count();
        let before_end = rest == 0 && mended.ends_with(' ');
        if (rest == 1 || before_end) && letters.get(at + marks) != Some(&'و') && mended.trim_end().ends_with(is_letter)
        {
            mended.truncate(mended.trim_end().len());
        }
        mended.extend(letters.get(at + marks).filter(|_| rest > 0));
        if mended.ends_with(is_letter) {
            mended.extend(letters.iter().skip(at).take(marks));
        }
        at += marks + usize::from(rest > 0);
    }
    mended
}

/// Puts back a final ya that a wide gap tore from its word: `المدرس ي`. It is never a word of its own; in front of a
/// line it may number a list.
fn mend_final_ya(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let torn = |at: usize| {
        let near = |offset: isize| at.checked_add_signed(offset).and_then(|at| letters.get(at).copied());
        letters[at] == ' '
            && near(1) == Some('ي')
            && near(-1).is_some_and(is_letter)
            && !near(2).is_some_and(|next| is_letter(next) || is_mark(next) || matches!(next, ')' | '-'))
    };
    (0..letters.len()).filter(|at| !torn(*at)).map(|at| letters[at]).collect()
}

/// Counts signs that a line is stored from left to right as it looks, and signs that it is stored as it is read.
/// A word neither begins with ta marbuta or alef maqsura nor, except for a few, ends with the letters of the article.
fn order_signs(line: &str) -> (usize, usize) {
    const COMMON: [&str; 12] = ["في", "من", "على", "إلى", "عن", "هذا", "هذه", "التي", "الذي", "أن", "بين", "كل"];
    let (mut visual, mut logical) = (0, 0);
    for word in line.split(|one: char| !is_letter(one)).filter(|word| word.chars().count() > 1) {
        let reversed: String = word.chars().rev().collect();
        let sign = |word: &str| {
            usize::from(COMMON.contains(&word))
                + usize::from(word.ends_with(['ة', 'ى']))
                + usize::from(word.starts_with("ال") && word.chars().count() > 4)
        };
        logical += sign(word);
        visual += sign(&reversed);
    }
    (visual, logical)
}

/// Turns a line around, and within it the numbers and Latin words back.
fn reverse(line: &str) -> String {
    let mut reversed = String::with_capacity(line.len());
    let mut kept: Vec<char> = Vec::new();
    let mut marks: Vec<char> = Vec::new();
    for one in line.chars().rev() {
        if is_mark(one) {
            marks.push(one);
            continue;
        }
        let left_to_right = one.is_ascii_alphanumeric() || ('٠'..='٩').contains(&one);
        if left_to_right || (!kept.is_empty() && matches!(one, '.' | '/' | ',' | ':' | '-' | '٫' | '٬')) {
            kept.push(one);
            continue;
        }
        reversed.extend(kept.drain(..).rev());
        reversed.push(mirrored(one));
        reversed.extend(marks.drain(..).rev());
    }
    reversed.extend(kept.drain(..).rev());
    reversed
}

/// Mends swapped lam-alef in a whole document, and tells whether there was any.
///
/// The rule for the article (`اإلدارة` for `الإدارة`) is always safe, because no word begins with two alefs. It
/// finds half of the swaps; where it shows that the document swaps, a list of common words finds most of the others.
pub(super) fn mend_letters(pages: Vec<String>) -> (Vec<String>, bool) {
    const PROOF: usize = 2;
    let mut swaps = 0;
    let ruled: Vec<String> = pages.iter().map(|page| map_words(page, |word| mend_article(word, &mut swaps))).collect();
    let sound = pages
        .iter()
        .flat_map(|page| page.split_inclusive('ل').skip(1))
        .filter(|rest| rest.starts_with(is_alef))
        .count();
    if swaps < PROOF || swaps < sound {
        return (ruled, swaps > 0);
    }
    (ruled.iter().map(|page| map_words(page, mend_by_list)).collect(), true)
}

/// Rewrites each run of Arabic letters.
fn map_words(page: &str, mut mend: impl FnMut(&[char]) -> Option<String>) -> String {
    let mut mended = String::with_capacity(page.len());
    let mut word: Vec<char> = Vec::new();
    for one in page.chars().chain(['\u{0}']) {
        if is_letter(one) {
            word.push(one);
            continue;
        }
        match mend(&word) {
            Some(better) => mended.push_str(&better),
            None => mended.extend(word.iter()),
        }
        word.clear();
        mended.push(one);
    }
    mended.pop();
    mended
}

/// The article before an alef: alef, alef, lam becomes alef, lam, alef; also after the prefixes و ف ب ك.
fn mend_article(word: &[char], swaps: &mut usize) -> Option<String> {
    let prefix = word.iter().take(2).take_while(|one| "وفبك".contains(**one)).count();
    for start in 0..=prefix {
        if let Some(['ا', alef, 'ل']) = word.get(start..start + 3)
            && is_alef(*alef)
        {
            *swaps += 1;
            let mut better = word.to_vec();
            better.swap(start + 1, start + 2);
            return Some(better.into_iter().collect());
        }
    }
    None
}

/// The article in a turned line: its two letters were joined to a lam-alef by their look, which poppler swapped.
fn mend_turned_article(word: &[char]) -> Option<String> {
    match word {
        ['ل', 'ا', rest @ ..] if rest.len() > 2 => Some(['ا', 'ل'].iter().chain(rest).collect()),
        _ => None,
    }
}

/// Common words of government texts with a lam-alef that the rule does not find, one to a line.
static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("lam_alef_words.txt").lines().collect());

/// Tries every way to swap an alef and a lam back and takes the one that is a common word.
fn mend_by_list(word: &[char]) -> Option<String> {
    const MOST: usize = 4;
    let at: Vec<usize> =
        word.windows(2).enumerate().filter(|(_, two)| is_alef(two[0]) && two[1] == 'ل').map(|(at, _)| at).collect();
    if at.is_empty() || at.len() > MOST {
        return None;
    }
    (1_u32..1 << at.len()).find_map(|choice| {
        let mut letters = word.to_vec();
        at.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1).for_each(|(_, at)| letters.swap(*at, at + 1));
        let candidate: String = letters.into_iter().collect();
        let bare = candidate.strip_prefix(['و', 'ف']).unwrap_or(&candidate);
        (WORDS.contains(candidate.as_str()) || WORDS.contains(bare)).then_some(candidate)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_return_to_their_letters() {
        assert_eq!(mend_layout("بنا \u{64b}ء على"), "بناء\u{64b} على");
        assert_eq!(mend_layout("وفقا \u{64b} لنظامه"), "وفقا\u{64b} لنظامه");
        assert_eq!(mend_layout("التعليم المدرس ي، وأنواعه ي) بند"), "التعليم المدرسي، وأنواعه ي) بند");
        assert_eq!(mend_layout("ما \u{64f}يقال"), "ما ي\u{64f}قال");
        assert_eq!(mend_layout("يقتض\n\u{650}\nالسياق"), "يقتض\n\nالسياق");
        assert_eq!(mend_layout("كتا\u{64b}ب"), "كتا\u{64b}ب");
    }

    #[test]
    fn lines_stored_as_they_look_are_turned() {
        assert_eq!(mend_layout("ةيلخادلا ةرازو"), "وزارة الداخلية");
        assert_eq!(
            mend_layout("2025/3/20 خيرات (12) مقر ةيلاملا ةرازو ىلإ"),
            "إلى وزارة المالية رقم (12) تاريخ 2025/3/20"
        );
        assert_eq!(mend_layout("وزارة الداخلية"), "وزارة الداخلية");
    }

    #[test]
    fn swapped_lam_alef_is_mended() {
        let damaged = vec!["وزارة األشغال واإلسكان: خالل المدة الالزمة، وال يجوز، حالة المال والعالقة".to_owned()];
        let (mended, any) = mend_letters(damaged);
        assert!(any);
        assert_eq!(mended[0], "وزارة الأشغال والإسكان: خلال المدة اللازمة، ولا يجوز، حالة المال والعلاقة");
    }

    #[test]
    fn sound_text_stays() {
        let sound = "قال المدير إن الأعمال كاملة، والأموال خلال العام الحالي لا تكفي: وال";
        assert_eq!(mend_letters(vec![sound.to_owned()]), (vec![sound.to_owned()], false));
    }
}
