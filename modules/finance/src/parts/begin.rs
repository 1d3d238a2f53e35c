//! The parts of the key that an agency begins with (عناصر التصنيف الجاهزة): data that is changed like any other afterwards.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{Audit, WriteTx};
use diwan_finance_api::{SegmentInput, SegmentKind};
use diwan_kernel::Named;
use diwan_platform::{Actor, Outcome, Refusal};
use diwan_schema::finance::segments;
use serde::Deserialize;

use super::part::Part as _;

/// One value a line, those above before those below.
const SEGMENTS: &str = include_str!("../../data/segments.csv");

#[derive(Deserialize)]
struct Line {
    kind: SegmentKind,
    code: String,
    parent: String,
    ar: String,
    en: String,
    posting: String,
    gfsm: String,
    cofog: String,
}

fn lines() -> Outcome<Vec<Line>> {
    let mut reader = csv::Reader::from_reader(SEGMENTS.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| Refusal::Internal(error.to_string()))
}

/// Gives the agency of an actor the ready parts, where it has none yet, in force from a day on.
///
/// # Errors
/// The database fails.
pub fn begin(tx: &mut WriteTx<'_>, actor: &Actor, from: NaiveDate) -> Outcome<()> {
    of_agency(tx, actor.agency_id, from)
}

/// Gives an agency without any the ready parts, in force from a day on.
pub(crate) fn of_agency(tx: &mut WriteTx<'_>, agency_id: i64, from: NaiveDate) -> Outcome<()> {
    let any: Option<i64> =
        segments::table.filter(segments::agency_id.eq(agency_id)).select(segments::id).first(tx.conn()).optional()?;
    if any.is_some() {
        return Ok(());
    }
    let mut ids: BTreeMap<(SegmentKind, String), i64> = BTreeMap::new();
    for line in lines()? {
        let parent_id = ids.get(&(line.kind, line.parent)).copied();
        let one = SegmentInput {
            kind: line.kind,
            parent_id,
            code: line.code,
            name: Named { ar: line.ar, en: line.en },
            posting: line.posting == "yes",
            gfsm: line.gfsm,
            cofog: line.cofog,
            active_from: from,
            active_to: None,
        };
        let id = one.insert(tx, agency_id)?;
        ids.insert((one.kind, one.code), id);
    }
    tx.audit(Audit::of("agency", agency_id).detail(serde_json::json!({ "segments": ids.len() })))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diwan_finance_api::{valid_cofog, valid_gfsm, valid_part_code};

    use super::*;

    #[test]
    fn the_ready_parts_are_trees_whose_leaves_are_mapped() {
        let all = lines().unwrap();
        let mut seen: BTreeMap<(SegmentKind, String), bool> = BTreeMap::new();
        for line in &all {
            let posting = line.posting == "yes";
            assert!(valid_part_code(&line.code), "{}", line.code);
            assert!(!line.ar.is_empty() && !line.en.is_empty(), "{}", line.code);
            let above = seen.get(&(line.kind, line.parent.clone()));
            assert_eq!(above.is_none(), line.parent.is_empty(), "{} stands under nothing", line.code);
            assert_ne!(above, Some(&true), "{} stands under a leaf", line.code);
            assert_eq!(line.kind == SegmentKind::Item, valid_gfsm(&line.gfsm), "{}", line.code);
            let function = matches!(line.kind, SegmentKind::Programme | SegmentKind::Activity);
            assert_eq!(function, valid_cofog(&line.cofog), "{}", line.code);
            assert!(seen.insert((line.kind, line.code.clone()), posting).is_none(), "{} twice", line.code);
        }
        for kind in SegmentKind::ALL {
            assert!(all.iter().any(|line| line.kind == *kind && line.posting == "yes"), "{kind} has no leaf");
        }
    }

    #[test]
    fn items_are_the_accounts_that_spend_budget() {
        let items: BTreeSet<String> = lines()
            .unwrap()
            .into_iter()
            .filter(|line| line.kind == SegmentKind::Item && line.posting == "yes")
            .map(|line| line.code)
            .collect();
        let mut chart = csv::Reader::from_reader(include_str!("../../data/chart.csv").as_bytes());
        let budgeted: BTreeSet<String> = chart
            .records()
            .map(Result::unwrap)
            .filter(|record| &record[8] == "yes")
            .map(|record| record[0].to_owned())
            .collect();
        assert_eq!(items, budgeted);
    }
}
