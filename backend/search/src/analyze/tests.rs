//! Golden table of the analyser.

use tantivy::tokenizer::{TokenStream, TokenizerManager};

use super::{Words, register, stem, words};

/// Words that must meet in the stem field: spelling variants, articles, particles, endings.
const SAME_STEM: &[(&str, &str)] = &[
    ("وزارة", "الوزارة"),
    ("وزارة", "للوزارة"),
    ("وزارة", "وزارات"),
    ("وزارة", "لوزارة"),
    ("وزارة", "ووزارة"),
    ("وزارة", "بالوزارة"),
    ("وزارة", "وبالوزارة"),
    ("وزارة", "وللوزارات"),
    ("وزير", "الوزير"),
    ("وزير", "للوزير"),
    ("وزير", "والوزير"),
    ("وثيقة", "الوثيقة"),
    ("وثيقة", "بوثيقة"),
    ("وثائق", "الوثائق"),
    ("ولاية", "الولاية"),
    ("شؤون", "الشؤون"),
    ("شؤون", "شئون"),
    ("شؤون", "للشئون"),
    ("مسؤول", "مسئول"),
    ("مسؤول", "المسئولين"),
    ("مسؤولية", "المسئولية"),
    ("واجب", "الواجبات"),
    ("وظيفة", "الوظيفة"),
    ("وكالة", "الوكالات"),
    ("وحدة", "الوحدات"),
    ("والد", "الوالدين"),
    ("قانون", "القانون"),
    ("قانون", "بقانون"),
    ("قانون", "القانونية"),
    ("قانون", "قانوني"),
    ("قرار", "القرارات"),
    ("قرار", "بقرار"),
    ("قرار", "لقرار"),
    ("قرار", "وقرار"),
    ("نظام", "النظام"),
    ("نظام", "بالنظام"),
    ("مجلس", "لمجلس"),
    ("مجلس", "المجلس"),
    ("كتاب", "الكتاب"),
    ("كتاب", "بكتاب"),
    ("كفالة", "الكفالات"),
    ("لجنة", "للجنة"),
    ("لجنة", "اللجنة"),
    ("لجنة", "واللجنة"),
    ("لائحة", "اللائحة"),
    ("بلدية", "البلديات"),
    ("بنك", "البنك"),
    ("بيان", "البيانات"),
    ("بريد", "البريد"),
    ("فرع", "الفرع"),
    ("فاتورة", "الفاتورة"),
    ("التزام", "الالتزامات"),
    ("التزام", "بالالتزام"),
    ("إلغاء", "الإلغاء"),
    ("إلغاء", "بإلغاء"),
    ("تعيين", "التعيين"),
    ("تعيين", "بتعيين"),
    ("مدير", "المديرين"),
    ("موظف", "للموظفين"),
    ("ديوان", "الديوان"),
    ("هيئة", "الهيئات"),
    ("إعلان", "الإعلانات"),
    ("مدرسة", "مدرسه"),
    ("كُتَّاب", "كتاب"),
    ("كتـــاب", "كتاب"),
    ("أحمد", "احمد"),
    ("إدارة", "ادارة"),
    ("مستشفى", "مستشفي"),
    ("ﺍﻟﻤﻤﻠﻜﺔ", "المملكة"),
    ("ﻻﺋﺤﺔ", "لائحة"),
    ("کتاب", "كتاب"),
    ("Regulations", "regulation"),
    ("issuing", "issued"),
    ("Établir", "e\u{301}tablir"),
];

/// Words that must stay apart.
const DIFFERENT_STEM: &[(&str, &str)] = &[
    ("وزير", "زير"),
    ("وزارة", "زيارة"),
    ("وارد", "رد"),
    ("ورقة", "رقة"),
    ("بلد", "لد"),
    ("بنك", "نك"),
    ("فريق", "ريق"),
    ("لواء", "واء"),
    ("كشف", "شف"),
    ("التزام", "تزام"),
    ("وفد", "فد"),
    ("قانون", "قانين"),
];

/// Original text and its exact words.
const EXACT: &[(&str, &[&str])] = &[
    ("القَانُونُ المَدَنِيّ", &["القانون", "المدني"]),
    ("آمنة أحمد إبراهيم ٱلله", &["امنه", "احمد", "ابراهيم", "الله"]),
    ("٢٠٢٣/٣/٢٠", &["2023", "3", "20"]),
    ("۱۴۰۲", &["1402"]),
    ("١٬٢٣٤٫٥", &["1234", "5"]),
    ("٤ من شوال ١٤٤٣هـ", &["4", "من", "شوال", "1443", "ه"]),
    ("٢٠٢٢م", &["2022", "م"]),
    ("A4 COVID19", &["a4", "covid19"]),
    ("ن\u{0658}ون", &["نون"]),
    ("مي\u{200C}شود", &["ميشود"]),
    ("\u{202B}قرار\u{202C}", &["قرار"]),
    ("الموضوع:تعيين؛وإعفاء،ونقل؟", &["الموضوع", "تعيين", "واعفاء", "ونقل"]),
    ("ﷺ", &["صلعم"]),
    ("﷼", &["ريال"]),
    ("ﷲ", &["الله"]),
    ("ﻷﺟﻞ", &["لاجل"]),
    ("شي\u{0621} ئ و\u{0654}", &["شيء", "ي", "و"]),
    ("École ÉTÉ", &["ecole", "ete"]),
    ("لَهُۥ", &["له"]),
    ("", &[]),
    ("ـــ ، ٬ . \u{200F}", &[]),
];

fn stem_of(text: &str) -> String {
    let words = words(text);
    assert_eq!(words.len(), 1, "{text} is one word");
    stem(&words[0]).into_owned()
}

#[test]
fn variants_meet() {
    for (a, b) in SAME_STEM {
        assert_eq!(stem_of(a), stem_of(b), "{a} and {b}");
    }
    assert!(SAME_STEM.len() >= 60);
}

#[test]
fn different_words_stay_apart() {
    for (a, b) in DIFFERENT_STEM {
        assert_ne!(stem_of(a), stem_of(b), "{a} and {b}");
    }
}

#[test]
fn exact_words() {
    for (text, expected) in EXACT {
        assert_eq!(words(text), *expected, "{text}");
    }
}

#[test]
fn stems_of_the_published_table() {
    for (word, expected) in
        [("وزارة", "وزار"), ("لوزارة", "وزار"), ("وزير", "وزير"), ("وثيقة", "وثيق"), ("ولاية", "ولا"), ("شئون", "شوون")]
    {
        assert_eq!(stem_of(word), expected);
    }
}

#[test]
fn offsets_point_into_the_original() {
    let text = "\u{202B}في القَانُـون\u{202C} رقم ١٬٢٣٤";
    let mut reader = Words::new(text);
    let mut seen = Vec::new();
    while reader.advance() {
        seen.push(text.get(reader.from..reader.to).unwrap());
    }
    assert_eq!(seen, ["في", "القَانُـون", "رقم", "١٬٢٣٤"]);
}

#[test]
fn fields_share_positions() {
    let manager = TokenizerManager::default();
    register(&manager);
    let positions = |name: &str| {
        let mut analyzer = manager.get(name).unwrap();
        let mut stream = analyzer.token_stream("قرار من مجلس الوزراء في عمان");
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().position, stream.token().text.clone()));
        }
        found
    };
    let exact = positions(super::EXACT);
    assert_eq!(exact.len(), 6);
    let stems = positions(super::STEM);
    assert_eq!(stems.iter().map(|(p, _)| *p).collect::<Vec<_>>(), [0, 2, 3, 5]);
    assert_eq!(positions(super::GRAM).iter().filter(|(p, _)| *p == 0).count(), 4);
}
