//! What leads from the comparison with the budget to the statement of cash: what was paid in the year of obligations of earlier
//! years, and what was spent without cash.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Timestamp},
};
use diwan_db::ReadTx;
use diwan_finance_api::Target;
use diwan_platform::Outcome;

use super::{
    cash::{self, IS_CASH},
    items::Item,
    rows::{ACTUAL, Row},
};
use crate::reports::{form::link, frame::Frame, names::Shown, paid as payments, parts};

/// What was paid of a budget line, in minor units of the base currency.
#[derive(QueryableByName)]
struct Paid {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    year_id: i64,
    /// In the days.
    #[diesel(sql_type = BigInt)]
    paid: i64,
    /// By entries that move no own cash, or only a part of what their documents are about.
    #[diesel(sql_type = BigInt)]
    no_cash: i64,
}

/// Both by budget lines, of the year and of the year before; and what the statement of cash says of the budget in the year.
///
/// # Errors
/// The database fails; a sum does not fit.
pub(super) fn of(tx: &mut ReadTx<'_>, frame: &Frame, before: &Frame) -> Outcome<Vec<(&'static str, Item)>> {
    let mut all = Vec::new();
    for (frame, at) in [(frame, ACTUAL), (before, ACTUAL + 1)] {
        let paid = paid(tx, frame)?;
        let lines = parts::of_lines(tx, frame, &paid.iter().map(|one| one.id).collect::<Vec<_>>())?;
        for one in paid {
            let Some(shown) = lines.get(&one.id) else { continue };
            let earlier = if Some(one.year_id) == frame.year_id { 0 } else { one.paid };
            for (measure, amount) in [("earlier", earlier), ("without", one.no_cash)] {
                if amount != 0 {
                    all.push((measure, item(shown.clone(), Some(one.id), (at, amount))));
                }
            }
        }
    }
    let nobody = Shown { code: String::new(), ar: String::new(), en: String::new() };
    all.push(("outlay", item(nobody, None, (ACTUAL, cash::of_budget(tx, frame)?))));
    Ok(all)
}

fn item(shown: Shown, line: Option<i64>, (at, amount): (usize, i64)) -> Item {
    let mut figures = Row::default();
    if let Some(figure) = figures.get_mut(at) {
        *figure = amount;
    }
    Item { code: String::new(), shown, link: line.and_then(|id| link(Target::Line, id)), figures }
}

/// What was paid in the days of a frame, by line of whatever year.
fn paid(tx: &mut ReadTx<'_>, frame: &Frame) -> Outcome<Vec<Paid>> {
    let [agency, year, from, to, known] = tx.marks();
    let signed = "CASE WHEN m.target = 'paid' THEN m.amount ELSE -m.amount END";
    let text = format!(
        "SELECT p.id AS id, p.year_id AS year_id, CAST(SUM(p.amount) AS BIGINT) AS paid,
            CAST(SUM(CASE WHEN p.moves_cash = 1 THEN 0 ELSE p.amount END) AS BIGINT) AS no_cash
        FROM (SELECT l.id AS id, l.year_id AS year_id, l.code AS code, {signed} AS amount,
                CASE WHEN EXISTS (SELECT 1 FROM entry_lines x JOIN accounts a ON a.id = x.account_id
                    WHERE x.entry_id = m.entry_id AND {IS_CASH} AND NOT a.trust) AND {comes_to} IS NULL
                    THEN 1 ELSE 0 END AS moves_cash
            FROM budget_moves m JOIN budget_lines l ON l.id = m.line_id
            WHERE l.agency_id = {agency} AND (m.target = 'paid' OR m.source = 'paid')
                AND m.effective_on BETWEEN {from} AND {to} AND m.recorded_at <= {known}) p
        GROUP BY p.id, p.year_id, p.code
        HAVING p.year_id <> {year} OR SUM(CASE WHEN p.moves_cash = 1 THEN 0 ELSE p.amount END) <> 0 ORDER BY p.code, p.id",
        comes_to = payments::comes_to(["m.record_id", "m.entry_id"], false),
    );
    Ok(sql_query(text)
        .bind::<BigInt, _>(frame.agency_id)
        .bind::<BigInt, _>(frame.year_id.unwrap_or_default())
        .bind::<Date, _>(frame.from)
        .bind::<Date, _>(frame.to)
        .bind::<Timestamp, _>(frame.recorded_until())
        .load(tx.conn())?)
}
