//! What every list of the setup has in common: it is read in pages, searched, added to, changed, taken along and brought
//! back as a table. A list says in [`Part`] what is its own; the rest stands here once.

use diwan_db::{Audit, ReadTx, WriteTx};
use diwan_finance_api::{PartQuery, PartRow, PartSort};
use diwan_kernel::{Lang, Page, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    sheet::{Cell, Column, ListSheet, TableForm},
};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use super::cells::{Cells, Known};

/// Rows that an export reads at once.
const EXPORT_ROWS: i64 = 1_000;

/// What a list is called.
#[derive(Debug)]
pub(crate) struct About {
    /// In the trail, and where it is not found.
    pub(crate) entity: &'static str,
    /// The operations: create, change, export, import.
    pub(crate) ops: [&'static str; 4],
    /// The name of its sheet in both languages.
    pub(crate) sheet: (&'static str, &'static str),
    /// The name of its file.
    pub(crate) file: &'static str,
}

/// What is written in the form of a list, and how the list keeps it.
pub(crate) trait Part: Clone + PartialEq + Serialize + DeserializeOwned + ToSchema + Send + 'static {
    /// What it is called.
    const ABOUT: About;
    /// The columns of its table, in the order of [`Part::cells`].
    const COLUMNS: &'static [Known];

    /// A page of so many rows.
    fn list(tx: &mut ReadTx<'_>, agency_id: i64, query: &PartQuery, limit: i64) -> Outcome<Page<PartRow<Self>>>;

    /// The row of an id in the agency.
    fn load(tx: &mut ReadTx<'_>, agency_id: i64, id: i64) -> Outcome<PartRow<Self>>;

    /// The form with clean text; `before` is the row that is changed.
    fn checked(&self, tx: &mut ReadTx<'_>, actor: &Actor, before: Option<&PartRow<Self>>) -> Outcome<Self>;

    /// Puts the checked form into the database.
    fn insert(&self, tx: &mut WriteTx<'_>, agency_id: i64) -> Outcome<i64>;

    /// Puts it over the row of an id and version; answers how many rows that were.
    fn update(&self, tx: &mut WriteTx<'_>, id: i64, version: i64) -> Outcome<usize>;

    /// The cells of a row.
    fn cells(row: &PartRow<Self>, lang: Lang) -> Vec<Cell>;

    /// The form out of the cells of a table.
    fn read(tx: &mut ReadTx<'_>, agency_id: i64, cells: &Cells<'_>) -> Outcome<Self>;

    /// The id of the row that has the same key.
    fn find(&self, tx: &mut ReadTx<'_>, agency_id: i64) -> Outcome<Option<i64>>;
}

/// The agency that somebody writes in, and the person.
pub(crate) fn writer(tx: &WriteTx<'_>) -> Outcome<(i64, i64)> {
    let who = tx.who();
    who.agency_id.zip(who.user_id).ok_or_else(|| Refusal::Internal("nobody writes".to_owned()))
}

/// Adds a row.
pub(crate) fn create<P: Part>(tx: &mut WriteTx<'_>, actor: &Actor, input: &P) -> Outcome<PartRow<P>> {
    let id = input.checked(tx, actor, None)?.insert(tx, actor.agency_id)?;
    let made = P::load(tx, actor.agency_id, id)?;
    tx.audit(Audit::of(P::ABOUT.entity, id).after(&made))?;
    Ok(made)
}

/// Changes a row that still has this version.
pub(crate) fn change<P: Part>(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    (id, version): (i64, i64),
    input: &P,
) -> Outcome<PartRow<P>> {
    let entity = P::ABOUT.entity;
    let before = P::load(tx, actor.agency_id, id)?;
    if before.version != version {
        return Err(Refusal::stale(entity, before.version, version));
    }
    let clean = input.checked(tx, actor, Some(&before))?;
    if clean.update(tx, id, version)? == 0 {
        return Err(Refusal::stale(entity, version + 1, version));
    }
    let after = P::load(tx, actor.agency_id, id)?;
    tx.audit(Audit::of(entity, id).before(&before).after(&after))?;
    Ok(after)
}

/// The rows that are asked for as a file, which the import reads back; that it was taken away is noted.
pub(crate) fn export<P: Part>(
    tx: &mut WriteTx<'_>,
    actor: &Actor,
    query: &PartQuery,
    (lang, form): (Lang, TableForm),
) -> Outcome<Vec<u8>> {
    let columns: Vec<Column> = P::COLUMNS.iter().map(|known| Column::new(known.ar, known.en, known.width)).collect();
    let page = |after| {
        let query = PartQuery { after, ..query.clone() };
        P::list(tx, actor.agency_id, &query, EXPORT_ROWS)
    };
    let sheet = ListSheet::new(lang, P::ABOUT.sheet, columns).in_form(form);
    let (file, rows) = sheet.write(page, |row| P::cells(row, lang))?;
    tx.audit(Audit::of("agency", actor.agency_id).detail(serde_json::json!({ "rows": rows })))?;
    Ok(file)
}

/// What a row of a short list is found and sorted by.
pub(crate) struct Words {
    /// Its code, or what stands first.
    pub(crate) code: String,
    /// Its names.
    pub(crate) name: String,
    /// What it is found by besides.
    pub(crate) more: String,
}

/// A page of a list that is short enough to be read as a whole: what is asked for of it, in order.
pub(crate) fn page_of<T>(
    rows: Vec<PartRow<T>>,
    query: &PartQuery,
    limit: i64,
    words: impl Fn(&PartRow<T>) -> Words,
) -> Page<PartRow<T>> {
    let asked = text::fold(query.q.as_deref().unwrap_or_default());
    let asked: Vec<&str> = asked.split_whitespace().collect();
    let sort = query.sort.unwrap_or(PartSort::Code);
    let mut found: Vec<(String, PartRow<T>)> = Vec::with_capacity(rows.len());
    for row in rows {
        let Words { code, name, more } = words(&row);
        let hay = text::fold(&format!("{code} {name} {more}"));
        if asked.iter().all(|word| hay.contains(word)) {
            let first = if matches!(sort, PartSort::Name | PartSort::NameDown) { text::fold(&name) } else { code };
            // The id makes the key of a row its own.
            found.push((format!("{first}\u{1}{:020}", row.id), row));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let down = matches!(sort, PartSort::CodeDown | PartSort::NameDown);
    if down {
        found.reverse();
    }
    if let Some(after) = &query.after {
        found.retain(|(key, _)| if down { key < after } else { key > after });
    }
    let rows = usize::try_from(limit).map_or(usize::MAX, |limit| limit.saturating_add(1));
    found.truncate(rows);
    Page::from_rows(found, limit, |(key, _)| key.clone(), |(_, row)| row)
}
