//! What became of every file of an import, as an XLSX file.

use diwan_archive_api::{ImportFile, ImportFileQuery, ImportFileState};
use diwan_db::ReadTx;
use diwan_kernel::{FieldError, Lang, Permission, page::MAX_PAGE};
use diwan_platform::{
    Actor, Outcome,
    sheet::{Cell, Column, Export, ListSheet},
};

use super::store;

/// The files that are asked for, and how many they are.
pub(super) fn sheet(
    tx: &mut ReadTx<'_>,
    actor: &Actor,
    import_id: i64,
    asked: &ImportFileQuery,
    lang: Lang,
) -> Outcome<Export> {
    actor.require(Permission::Export)?;
    let import = store::load(tx, actor, import_id)?;
    let columns = [
        Column::new("المسار", "Path", 60),
        Column::new("الحجم", "Size", 12),
        Column::new("النتيجة", "Result", 14),
        Column::new("السبب", "Reason", 50),
        Column::new("رقم الوثيقة", "Document number", 20),
        Column::new("السطر", "Row", 8),
    ];
    let cells = |file: &ImportFile| {
        let number = |number: Option<i32>| number.map_or(Cell::Empty, Cell::Number);
        vec![
            Cell::text(&file.path),
            number(file.size.and_then(|size| i32::try_from(size).ok())),
            Cell::text(word(file.state, lang)),
            Cell::text(file.faults.iter().map(told).collect::<Vec<_>>().join("; ")),
            Cell::text(file.number.as_deref().unwrap_or_default()),
            number(file.line),
        ]
    };
    let sheet = ListSheet::new(lang, ("تقرير الاستيراد", "Import report"), columns);
    let page = |after| ImportFileQuery { after, limit: Some(MAX_PAGE), ..asked.clone() };
    sheet.write(|cursor| store::files(tx, actor, import.id, &page(cursor)), cells)
}

fn told(fault: &FieldError) -> String {
    let with: Vec<String> = fault.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
    match with.is_empty() {
        true => format!("{} {}", fault.field, fault.code),
        false => format!("{} {} ({})", fault.field, fault.code, with.join(", ")),
    }
}

fn word(state: ImportFileState, lang: Lang) -> &'static str {
    lang.pick(match state {
        ImportFileState::Waiting => ("بانتظار الحفظ", "Waiting"),
        ImportFileState::Filed => ("حُفظ", "Filed"),
        ImportFileState::Duplicate => ("مكرر", "Duplicate"),
        ImportFileState::Refused => ("مرفوض", "Refused"),
        ImportFileState::Failed => ("تعذّر", "Failed"),
    })
}
