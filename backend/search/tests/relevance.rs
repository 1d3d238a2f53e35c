//! Gates of relevance on the sets of the data folder, all with one setting.

use diwan_search::eval::{Report, run};

#[path = "../../../tests/support/shared_data.rs"]
mod data;

fn set(name: &str) -> Report {
    run(&data::shared_data(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn gate(name: &str, least: f64) {
    let report = set(name);
    assert!(report.queries > 200, "{report:?}");
    assert!(report.mrr10 >= least, "MRR@10 must be at least {least}: {report:?}");
}

#[test]
fn questions_in_arabic() {
    gate("retrieval/xquad-ar", 0.945);
}

#[test]
fn keywords_of_court_rulings() {
    gate("retrieval/court-rulings-dz", 0.755);
}

#[test]
fn subject_lines_of_regulations() {
    gate("corpus/saudi-regulations", 0.83);
}

#[test]
fn questions_in_english() {
    gate("retrieval/xquad-en", 0.973);
}
