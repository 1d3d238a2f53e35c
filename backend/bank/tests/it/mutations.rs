//! Real files, changed at random: whatever comes out, nothing panics, and what is taken still adds up.

use diwan_bank::{Options, parse, read};
use proptest::prelude::*;

use crate::support::{file, names, sound};

/// All files, those of expectations left out.
fn corpus() -> Vec<Vec<u8>> {
    let folders = ["mt940", "camt", "sheet", "ofx"];
    folders
        .iter()
        .flat_map(|folder| names(folder).into_iter().map(move |name| file(&format!("{folder}/{name}"))))
        .collect()
}

fn change(bytes: &mut Vec<u8>, kind: u8, at: usize, value: u8, length: usize) {
    if bytes.is_empty() {
        return;
    }
    let at = at % bytes.len();
    let end = (at + length).min(bytes.len());
    match kind % 5 {
        0 => bytes[at] = value,
        1 => drop(bytes.drain(at..end)),
        2 => bytes.insert(at, value),
        3 => {
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        _ => bytes.truncate(at),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_files_do_not_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<u8>(), any::<usize>(), any::<u8>(), 1_usize..200), 1..8),
    ) {
        let corpus = corpus();
        let mut bytes = which.get(&corpus).clone();
        for (kind, at, value, length) in changes {
            change(&mut bytes, kind, at, value, length);
        }
        let options = Options { account: Some("A".into()), currency: Some("JOD".into()), ..Options::default() };
        for options in [Options::default(), options] {
            if let Err(refusal) = parse(&bytes, &options) {
                prop_assert!(!refusal.code().is_empty() && !refusal.to_string().is_empty());
            }
            if let Ok(statements) = read(&bytes, &options) {
                statements.iter().for_each(sound);
            }
        }
    }

    #[test]
    fn words_of_the_formats_in_any_order_do_not_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            ":20:", ":25:A", ":28C:1/1", ":60F:C260301JOD1,", ":60M:D260301JOD1,", ":61:260301", "0301", "C", "RD", "1,5", "N",
            "TRF", "//", ":86:166?20", "?", "?21EREF+", ":62F:C260301JOD1,", "-}", "{1:", "Date", "Amount", "Balance", ",", ";",
            "\n", "\n", "\n", "التاريخ", "١٢", "1.5", "-", "\"", "<", ">", "<Document>", "<BkToCstmrStmt>", "<Stmt>",
            "<Ntry>", "</Ntry>", "</Stmt>", "</BkToCstmrStmt>", "</Document>", "&amp;", "&#x41;", "رصيد سابق", "مدين",
        ]), 0..60),
    ) {
        let text = words.concat();
        let options = Options { account: Some("A".into()), currency: Some("JOD".into()), ..Options::default() };
        if let Ok(statements) = read(text.as_bytes(), &options) {
            statements.iter().for_each(sound);
        }
    }
}

/// Every amount of every file that is read, changed by one digit, must be noticed: by the totals, by a balance beside it, or
/// by the statement after it.
#[test]
fn no_digit_of_a_statement_can_change_unnoticed() {
    let text = String::from_utf8(file("mt940/ASNB_mt940.txt")).unwrap();
    let options = Options::default();
    let mut changed = 0;
    for (at, _) in text.match_indices(",") {
        let line = text.split_at(at).0.rsplit('\n').next().unwrap();
        if ![":60", ":61", ":62"].iter().any(|tag| line.starts_with(tag)) {
            continue;
        }
        let digit = text.as_bytes()[at - 1];
        if !digit.is_ascii_digit() {
            continue;
        }
        let mut bytes = text.clone().into_bytes();
        bytes[at - 1] = if digit == b'9' { b'0' } else { digit + 1 };
        let refusal = read(&bytes, &options).expect_err("a changed amount");
        assert!(["totals_differ", "gap"].contains(&refusal.code()), "{line}: {}", refusal.code());
        changed += 1;
    }
    assert!(changed > 60, "{changed} amounts changed");
}
