//! The chart that an agency begins with (دليل الحسابات الجاهز): data that is changed like any other account afterwards.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{AccountInput, Side};
use diwan_kernel::Named;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::accounts;
use serde::Deserialize;

use super::accounts::insert;

/// One account a line, those above before those below.
const CHART: &str = include_str!("../../data/chart.csv");

#[derive(Deserialize)]
struct Line {
    code: String,
    parent: String,
    ar: String,
    en: String,
    side: String,
    posting: String,
    gfsm: String,
    currency: String,
    budgeted: String,
    party: String,
    centre: String,
    trust: String,
}

/// Gives the agency of an actor the ready chart, where it has none yet, in force from a day on.
///
/// # Errors
/// The database fails.
pub fn begin(tx: &mut WriteTx<'_>, actor: &Actor, from: NaiveDate) -> Outcome<()> {
    of_agency(tx, actor.agency_id, from)
}

/// Gives an agency without accounts the ready chart, in force from a day on.
pub(super) fn of_agency(tx: &mut WriteTx<'_>, agency_id: i64, from: NaiveDate) -> Outcome<()> {
    let any: Option<i64> =
        accounts::table.filter(accounts::agency_id.eq(agency_id)).select(accounts::id).first(tx.conn()).optional()?;
    if any.is_some() {
        return Ok(());
    }
    let mut ids = BTreeMap::new();
    for line in lines()? {
        let input = input(&line, ids.get(&line.parent).copied(), from)?;
        ids.insert(line.code, insert(tx, agency_id, &input)?);
    }
    tx.audit(Audit::of("agency", agency_id).detail(serde_json::json!({ "accounts": ids.len() })))?;
    Ok(())
}

fn lines() -> Outcome<Vec<Line>> {
    let mut reader = csv::Reader::from_reader(CHART.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| Refusal::Internal(error.to_string()))
}

fn input(line: &Line, parent_id: Option<i64>, active_from: NaiveDate) -> Outcome<AccountInput> {
    let side: Side = line.side.parse()?;
    let yes = |text: &str| text == "yes";
    Ok(AccountInput {
        parent_id,
        code: line.code.clone(),
        name: Named { ar: line.ar.clone(), en: line.en.clone() },
        side,
        posting: yes(&line.posting),
        gfsm: line.gfsm.clone(),
        currency: Some(line.currency.clone()).filter(|currency| !currency.is_empty()),
        budgeted: yes(&line.budgeted),
        needs_party: yes(&line.party),
        needs_centre: yes(&line.centre),
        trust: yes(&line.trust),
        active_from,
        active_to: None,
    })
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{valid_account_code, valid_gfsm};

    use super::*;

    /// Accounts that grow on the other side than the group they stand in.
    const CONTRA: [&str; 1] = ["6119"];

    #[test]
    fn the_ready_chart_is_a_tree_whose_leaves_are_mapped() {
        let all = lines().unwrap();
        let mut seen = BTreeMap::new();
        for line in &all {
            assert!(valid_account_code(&line.code), "{}", line.code);
            assert!(valid_gfsm(&line.gfsm), "{} has no GFSM code", line.code);
            assert!(!line.ar.is_empty() && !line.en.is_empty(), "{}", line.code);
            let above = seen.get(&line.parent);
            assert_eq!(above.is_none(), line.parent.is_empty(), "{} stands under nothing", line.code);
            if let Some((posting, side)) = above {
                assert_eq!(*posting, "no", "{} stands under a leaf", line.code);
                assert!(*side == line.side || CONTRA.contains(&line.code.as_str()), "{}", line.code);
            }
            assert!(
                seen.insert(line.code.clone(), (line.posting.as_str(), line.side.clone())).is_none(),
                "{} twice",
                line.code
            );
            // Budget is spent by expense and by buying assets, never by a liability or a revenue.
            if line.budgeted == "yes" {
                assert!(line.gfsm.starts_with('2') || line.gfsm.starts_with("61"), "{}", line.code);
            }
            // Other people's money is cash or owed.
            if line.trust == "yes" {
                assert!(line.gfsm.starts_with("6202") || line.gfsm.starts_with("6308"), "{}", line.code);
            }
        }
        assert!(all.len() > 80);
        for line in all.iter().filter(|line| line.posting == "no") {
            assert!(all.iter().any(|below| below.parent == line.code), "nothing stands under {}", line.code);
        }
    }
}
