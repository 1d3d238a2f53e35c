//! Amounts in words: a currency is called as its row says.

use diwan_finance_api::Currency;
use diwan_kernel::Named;
use diwan_platform::Refusal;
use diwan_print::Language;
use diwan_testkit::both;

use super::setup::{Setup, said};
use crate::parts::{currencies, part};

#[test]
fn an_amount_in_words_calls_a_currency_as_its_row_says() {
    both(|test| {
        let setup = Setup::on(test.db());
        let words = |minor: i64, code: &str, language: Language| {
            setup.db.read_now(|tx| currencies::in_words(tx, minor, code, language)).unwrap().unwrap()
        };
        assert_eq!(words(1_250_500, "JOD", Language::Ar), "فقط ألف ومائتان وخمسون دينارًا وخمسمائة فلس لا غير");
        assert_eq!(words(2_000, "JOD", Language::En), "Two dinars only");
        assert_eq!(words(300_011, "USD", Language::Ar), "فقط ثلاثة آلاف دولار أمريكي وأحد عشر سنتًا لا غير");
        assert_eq!(words(101, "GBP", Language::En), "One pound sterling and one penny only");
        let form = |unit_ar: &str, unit_en: &str, fraction: (&str, &str)| Currency {
            code: "BHD".to_owned(),
            scale: 3,
            name: Named { ar: "دينار بحريني".to_owned(), en: "Bahraini dinar".to_owned() },
            unit_ar: unit_ar.to_owned(),
            unit_en: unit_en.to_owned(),
            fraction_ar: fraction.0.to_owned(),
            fraction_en: fraction.1.to_owned(),
        };
        let made = setup.act(|tx, actor| part::create(tx, actor, &form("", "", ("", "")))).unwrap();
        assert_eq!(words(5_250, "BHD", Language::Ar), "فقط خمسة BHD و250/1000 لا غير");
        let change =
            |version: i64, one: &Currency| setup.act(|tx, actor| part::change(tx, actor, (made.id, version), one));
        let (unit, fils) = ("دينار بحريني/ديناران بحرينيان/دنانير بحرينية/دينارًا بحرينيًا", "فلس/فلسان/فلوس/فلسًا");
        let many = form("ا/ب/ج/د/ه", "a/b/c", (fils, "fils"));
        assert_eq!(said(change(1, &many)), "unit_ar:too_many_forms unit_en:too_many_forms");
        // All the names with all their forms, or none.
        for (one, wanting) in [
            (form(unit, "", (fils, "fils")), "unit_en"),
            (form("", "dinar", (fils, "fils")), "unit_ar"),
            (form(unit, "dinar/dinars", ("", "")), "fraction_ar fraction_en"),
            (form("", "", ("", "fils")), "unit_ar unit_en fraction_ar"),
            (form("دينار بحريني//دنانير بحرينية", "dinar/", (fils, "fils")), "unit_ar unit_en"),
            (form(unit, "dinar/dinars", ("فلس/فلسان/فلوس", "fils")), "fraction_ar"),
        ] {
            let expected: Vec<_> = wanting.split(' ').map(|field| format!("{field}:currency_forms")).collect();
            assert_eq!(said(change(1, &one)), expected.join(" "));
        }
        // Nothing is counted by a fraction where there are no decimals.
        change(1, &Currency { scale: 0, ..form(unit, "Bahraini dinar", ("", "")) }).unwrap();
        change(2, &form(unit, "Bahraini dinar/Bahraini dinars", (fils, "fils"))).unwrap();
        assert_eq!(words(5_000, "BHD", Language::Ar), "فقط خمسة دنانير بحرينية لا غير");
        assert_eq!(words(1_000, "BHD", Language::En), "One Bahraini dinar only");
        let none = setup.db.read_now(|tx| currencies::in_words(tx, -1, "JOD", Language::Ar));
        assert!(matches!(none, Ok::<_, Refusal>(None)), "a negative amount has no words");
    });
}
