//! Words of a closed set in tables that people bring and take: the code, the Arabic or the English word.

use diwan_kernel::{FieldError, Lang, Secrecy, text};
use diwan_platform_api::people::{AgencyKind, UnitKind};

/// A value with its words, the first of which is its code.
pub type Word<T> = (T, [&'static str; 3]);

pub(super) static AGENCY_KINDS: [Word<AgencyKind>; 6] = [
    (AgencyKind::Ministry, ["ministry", "وزارة", "Ministry"]),
    (AgencyKind::Department, ["department", "دائرة", "Department"]),
    (AgencyKind::Institution, ["institution", "مؤسسة", "Institution"]),
    (AgencyKind::Commission, ["commission", "هيئة", "Commission"]),
    (AgencyKind::Court, ["court", "محكمة", "Court"]),
    (AgencyKind::Municipality, ["municipality", "بلدية", "Municipality"]),
];

pub(super) static UNIT_KINDS: [Word<UnitKind>; 5] = [
    (UnitKind::Office, ["office", "مكتب", "Office"]),
    (UnitKind::Directorate, ["directorate", "مديرية", "Directorate"]),
    (UnitKind::Department, ["department", "دائرة", "Department"]),
    (UnitKind::Section, ["section", "قسم", "Section"]),
    (UnitKind::Branch, ["branch", "شعبة", "Branch"]),
];

/// The degrees of secrecy.
pub static CLEARANCES: [Word<Secrecy>; 4] = [
    (Secrecy::Normal, ["normal", "عادي", "Normal"]),
    (Secrecy::Restricted, ["restricted", "محدود", "Restricted"]),
    (Secrecy::Secret, ["secret", "سري", "Secret"]),
    (Secrecy::TopSecret, ["top_secret", "سري للغاية", "Top secret"]),
];

pub(super) static LANGS: [Word<Lang>; 2] =
    [(Lang::Ar, ["ar", "العربية", "Arabic"]), (Lang::En, ["en", "الإنجليزية", "English"])];

/// The value that is meant.
///
/// # Errors
/// `unknown_word` with the words there are.
pub fn meant<T: Copy>(field: &str, typed: &str, words: &[Word<T>]) -> Result<T, FieldError> {
    let wanted = plain(typed);
    let found = words.iter().find(|(_, names)| names.iter().any(|name| plain(name) == wanted));
    let known = || words.iter().map(|(_, [_, ar, en])| format!("{ar} / {en}")).collect::<Vec<_>>().join("، ");
    found.map(|(value, _)| *value).ok_or_else(|| FieldError::new(field, "unknown_word").with("known", known()))
}

/// The word for a value.
pub fn said<T: Copy + PartialEq>(value: T, words: &[Word<T>], lang: Lang) -> &'static str {
    let names = words.iter().find(|(known, _)| *known == value).map_or([""; 3], |(_, names)| *names);
    match lang {
        Lang::Ar => names[1],
        Lang::En => names[2],
    }
}

/// A word as people type it in different ways.
pub fn plain(word: &str) -> String {
    text::fold(word).chars().filter(|c| c.is_alphanumeric()).collect()
}
