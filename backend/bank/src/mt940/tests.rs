//! Fields one by one.

use super::*;

fn field<'a>(tag: &'a str, text: &'a str) -> Field<'a> {
    Field { tag, lines: text.split('\n').collect(), line: 1 }
}

#[test]
fn balances_are_read_in_every_form_of_amounts() {
    for (text, minor) in [
        ("C100318EUR380115,12", 38_011_512),
        ("C100318EUR380115,1", 38_011_510),
        ("C100318EUR380115,", 38_011_500),
        ("C100318EUR0,12", 12),
        ("C100318EUR00,12", 12),
        ("D100318EUR001,12", -112),
        ("C140829EUR000000000147,64", 14_764),
        ("C140829JPY500", 500),
        ("C140829JOD1,5", 1_500),
    ] {
        assert_eq!(balance(&field("60F", text)).unwrap().amount, minor, "{text}");
    }
    for (text, code) in [
        ("X100318EUR1,", "field_form"),
        ("C101318EUR1,", "date_form"),
        ("C100318eur1,", "no_currency"),
        ("C100318EUR1,2,3", "amount_form"),
        ("C100318EUR1,234", "decimals"),
        ("C100318EUR", "amount_form"),
        ("C10", "field_form"),
        ("Cé0318EUR1,", "date_form"),
        ("", "field_form"),
    ] {
        assert_eq!(balance(&field("60F", text)).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn entries_are_read_in_every_dialect() {
    let read = |text: &'static str| {
        let field = field("61", text);
        let (entry, supplement) = entry::Entry::read(&field).unwrap();
        let bank = entry.bank_reference.unwrap_or("-").to_owned();
        format!("{} {} {} {} {bank} {}", entry.amount, entry.credit, entry.kind, entry.reference, supplement.len())
    };
    assert_eq!(read("0709040904CR300,NTRFTFNr 40005 MSGID//0724"), "300, true NTRF TFNr 40005 MSGID 0724 0");
    assert_eq!(read("240312    DD212,39NMSCNONREF//\n/ABC/DEF"), "212,39 false NMSC NONREF  1");
    assert_eq!(read("131017D620,3NSTON"), "620,3 false NSTO N - 0");
    assert_eq!(read("1710111011DF2402,00S   X"), "2402,00 false S    X - 0");
    assert_eq!(read("180417CF2066637,00N527\nCsoportos"), "2066637,00 true N527  - 1");
    assert_eq!(read("1811261126CR\n30,00N062NONREF\n:"), "30,00 true N062 NONREF - 1");
    assert_eq!(read("0709040904RCR204,88NRTINONREF"), "204,88 false NRTI NONREF - 0");
    for (text, code) in [
        ("260230C1,NTRF", "date_form"),
        ("2603011301C1,NTRF", "date_form"),
        ("260301X1,NTRF", "field_form"),
        ("260301CNTRF", "amount_form"),
        ("260301C", "amount_form"),
        ("26", "field_form"),
    ] {
        let field = field("61", text);
        assert_eq!(entry::Entry::read(&field).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn details_that_only_look_structured_are_text() {
    for text in ["999PN5477SCHECK-NR. 0000016703074", "123-45 rent", "166", "", "١٢٣?20x"] {
        let details = Details::read(&[text]);
        assert_eq!((details.text.as_str(), details.name), (text, None));
    }
    let details = Details::read(&["020<00Wyplata<20one<21two?<xx<32NAME"]);
    assert_eq!((details.text.as_str(), details.name.as_deref()), ("one two?<xx", Some("NAME")));
}
