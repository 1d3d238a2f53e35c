//! Commitments that are there before something is measured.

use std::path::Path;

use anyhow::Result;
use chrono::NaiveDate;
use diwan_finance::documents;
use diwan_finance_api::{DocumentInput, DocumentKind, DocumentNote, LineInput, PayMethod};
use diwan_platform::Secrets;

use super::office::{Office, SUBMITTED, act};

/// Commitments made in one transaction.
const BATCH: usize = 50;

/// Posts commitments, prepared, certified and authorised by the people of the office; `folder` has the key that the server
/// opens what is sealed here with.
pub fn post(office: &Office, folder: &Path, inputs: &[DocumentInput]) -> Result<Vec<i64>> {
    let secrets = Secrets::open(&folder.join("master.key"))?;
    let note = DocumentNote::default();
    let mut made = Vec::with_capacity(inputs.len());
    for some in inputs.chunks(BATCH) {
        let ids = act(&office.db, &office.clerk, |tx| {
            let mut ids = Vec::with_capacity(some.len());
            for input in some {
                let id = documents::create(tx, &office.clerk, input)?;
                documents::submit(tx, &office.clerk, id, 1)?;
                ids.push(id);
            }
            Ok(ids)
        })?;
        act(&office.db, &office.staff, |tx| {
            ids.iter().try_for_each(|id| documents::certify(tx, &office.staff, *id, SUBMITTED, &note))
        })?;
        act(&office.db, &office.director, |tx| {
            ids.iter().try_for_each(|id| documents::authorise(tx, &office.director, &secrets, (*id, SUBMITTED), &note))
        })?;
        made.extend(ids);
    }
    Ok(made)
}

/// A commitment of an amount on the key of a code, made on a day.
pub fn input(office: &Office, number: usize, (key, day): (String, NaiveDate), amount: String) -> DocumentInput {
    DocumentInput {
        kind: DocumentKind::Commitment,
        effective_on: day,
        complementary: false,
        subject: format!("عقد توريد {number}"),
        currency: "JOD".to_owned(),
        rate: String::new(),
        party_id: office.parties.get(number % office.parties.len()).copied(),
        counter: String::new(),
        source_id: None,
        reference: String::new(),
        reference_on: None,
        method: PayMethod::None,
        due_on: None,
        lines: vec![LineInput { key, debit: amount, ..LineInput::default() }],
        slices: Vec::new(),
        details: Default::default(),
    }
}
