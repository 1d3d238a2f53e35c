//! Every document of the shared data comes in by an import: those with a truth give its words, bad ones end with a reason.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diwan_archive::imports::folder::{self, Order};
use diwan_archive_api::{ImportDefaults, ImportFileState, ImportState};
use diwan_db::{Backend, DbError, ReadTx};
use diwan_extract::Part;
use diwan_kernel::Secrecy;
use diwan_platform::files::extraction::{self, Extractor};
use diwan_schema::{archive::import_files, platform::extracts};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, program, shared_data};

fn words(text: &str) -> Vec<String> {
    let bare: String = text
        .chars()
        .filter(|one| !matches!(one, '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'))
        .flat_map(char::to_lowercase)
        .collect();
    bare.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Which share of the truth's words the text has, each counted as often as it stands there.
fn recall(truth: &str, text: &str) -> f64 {
    let mut have: HashMap<String, usize> = HashMap::new();
    words(text).into_iter().for_each(|word| *have.entry(word).or_default() += 1);
    let wanted = words(truth);
    let found = wanted.iter().filter(|word| match have.get_mut(*word) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    });
    found.count() as f64 / wanted.len().max(1) as f64
}

fn truth(file: &Path) -> Option<String> {
    let beside = |end: &str| PathBuf::from(format!("{}.truth.{end}", file.with_extension("").display()));
    ["txt", "md", "csv"].iter().find_map(|end| std::fs::read_to_string(beside(end)).ok())
}

/// The contents of everything that was filed.
fn hashes(app: &TestApp) -> Vec<String> {
    let all = |tx: &mut ReadTx<'_>| Ok::<_, DbError>(extracts::table.select(extracts::blob_hash).load(tx.conn())?);
    app.platform.db.read_now(all).unwrap()
}

#[test]
fn all_documents_of_the_shared_data_come_in() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let source = shared_data("documents");
        let defaults = ImportDefaults {
            class_code: None,
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            party: String::new(),
            doc_date: None,
            unit_id: None,
        };
        let order = Order { folder: source.clone(), name: "وثائق".to_owned(), defaults, table: None };
        let clerk = app.world.modee.actor(&app.platform.db, "clerk");
        let import = folder::begin(&app.platform, &clerk, &order).await.unwrap();
        let done = import.run(|_| true).await.unwrap();
        let counts = &done.counts;
        assert_eq!((done.state, counts.refused, counts.failed), (ImportState::Done, 0, 0), "{counts:?}");
        assert!(counts.filed > 120, "{counts:?}");
        if app.platform.db.backend() == Backend::Postgres {
            // What follows does not differ by the database, and takes a minute.
            return;
        }
        // Recognition of the scans among them is the subject of `pages` and `bad_input`, and takes minutes.
        let extractor = Extractor { program: program(), limits: Default::default() };
        for hash in hashes(&app) {
            extraction::run(&app.platform, &extractor, &hash).await.unwrap();
        }
        let rows: Vec<(String, String, Option<String>, String)> = app
            .platform
            .db
            .read_now(|tx| {
                let filed = import_files::table.filter(import_files::state.eq(ImportFileState::Filed.code()));
                let hashes: Vec<(String, Option<String>)> =
                    filed.select((import_files::path, import_files::blob_hash)).load(tx.conn())?;
                let read = |(path, hash): (String, Option<String>)| {
                    let row = extracts::table.find(hash.unwrap_or_default());
                    let (state, reason, parts) =
                        row.select((extracts::state, extracts::reason, extracts::parts)).first(tx.conn())?;
                    Ok((path, state, reason, parts))
                };
                hashes.into_iter().map(read).collect::<Result<_, DbError>>()
            })
            .unwrap();
        let mut wrong = Vec::new();
        for (path, state, reason, parts) in rows {
            let bad = path.starts_with("bad-input/");
            let scan = state == "pending" && reason.as_deref() == Some("needs_ocr");
            let text: Vec<String> =
                serde_json::from_str::<Vec<Part>>(&parts).unwrap().into_iter().map(|part| part.text).collect();
            let share = truth(&source.join(&path)).map(|truth| recall(&truth, &text.join("\n")));
            let enough = scan || share.is_none_or(|share| share >= 0.98);
            let told = state == "text" || reason.is_some();
            let good = (state != "pending" || scan) && told && (bad || (state != "refused" && enough));
            if !good {
                wrong.push(format!("{path}: {state} {reason:?} recall {share:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}
