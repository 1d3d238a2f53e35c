//! Numbers in words with what they count. Arabic numbers govern their noun (المعدود): one and two are the noun itself, 3–10
//! take its plural, 11–99 its accusative, whole hundreds and thousands its genitive; feminine and masculine cross between 3
//! and 10 (the nouns counted here, thousands included, are masculine).

use crate::Lang;

/// What is counted, in the forms that numbers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// دينار: one, and after whole hundreds and thousands.
    pub one_ar: &'static str,
    /// ديناران: two.
    pub two_ar: &'static str,
    /// دينارا: two, before what it belongs to (ألفا دينار).
    pub two_of_ar: &'static str,
    /// دنانير: three to ten.
    pub few_ar: &'static str,
    /// دينارًا: eleven to ninety-nine.
    pub many_ar: &'static str,
    /// dinar.
    pub one_en: &'static str,
    /// dinars.
    pub many_en: &'static str,
}

const fn scale_noun([one_ar, two_ar, two_of_ar, few_ar, many_ar]: [&'static str; 5], one_en: &'static str) -> Noun {
    Noun { one_ar, two_ar, two_of_ar, few_ar, many_ar, one_en, many_en: one_en }
}

/// Steps of a thousand, the largest first: 10^18 is the last that an amount can reach.
const STEPS: [(u64, Noun); 6] = [
    (
        1_000_000_000_000_000_000,
        scale_noun(["كوينتليون", "كوينتليونان", "كوينتليونا", "كوينتليونات", "كوينتليونًا"], "quintillion"),
    ),
    (
        1_000_000_000_000_000,
        scale_noun(["كوادرليون", "كوادرليونان", "كوادرليونا", "كوادرليونات", "كوادرليونًا"], "quadrillion"),
    ),
    (1_000_000_000_000, scale_noun(["تريليون", "تريليونان", "تريليونا", "تريليونات", "تريليونًا"], "trillion")),
    (1_000_000_000, scale_noun(["مليار", "ملياران", "مليارا", "مليارات", "مليارًا"], "billion")),
    (1_000_000, scale_noun(["مليون", "مليونان", "مليونا", "ملايين", "مليونًا"], "million")),
    (1_000, scale_noun(["ألف", "ألفان", "ألفا", "آلاف", "ألفًا"], "thousand")),
];

const UNITS_AR: [&str; 11] = ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"];
const TENS_AR: [&str; 10] = ["", "عشرة", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"];
const HUNDREDS_AR: [&str; 10] =
    ["", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"];
const UNITS_EN: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS_EN: [&str; 10] = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number with what it counts: «أحد عشر دينارًا», "eleven dinars".
pub fn in_words(number: u64, noun: &Noun, lang: Lang) -> String {
    match lang {
        Lang::Ar => arabic(number, noun),
        Lang::En => format!("{} {}", english(number), if number == 1 { noun.one_en } else { noun.many_en }),
    }
}

fn arabic(number: u64, noun: &Noun) -> String {
    let mut parts = Vec::new();
    let mut rest = number;
    for (step, name) in &STEPS {
        if rest >= *step {
            let last = rest.is_multiple_of(*step);
            parts.push(below_thousand(rest / step, name, last));
            rest %= step;
        }
    }
    if rest > 0 {
        parts.push(below_thousand(rest, noun, false));
    } else if number == 0 {
        parts.push(format!("{} {}", UNITS_AR[0], noun.one_ar));
    } else if let Some(last) = parts.last_mut() {
        last.push(' ');
        last.push_str(noun.one_ar);
    }
    parts.join(" و")
}

/// 1 to 999 with its noun; `before`: another noun follows, to which this one belongs.
fn below_thousand(number: u64, noun: &Noun, before: bool) -> String {
    let (hundreds, below) = (number / 100, number % 100);
    let mut parts: Vec<String> = Vec::new();
    if hundreds > 0 {
        // «مئة ألف وألف»: thousands are said again after hundreds of them.
        let again = !is_money(noun) && matches!(below, 1 | 2);
        // مئتان loses its nun before what it belongs to.
        let whole = if hundreds == 2 && (below == 0 || again) { "مئتا" } else { word(&HUNDREDS_AR, hundreds) };
        parts.push(if again { format!("{whole} {}", noun.one_ar) } else { whole.to_owned() });
    }
    let counted = match below {
        0 => None,
        1 if !is_money(noun) => Some(noun.one_ar.to_owned()),
        1 => Some(format!("{} واحد", noun.one_ar)),
        2 if before => Some(noun.two_of_ar.to_owned()),
        2 => Some(noun.two_ar.to_owned()),
        3..=10 => Some(format!("{} {}", word(&UNITS_AR, below), noun.few_ar)),
        11..=99 => Some(format!("{} {}", teens_and_tens(below), accusative(noun, before))),
        _ => None,
    };
    match counted {
        Some(counted) => parts.push(counted),
        None => {
            if let Some(last) = parts.last_mut() {
                last.push(' ');
                last.push_str(noun.one_ar);
            }
        }
    }
    parts.join(" و")
}

/// A step of thousands says only its name for one (ألف دينار), money says the number too (دينار واحد).
fn is_money(noun: &Noun) -> bool {
    STEPS.iter().all(|(_, step)| step != noun)
}

/// «أحد عشر ألف دينار»: before what it belongs to, a noun has no nunation.
fn accusative(noun: &Noun, before: bool) -> &'static str {
    if before { noun.one_ar } else { noun.many_ar }
}

fn teens_and_tens(number: u64) -> String {
    let (tens, units) = (number / 10, number % 10);
    match (tens, units) {
        (1, 1) => "أحد عشر".to_owned(),
        (1, 2) => "اثنا عشر".to_owned(),
        (1, units) => format!("{} عشر", word(&UNITS_AR, units)),
        (tens, 0) => word(&TENS_AR, tens).to_owned(),
        (tens, units) => format!("{} و{}", word(&UNITS_AR, units), word(&TENS_AR, tens)),
    }
}

fn word(words: &[&'static str], number: u64) -> &'static str {
    usize::try_from(number).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}

fn english(number: u64) -> String {
    if number == 0 {
        return UNITS_EN[0].to_owned();
    }
    let mut parts = Vec::new();
    let mut rest = number;
    for (step, name) in &STEPS {
        if rest >= *step {
            parts.push(format!("{} {}", english_below_thousand(rest / step), name.one_en));
            rest %= step;
        }
    }
    if rest > 0 {
        parts.push(english_below_thousand(rest));
    }
    parts.join(" ")
}

fn english_below_thousand(number: u64) -> String {
    let (hundreds, below) = (number / 100, number % 100);
    let mut parts = Vec::new();
    if hundreds > 0 {
        parts.push(format!("{} hundred", word(&UNITS_EN, hundreds)));
    }
    match (below / 10, below % 10) {
        (0 | 1, _) if below > 0 => parts.push(word(&UNITS_EN, below).to_owned()),
        (0, _) => {}
        (tens, 0) => parts.push(word(&TENS_EN, tens).to_owned()),
        (tens, units) => parts.push(format!("{}-{}", word(&TENS_EN, tens), word(&UNITS_EN, units))),
    }
    parts.join(" ")
}
