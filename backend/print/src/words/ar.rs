//! Arabic numbers with a counted noun (العدد والمعدود).
//!
//! Rules, nominative, for masculine nouns (دينار، فلس، ألف، مليون …); one that ends in ة is feminine and takes the numbers of that:
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
    /// Its numbers take the other gender: ثلاث هللات.
    feminine: bool,
}

/// The forms of a currency or of a part of it. What is not given is made of the singular.
struct Forms {
    one: String,
    singular: String,
    dual: String,
    plural: String,
    accusative: String,
}

impl Forms {
    /// Singular, dual, plural and accusative with `/` between them.
    fn of(given: &str) -> Self {
        let mut given = given.split('/').map(str::trim);
        let mut next = |other: String| match given.next() {
            None | Some("") => other,
            Some(form) => form.to_owned(),
        };
        let singular = next(String::new());
        let (one, two) =
            if singular.ends_with('ة') { ("واحدة", "اثنتان") } else { ("واحد", "اثنان") };
        Self {
            one: format!("{singular} {one}"),
            dual: next(format!("{singular} {two}")),
            plural: next(singular.clone()),
            accusative: next(singular.clone()),
            singular,
        }
    }

    fn counted(&self, number: u64) -> String {
        let noun = Noun {
            one: &self.one,
            singular: &self.singular,
            dual: &self.dual,
            // Nothing follows a currency that it would be bound to.
            dual_construct: &self.dual,
            plural: &self.plural,
            accusative: &self.accusative,
            feminine: self.singular.ends_with('ة'),
        };
        counted(number, &noun, false)
    }
}

/// Thousand to quadrillion: enough for every amount in 64 bits.
const SCALES: [Noun<'static>; 5] = [
    Noun {
        one: "ألف",
        singular: "ألف",
        dual: "ألفان",
        dual_construct: "ألفا",
        plural: "آلاف",
        accusative: "ألفًا",
        feminine: false,
    },
    Noun {
        one: "مليون",
        singular: "مليون",
        dual: "مليونان",
        dual_construct: "مليونا",
        plural: "ملايين",
        accusative: "مليونًا",
        feminine: false,
    },
    Noun {
        one: "مليار",
        singular: "مليار",
        dual: "ملياران",
        dual_construct: "مليارا",
        plural: "مليارات",
        accusative: "مليارًا",
        feminine: false,
    },
    Noun {
        one: "تريليون",
        singular: "تريليون",
        dual: "تريليونان",
        dual_construct: "تريليونا",
        plural: "تريليونات",
        accusative: "تريليونًا",
        feminine: false,
    },
    Noun {
        one: "كوادريليون",
        singular: "كوادريليون",
        dual: "كوادريليونان",
        dual_construct: "كوادريليونا",
        plural: "كوادريليونات",
        accusative: "كوادريليونًا",
        feminine: false,
    },
];

const UNITS: [&str; 11] = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"];
/// The same with a feminine noun.
const FEMININE: [&str; 11] = ["", "إحدى", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"];
const TENS: [&str; 10] = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"];
const HUNDREDS: [&str; 10] =
    ["", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة"];

/// «فقط … لا غير»: so many units, and parts of which a unit has `of`.
pub(super) fn amount(units: u64, (parts, of): (u64, u64), (unit, fraction): (&str, &str)) -> String {
    let unit = Forms::of(unit);
    let none = || format!("صفر {}", unit.singular);
    let words = match (units, parts) {
        (0, 0) => none(),
        (0, parts) if !fraction.is_empty() => Forms::of(fraction).counted(parts),
        (units, parts) => {
            let mut said = vec![if units == 0 { none() } else { unit.counted(units) }];
            if parts > 0 {
                let share = || format!("{parts}/{of}");
                said.push(if fraction.is_empty() { share() } else { Forms::of(fraction).counted(parts) });
            }
            joined(&said)
        }
    };
    format!("فقط {words} لا غير")
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
        3..=10 => format!("{} {}", unit(over_hundreds, noun.feminine), noun.plural),
        _ => {
            // Tanween falls before a genitive: أحد عشر ألف دينار.
            let accusative = if construct { noun.singular } else { noun.accusative };
            format!("{} {accusative}", tens(over_hundreds, noun.feminine))
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

/// 1 to 10 before a noun.
fn unit(number: u64, feminine: bool) -> &'static str {
    word(if feminine { &FEMININE } else { &UNITS }, number)
}

/// 11 to 99.
fn tens(number: u64, feminine: bool) -> String {
    let ten = if feminine { "عشرة" } else { "عشر" };
    match number {
        11 => format!("{} {ten}", if feminine { "إحدى" } else { "أحد" }),
        12 => format!("{} {ten}", if feminine { "اثنتا" } else { "اثنا" }),
        13..=19 => format!("{} {ten}", unit(number - 10, feminine)),
        _ if number.is_multiple_of(10) => word(&TENS, number / 10).to_owned(),
        _ => {
            let one = if feminine && number % 10 == 8 { "ثمانٍ" } else { unit(number % 10, feminine) };
            format!("{one} و{}", word(&TENS, number / 10))
        }
    }
}

fn word(words: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}
