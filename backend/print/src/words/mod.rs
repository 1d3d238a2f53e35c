//! Amounts of money in words (التفقيط), as cheques, vouchers and letters must carry them.

mod ar;
mod en;

use crate::model::Language;

/// An amount that has no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount in words cannot be negative ({minor} minor units); print the amount it reduces instead")]
pub struct NegativeAmount {
    /// The amount that was given.
    pub minor: i64,
}

/// What a currency is called in one language. A name has the forms that numbers ask for, with `/` between them: in Arabic the
/// singular, dual, plural and accusative («دينار/ديناران/دنانير/دينارًا»), in English one and many (“dinar/dinars”). What is
/// missing of them is made of the first.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// ISO 4217: the currency is called by it where it has no unit.
    pub code: &'a str,
    /// Its decimals.
    pub scale: u8,
    /// Its unit, may be empty.
    pub unit: &'a str,
    /// The part of it that its decimals count; where it is empty, parts are said as a share: 25/100.
    pub fraction: &'a str,
}

/// An amount in minor units, in words. 1250500 of dinars → «فقط ألف ومائتان وخمسون دينارًا وخمسمائة فلس لا غير» or
/// “One thousand two hundred and fifty dinars and five hundred fils only”; 150025 of USD without names → «فقط ألف وخمسمائة USD
/// و25/100 لا غير» or “One thousand five hundred USD and 25/100 only”.
///
/// # Errors
/// [`NegativeAmount`] for amounts below zero.
pub fn amount_in_words(minor: i64, of: Spoken<'_>, language: Language) -> Result<String, NegativeAmount> {
    let amount = u64::try_from(minor).map_err(|_| NegativeAmount { minor })?;
    // No currency has more than four decimals (ISO 4217).
    let share = 10_u64.pow(u32::from(of.scale.min(4)));
    let unit = if of.unit.is_empty() { of.code } else { of.unit };
    let (units, parts, names) = (amount / share, (amount % share, share), (unit, of.fraction));
    Ok(match language {
        Language::Ar => ar::amount(units, parts, names),
        Language::En => en::amount(units, parts, names),
    })
}

/// Groups of three digits with their scale (0 = units, 1 = thousands …), highest first, without empty ones.
fn groups(mut number: u64) -> Vec<(usize, u64)> {
    let mut groups = Vec::new();
    let mut scale = 0;
    while number > 0 {
        if !number.is_multiple_of(1000) {
            groups.push((scale, number % 1000));
        }
        number /= 1000;
        scale += 1;
    }
    groups.reverse();
    groups
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn dinars(language: Language) -> Spoken<'static> {
        let (unit, fraction) = match language {
            Language::Ar => ("دينار/ديناران/دنانير/دينارًا", "فلس/فلسان/فلوس/فلسًا"),
            Language::En => ("dinar/dinars", "fils"),
        };
        Spoken { code: "JOD", scale: 3, unit, fraction }
    }

    fn ar(fils: i64) -> String {
        amount_in_words(fils, dinars(Language::Ar), Language::Ar).unwrap()
    }

    fn en(fils: i64) -> String {
        amount_in_words(fils, dinars(Language::En), Language::En).unwrap()
    }

    #[test]
    fn a_currency_without_names_is_called_by_its_code() {
        let of = |minor, scale, code, language| {
            amount_in_words(minor, Spoken { code, scale, unit: "", fraction: "" }, language).unwrap()
        };
        let ar = |minor, scale, code| of(minor, scale, code, Language::Ar);
        assert_eq!(ar(150_025, 2, "USD"), "فقط ألف وخمسمائة USD و25/100 لا غير");
        assert_eq!(ar(1_100, 2, "USD"), "فقط أحد عشر USD لا غير");
        assert_eq!(ar(100, 2, "EUR"), "فقط EUR واحد لا غير");
        assert_eq!(ar(5, 2, "EUR"), "فقط صفر EUR و5/100 لا غير");
        assert_eq!(ar(20_000, 0, "JPY"), "فقط عشرون ألف JPY لا غير");
        let en = |minor, scale, code| of(minor, scale, code, Language::En);
        assert_eq!(en(150_025, 2, "USD"), "One thousand five hundred USD and 25/100 only");
        assert_eq!(en(0, 0, "JPY"), "Zero JPY only");
    }

    #[test]
    fn other_currencies_are_called_by_their_names() {
        let riyals = Spoken {
            code: "SAR", scale: 2, unit: "ريال/ريالان/ريالات/ريالًا", fraction: "هللة/هللتان/هللات/هللة"
        };
        for (minor, words) in [
            (100_000, "ألف ريال"),
            (250, "ريالان وخمسون هللة"),
            (1, "هللة واحدة"),
            (2, "هللتان"),
            (8, "ثماني هللات"),
            (10, "عشر هللات"),
            (11, "إحدى عشرة هللة"),
            (12, "اثنتا عشرة هللة"),
            (18, "ثماني عشرة هللة"),
            (28, "ثمانٍ وعشرون هللة"),
            (1_131, "أحد عشر ريالًا وإحدى وثلاثون هللة"),
        ] {
            let said = amount_in_words(minor, riyals, Language::Ar).unwrap();
            assert_eq!(said, format!("فقط {words} لا غير"), "{minor}");
        }
        // Forms that are missing are made of the first.
        let pounds = Spoken { code: "SYP", scale: 2, unit: "ليرة//ليرات", fraction: "" };
        for (minor, words) in [(200, "ليرة اثنتان"), (300, "ثلاث ليرات"), (1_250, "اثنتا عشرة ليرة و50/100")]
        {
            let said = amount_in_words(minor, pounds, Language::Ar).unwrap();
            assert_eq!(said, format!("فقط {words} لا غير"), "{minor}");
        }
        let sterling =
            Spoken { code: "GBP", scale: 2, unit: "pound sterling/pounds sterling", fraction: "penny/pence" };
        for (minor, words) in [
            (101, "One pound sterling and one penny only"),
            (250, "Two pounds sterling and fifty pence only"),
            (7, "Seven pence only"),
        ] {
            assert_eq!(amount_in_words(minor, sterling, Language::En).unwrap(), words);
        }
    }

    #[test]
    fn arabic_dinars() {
        for (dinars, words) in [
            (0, "صفر دينار"),
            (1, "دينار واحد"),
            (2, "ديناران"),
            (3, "ثلاثة دنانير"),
            (10, "عشرة دنانير"),
            (11, "أحد عشر دينارًا"),
            (12, "اثنا عشر دينارًا"),
            (20, "عشرون دينارًا"),
            (21, "واحد وعشرون دينارًا"),
            (99, "تسعة وتسعون دينارًا"),
            (100, "مائة دينار"),
            (101, "مائة دينار ودينار واحد"),
            (102, "مائة دينار وديناران"),
            (103, "مائة وثلاثة دنانير"),
            (111, "مائة وأحد عشر دينارًا"),
            (200, "مائتا دينار"),
            (250, "مائتان وخمسون دينارًا"),
            (300, "ثلاثمائة دينار"),
            (1000, "ألف دينار"),
            (1001, "ألف دينار ودينار واحد"),
            (1200, "ألف ومائتا دينار"),
            (2000, "ألفا دينار"),
            (2003, "ألفان وثلاثة دنانير"),
            (3000, "ثلاثة آلاف دينار"),
            (11_000, "أحد عشر ألف دينار"),
            (11_250, "أحد عشر ألفًا ومائتان وخمسون دينارًا"),
            (100_000, "مائة ألف دينار"),
            (101_000, "مائة ألف وألف دينار"),
            (202_000, "مائتا ألف وألفا دينار"),
            (420_000, "أربعمائة وعشرون ألف دينار"),
            (1_000_000, "مليون دينار"),
            (2_000_000, "مليونا دينار"),
            (2_500_000, "مليونان وخمسمائة ألف دينار"),
            (3_000_005, "ثلاثة ملايين وخمسة دنانير"),
            (15_000_000, "خمسة عشر مليون دينار"),
            (1_000_000_000, "مليار دينار"),
        ] {
            assert_eq!(ar(dinars * 1000), format!("فقط {words} لا غير"), "{dinars}");
        }
    }

    #[test]
    fn arabic_fils() {
        for (fils, words) in [
            (1, "فلس واحد"),
            (2, "فلسان"),
            (5, "خمسة فلوس"),
            (50, "خمسون فلسًا"),
            (500, "خمسمائة فلس"),
            (1_250_500, "ألف ومائتان وخمسون دينارًا وخمسمائة فلس"),
            (123_450, "مائة وثلاثة وعشرون دينارًا وأربعمائة وخمسون فلسًا"),
            (12_345_006, "اثنا عشر ألفًا وثلاثمائة وخمسة وأربعون دينارًا وستة فلوس"),
            (1_001, "دينار واحد وفلس واحد"),
            (2_002, "ديناران وفلسان"),
            (420_000_000, "أربعمائة وعشرون ألف دينار"),
        ] {
            assert_eq!(ar(fils), format!("فقط {words} لا غير"), "{fils}");
        }
    }

    #[test]
    fn english() {
        for (fils, words) in [
            (0, "Zero dinars only"),
            (1, "One fils only"),
            (1_000, "One dinar only"),
            (2_000, "Two dinars only"),
            (21_000, "Twenty-one dinars only"),
            (101_000, "One hundred and one dinars only"),
            (1_001_000, "One thousand and one dinars only"),
            (1_250_500, "One thousand two hundred and fifty dinars and five hundred fils only"),
            (11_000_000, "Eleven thousand dinars only"),
            (2_000_000_000, "Two million dinars only"),
        ] {
            assert_eq!(en(fils), words, "{fils}");
        }
    }

    #[test]
    fn negative_amounts_are_refused() {
        for (minor, language) in [(-1, Language::Ar), (i64::MIN, Language::En)] {
            assert_eq!(amount_in_words(minor, dinars(language), language), Err(NegativeAmount { minor }));
        }
    }

    #[test]
    fn no_two_amounts_share_their_words() {
        let samples = (0..12_000).chain((1..9_000).map(|n| n * 1000)).chain((1..4_000).map(|n| n * 1_007_003));
        let amounts: HashSet<i64> = samples.chain([i64::MAX, 1_000_000_000_000, 1_001_000_000_000_000]).collect();
        for language in [Language::Ar, Language::En] {
            let words: HashSet<String> =
                amounts.iter().map(|&a| amount_in_words(a, dinars(language), language).unwrap()).collect();
            assert_eq!(words.len(), amounts.len());
            for text in words {
                assert!(!text.contains("  ") && !text.contains("و ") && text.trim() == text, "{text}");
            }
        }
    }
}
