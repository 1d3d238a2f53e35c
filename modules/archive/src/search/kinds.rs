//! The names of kinds of records, as people type them behind `النوع:` or `kind:`.

use diwan_platform_api::records::RecordKind;
use diwan_search::Vocabulary;

/// The names in both languages; the code itself is one, too.
pub(super) fn vocabulary() -> Vocabulary {
    let named = |kind: &RecordKind| {
        let names: &[&str] = match kind {
            RecordKind::Outgoing => &["صادر", "الصادر", "كتاب صادر", "صادرة", "outgoing letter", "out"],
            RecordKind::Incoming => &["وارد", "الوارد", "كتاب وارد", "واردة", "incoming letter", "in"],
            RecordKind::InternalMemo => &["مذكرة", "مذكرة داخلية", "المذكرات", "داخلي", "memo", "internal memo"],
            RecordKind::Document => &["وثيقة", "الوثائق", "وثائق", "documents"],
            _ => &[],
        };
        let (code, (ar, en)) = (kind.code(), kind.names());
        names.iter().copied().chain([code, ar, en]).map(move |name| (name, code)).collect::<Vec<_>>()
    };
    Vocabulary::new(RecordKind::ALL.iter().flat_map(named))
}
