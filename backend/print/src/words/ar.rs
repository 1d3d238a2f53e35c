//! Arabic numbers with a counted noun (العدد والمعدود).
//!
//! Rules, for the masculine nouns used here (دينار، فلس، ألف، مليون …), nominative:
//! one and two are the noun itself (دينار واحد، ديناران); 3–10 take the plural (ثلاثة دنانير); 11–99 the accusative
//! singular (أحد عشر دينارًا); full hundreds, thousands and so on the genitive singular (مائة دينار), before which a
//! dual loses its nun (مائتا، ألفا) and an accusative its tanween (أحد عشر ألف دينار). What stands over full hundreds
//! decides: 103 counts like 3, 111 like 11, and 101 names the noun twice (مائة دينار ودينار واحد).

use super::groups;

/// A counted noun in the forms numbers ask for.
struct Noun<'a> {
    /// One of it, alone.
    one: &'a str,
    /// Genitive singular, after hundreds.
    singular: &'a str,
    dual: &'a str,
    /// Dual before a genitive.
    dual_construct: &'a str,
    plural: &'a str,
    /// Accusative singular, after 11 to 99.
    accusative: &'a str,
}

const DINAR: Noun<'static> = Noun {
    one: "دينار واحد",
    singular: "دينار",
    dual: "ديناران",
    dual_construct: "دينارا",
    plural: "دنانير",
    accusative: "دينارًا",
};
const FILS: Noun<'static> = Noun {
    one: "فلس واحد",
    singular: "فلس",
    dual: "فلسان",
    dual_construct: "فلسا",
    plural: "فلوس",
    accusative: "فلسًا",
};

/// Thousand to quadrillion: enough for every amount in 64 bits.
const SCALES: [Noun<'static>; 5] = [
    Noun {
        one: "ألف", singular: "ألف", dual: "ألفان", dual_construct: "ألفا", plural: "آلاف", accusative: "ألفًا"
    },
    Noun {
        one: "مليون",
        singular: "مليون",
        dual: "مليونان",
        dual_construct: "مليونا",
        plural: "ملايين",
        accusative: "مليونًا",
    },
    Noun {
        one: "مليار",
        singular: "مليار",
        dual: "ملياران",
        dual_construct: "مليارا",
        plural: "مليارات",
        accusative: "مليارًا",
    },
    Noun {
        one: "تريليون",
        singular: "تريليون",
        dual: "تريليونان",
        dual_construct: "تريليونا",
        plural: "تريليونات",
        accusative: "تريليونًا",
    },
    Noun {
        one: "كوادريليون",
        singular: "كوادريليون",
        dual: "كوادريليونان",
        dual_construct: "كوادريليونا",
        plural: "كوادريليونات",
        accusative: "كوادريليونًا",
    },
];

const UNITS: [&str; 11] = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"];
const TENS: [&str; 10] = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"];
const HUNDREDS: [&str; 10] =
    ["", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة"];

/// «فقط … لا غير».
pub(super) fn amount(dinars: u64, fils: u64) -> String {
    let words = match (dinars, fils) {
        (0, 0) => format!("صفر {}", DINAR.singular),
        (dinars, 0) => counted(dinars, &DINAR, false),
        (0, fils) => counted(fils, &FILS, false),
        (dinars, fils) => joined(&[counted(dinars, &DINAR, false), counted(fils, &FILS, false)]),
    };
    format!("فقط {words} لا غير")
}

/// «فقط … لا غير» of a currency that is called by its code, what is less than a unit as a part of it.
pub(super) fn by_code(whole: u64, (part, of): (u64, u64), code: &str) -> String {
    let (one, dual) = (format!("{code} واحد"), format!("{code} اثنان"));
    let noun = Noun { one: &one, singular: code, dual: &dual, dual_construct: code, plural: code, accusative: code };
    let words = if whole == 0 { format!("صفر {code}") } else { counted(whole, &noun, false) };
    if part == 0 { format!("فقط {words} لا غير") } else { format!("فقط {words} و{part}/{of} لا غير") }
}

fn joined(parts: &[String]) -> String {
    parts.join(" و")
}

/// A number above zero with its noun; `construct` when a genitive follows the noun.
fn counted(number: u64, noun: &Noun<'_>, construct: bool) -> String {
    let over_hundreds = number % 100;
    let hundreds = number - over_hundreds;
    let dual = if construct { noun.dual_construct } else { noun.dual };
    let of_full = || format!("{} {}", full_hundreds(hundreds, true), noun.singular);
    let below = match over_hundreds {
        0 => return of_full(),
        1 | 2 => {
            let last = if over_hundreds == 1 { noun.one } else { dual }.to_owned();
            return if hundreds == 0 { last } else { joined(&[of_full(), last]) };
        }
        3..=10 => format!("{} {}", word(&UNITS, over_hundreds), noun.plural),
        _ => {
            // Tanween falls before a genitive: أحد عشر ألف دينار.
            let accusative = if construct { noun.singular } else { noun.accusative };
            format!("{} {accusative}", tens(over_hundreds))
        }
    };
    if hundreds == 0 { below } else { joined(&[full_hundreds(hundreds, false), below]) }
}

/// A multiple of 100; `construct` when a genitive follows it.
fn full_hundreds(number: u64, construct: bool) -> String {
    let groups = groups(number);
    let last = groups.len().saturating_sub(1);
    let parts: Vec<String> = groups
        .into_iter()
        .enumerate()
        .map(|(at, (scale, group))| {
            let construct = construct && at == last;
            match scale.checked_sub(1).and_then(|at| SCALES.get(at)) {
                Some(noun) => counted(group, noun, construct),
                None if construct && group == 200 => "مائتا".to_owned(),
                None => word(&HUNDREDS, group / 100).to_owned(),
            }
        })
        .collect();
    joined(&parts)
}

/// 11 to 99.
fn tens(number: u64) -> String {
    match number {
        11 => "أحد عشر".to_owned(),
        12 => "اثنا عشر".to_owned(),
        13..=19 => format!("{} عشر", word(&UNITS, number - 10)),
        _ if number.is_multiple_of(10) => word(&TENS, number / 10).to_owned(),
        _ => format!("{} و{}", word(&UNITS, number % 10), word(&TENS, number / 10)),
    }
}

fn word(words: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}
