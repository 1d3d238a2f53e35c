//! What is read of what was typed.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn exact(parsed: &Parsed) -> Vec<&str> {
    parsed.words.iter().map(|word| word.exact.as_str()).collect()
}

fn kinds() -> Vocabulary {
    Vocabulary::new([("صادر", "outgoing"), ("كتاب صادر", "outgoing"), ("outgoing", "outgoing")])
}

#[test]
fn words_phrases_prefixes_and_numbers() {
    let parsed = Parsed::read("تعيين «مجلس الوزراء» قرا* ق ع/١/٢٣٤٥ \"مفتوح");
    assert_eq!(exact(&parsed), ["تعيين", "مجلس", "الوزراء", "ق", "ع", "1", "2345", "مفتوح"]);
    assert_eq!(parsed.strict[0], Strict::Phrase(vec!["مجلس".into(), "الوزراء".into()]));
    assert_eq!(parsed.strict[1], Strict::Prefix("قرا".into()));
    let Strict::Number { readings, .. } = &parsed.strict[2] else { panic!("a number") };
    assert!(readings.contains(&"قع/1/2345".to_owned()));
    assert_eq!(parsed.strict.len(), 3);
    assert!(!parsed.cut);
}

#[test]
fn bounded() {
    let parsed = Parsed::read(&"كلمة ".repeat(100_000));
    assert_eq!(parsed.words.len(), MAX_QUERY_WORDS);
    assert!(parsed.cut);
    assert!(Parsed::read(&"7/".repeat(100_000)).strict.len() <= 1);
    assert!(Parsed::read(" * ** \" «» ـ \u{202E} ").is_empty());
    assert!(Parsed::read("").is_empty());
}

#[test]
fn a_long_phrase_is_read_as_words() {
    let parsed = Parsed::read(&format!("\"{}\"", "قرار ".repeat(90)));
    assert!(parsed.strict.is_empty());
    assert!(parsed.cut);
}

#[test]
fn fields_are_named_in_both_languages() {
    for text in ["الموضوع:تعيين الجهة:المالية الرقم:18/4", "subject:تعيين party: المالية number:١٨/٤"]
    {
        let parsed = Parsed::read(text);
        assert_eq!(exact(&parsed), ["تعيين", "الماليه"], "{text}");
        assert!(parsed.words.iter().all(|word| !word.free));
        assert!(matches!(&parsed.strict[0], Strict::Subject { in_order: false, .. }), "{text}");
        assert!(matches!(&parsed.strict[1], Strict::Party(words) if words.len() == 1), "{text}");
        assert_eq!(parsed.strict[2], Strict::Own(vec!["18/4".into()]), "{text}");
    }
    let quoted = Parsed::read("الموضوع:«نقل موظف»");
    assert!(matches!(&quoted.strict[0], Strict::Subject { words, in_order: true } if words.len() == 2));
}

#[test]
fn filters_that_are_typed() {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
    for text in ["النوع:صادر الرمز:3100 من:2023 إلى:2024/6", "kind:OUTGOING class:3100 from:٢٠٢٣ to:6/2024"]
    {
        let parsed = Parsed::read_with(text, &kinds());
        assert!(parsed.is_empty(), "{text}");
        assert_eq!(parsed.filters.kinds, ["outgoing"], "{text}");
        assert_eq!(parsed.filters.classes, ["3100"]);
        assert_eq!((parsed.filters.from, parsed.filters.to), (day(2023, 1, 1), day(2024, 6, 30)), "{text}");
    }
    let parsed = Parsed::read_with("النوع:\"كتاب صادر\" التاريخ:5/2024 -النوع:صادر", &kinds());
    assert_eq!(parsed.filters.kinds, ["outgoing"]);
    assert_eq!((parsed.filters.from, parsed.filters.to), (day(2024, 5, 1), day(2024, 5, 31)));
    assert_eq!(parsed.without_filters.len(), 1);
}

#[test]
fn what_is_no_value_of_its_field_is_words() {
    let parsed = Parsed::read_with("من: وزارة النوع:غريب الرقم:بلا إلى:أمس", &kinds());
    assert_eq!(exact(&parsed), ["وزاره", "غريب", "بلا", "امس"]);
    assert_eq!(parsed.filters, Filters::default());
    assert!(parsed.strict.is_empty());
}

#[test]
fn exclusions_leave_no_words() {
    let parsed = Parsed::read("قرار -نظام -\"مجلس الأمة\" -تعي* - وفاة");
    assert_eq!(exact(&parsed), ["قرار", "وفاه"]);
    assert_eq!(parsed.without.len(), 3);
    assert!(matches!(&parsed.without[0], Strict::Word(word) if word.exact == "نظام"));
    assert_eq!(parsed.without[1], Strict::Phrase(vec!["مجلس".into(), "الامه".into()]));
    assert_eq!(parsed.without[2], Strict::Prefix("تعي".into()));
}

#[test]
fn alternatives_are_joined() {
    let parsed = Parsed::read("قرار أو نظام أو تعليمات مجلس");
    assert_eq!(exact(&parsed), ["قرار", "نظام", "تعليمات", "مجلس"]);
    let groups: Vec<bool> = parsed.words.iter().map(|word| word.either.is_some()).collect();
    assert_eq!(groups, [true, true, true, false]);
    assert_eq!(parsed.words[0].either, parsed.words[2].either);

    let parsed = Parsed::read("\"مجلس الوزراء\" OR \"مجلس الأمة\" | ديوان");
    assert!(matches!(&parsed.strict[..], [Strict::Either(parts)] if parts.len() == 3), "{parsed:?}");
    let parsed = Parsed::read("ديوان OR \"مجلس الأمة\"");
    assert!(matches!(&parsed.strict[..], [Strict::Either(parts)] if parts.len() == 2), "{parsed:?}");
    assert!(parsed.words.iter().all(|word| !word.free));
    assert_eq!(exact(&Parsed::read("أو قرار أو")), ["قرار"]);
}

#[test]
fn fuzzy_words_may_have_more_letters_wrong_when_they_are_long() {
    let parsed = Parsed::read("كفاله~ استثمارات~ من~");
    assert_eq!(parsed.words.iter().map(|word| word.wrong).collect::<Vec<_>>(), [1, 2, 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever is typed is read, within bounds.
    #[test]
    fn nothing_typed_is_an_error(text in "([-\"«»*~:/|. ]|أو|OR|الموضوع|من|النوع|كلمة|ق|[0-9٠-٩]|\\PC){0,60}") {
        let parsed = Parsed::read_with(&text, &kinds());
        prop_assert!(parsed.words.len() <= MAX_QUERY_WORDS);
        prop_assert!(parsed.words.iter().all(|word| !word.exact.is_empty()));
    }
}
