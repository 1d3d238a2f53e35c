//! Words of closed sets in tables that people bring and take: the code, the Arabic or the English word.

use std::sync::LazyLock;

use diwan_finance_api::{DocumentKind, PartyKind, SegmentKind, Side};
use diwan_platform::people::words::Word;
use diwan_platform_api::records::RecordKind;

pub(crate) static SIDES: [Word<Side>; 2] =
    [(Side::Debit, ["debit", "مدين", "Debit"]), (Side::Credit, ["credit", "دائن", "Credit"])];

pub(crate) static PARTIES: [Word<PartyKind>; 4] = [
    (PartyKind::Supplier, ["supplier", "مورّد", "Supplier"]),
    (PartyKind::Payee, ["payee", "مستفيد", "Payee"]),
    (PartyKind::Employee, ["employee", "موظف", "Employee"]),
    (PartyKind::Government, ["government", "جهة حكومية", "Government"]),
];

pub(crate) static SEGMENTS: [Word<SegmentKind>; 6] = [
    (SegmentKind::Chapter, ["chapter", "فصل", "Chapter"]),
    (SegmentKind::Programme, ["programme", "برنامج", "Programme"]),
    (SegmentKind::Activity, ["activity", "نشاط أو مشروع", "Activity or project"]),
    (SegmentKind::Fund, ["fund", "مصدر التمويل", "Fund"]),
    (SegmentKind::Location, ["location", "الموقع", "Location"]),
    (SegmentKind::Item, ["item", "بند", "Item"]),
];

/// The kinds of documents, as their records are named.
pub(crate) static DOCUMENTS: LazyLock<Vec<Word<DocumentKind>>> = LazyLock::new(|| {
    let word = |kind: &DocumentKind| {
        let (ar, en) = kind.code().parse::<RecordKind>().ok()?.names();
        Some((*kind, [kind.code(), ar, en]))
    };
    DocumentKind::ALL.iter().filter_map(word).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_words() {
        assert!(Side::ALL.iter().zip(&SIDES).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert!(PartyKind::ALL.iter().zip(&PARTIES).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert!(SegmentKind::ALL.iter().zip(&SEGMENTS).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert!(DocumentKind::ALL.iter().zip(DOCUMENTS.iter()).all(|(a, (b, [code, ..]))| a == b && a.code() == *code));
        assert_eq!((PartyKind::ALL.len(), DocumentKind::ALL.len()), (PARTIES.len(), DOCUMENTS.len()));
    }
}
