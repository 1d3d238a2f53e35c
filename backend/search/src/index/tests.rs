//! Behaviour of the index on disk.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::{Access, Search};

/// An entry that everyone of these tests may see.
pub(crate) fn entry(id: u64, subject: &str, text: &str) -> Entry {
    Entry {
        id,
        kind: "letter".into(),
        agency: 7,
        state: "issued".into(),
        subject: subject.into(),
        date: chrono::NaiveDate::from_ymd_opt(2023, 7, 1).unwrap(),
        principals: vec!["all".into()],
        body: vec![Part { text: text.into(), ..Part::default() }],
        ..Entry::default()
    }
}

/// Someone who may see them.
pub(crate) fn reader() -> Access {
    Access { principals: vec!["all".into()], ..Access::default() }
}

pub(crate) fn find(index: &Index, text: &str) -> Vec<u64> {
    let search = Search { text: text.into(), access: reader(), limit: 100, ..Search::default() };
    index.search(&search).unwrap().hits.into_iter().map(|hit| hit.id).collect()
}

/// An index filled and put in force, as after a first start.
pub(crate) fn filled(entries: Vec<Entry>) -> (TempDir, Index, Indexer) {
    let folder = tempfile::tempdir().unwrap();
    let (index, mut indexer, _) = open(folder.path(), Settings::default()).unwrap();
    let rebuild = indexer.rebuild().unwrap();
    rebuild.upsert(entries).unwrap();
    rebuild.finish(&mut indexer, "0").unwrap();
    (folder, index, indexer)
}

fn reopen(root: &Path) -> (Index, Indexer, State) {
    open(root, Settings::default()).unwrap()
}

fn current_folder(root: &Path) -> PathBuf {
    root.join(fs::read_to_string(root.join("current")).unwrap())
}

#[test]
fn entries_are_replaced_and_removed() {
    let (_folder, index, mut indexer) = filled(vec![entry(1, "قرار", "تعيين"), entry(2, "تعميم", "عطلة")]);
    indexer.upsert([entry(1, "قرار", "ترقية"), entry(3, "بلاغ", "موازنة"), entry(3, "بلاغ", "ضريبة")]).unwrap();
    indexer.delete([2]);
    assert_eq!(find(&index, "تعيين"), [1], "nothing shows before the commit");
    indexer.commit("5").unwrap();
    assert_eq!(indexer.payload().unwrap().as_deref(), Some("5"));
    assert_eq!(index.len(), 2);
    assert_eq!(find(&index, "ترقية"), [1]);
    assert_eq!(find(&index, "الضريبة"), [3]);
    assert!(find(&index, "عطلة").is_empty());
    assert!(find(&index, "موازنة").is_empty());
}

#[test]
fn what_was_not_committed_is_gone_and_the_payload_tells() {
    let (folder, index, mut indexer) = filled(vec![entry(1, "قرار", "تعيين")]);
    indexer.upsert([entry(2, "قرار", "ترقية")]).unwrap();
    indexer.commit("41").unwrap();
    indexer.upsert([entry(3, "قرار", "نقل")]).unwrap();
    indexer.delete([1]);
    drop((index, indexer));
    let (index, _indexer, state) = reopen(folder.path());
    assert_eq!(state, State::Ready { payload: Some("41".into()) });
    assert_eq!(index.len(), 2);
    assert_eq!(find(&index, "تعيين"), [1]);
    assert!(find(&index, "نقل").is_empty());
}

#[test]
fn a_first_start_needs_a_rebuild_until_one_has_finished() {
    let folder = tempfile::tempdir().unwrap();
    let (index, mut indexer, state) = reopen(folder.path());
    assert_eq!(state, State::NeedsRebuild(RebuildReason::Missing));
    assert!(index.is_empty());
    indexer.upsert([entry(1, "قرار", "تعيين")]).unwrap();
    indexer.commit("1").unwrap();
    assert_eq!(find(&index, "تعيين"), [1], "it serves meanwhile");
    drop((index, indexer));
    let (index, indexer, state) = reopen(folder.path());
    assert_eq!(state, State::NeedsRebuild(RebuildReason::Unfinished));
    drop((index, indexer));
    fs::write(folder.path().join("current"), "0123456789abcdef-1").unwrap();
    assert_eq!(reopen(folder.path()).2, State::NeedsRebuild(RebuildReason::Outdated));
}

#[test]
fn the_old_index_serves_until_the_new_one_is_full() {
    let (folder, index, mut indexer) = filled(vec![entry(1, "قرار", "تعيين")]);
    let old = current_folder(folder.path());
    let rebuild = indexer.rebuild().unwrap();
    rebuild.upsert([entry(2, "قرار", "تعيين")]).unwrap();
    indexer.upsert([entry(3, "قرار", "تعيين")]).unwrap();
    indexer.commit("8").unwrap();
    assert_eq!(index.len(), 2);
    rebuild.finish(&mut indexer, "9").unwrap();
    assert_eq!(find(&index, "تعيين"), [2]);
    assert!(!old.exists());
    indexer.upsert([entry(4, "قرار", "تعيين")]).unwrap();
    indexer.commit("10").unwrap();
    assert_eq!(index.len(), 2);
    drop((index, indexer));
    let (index, _indexer, state) = reopen(folder.path());
    assert_eq!(state, State::Ready { payload: Some("10".into()) });
    assert_eq!(index.len(), 2);
}

#[test]
fn an_abandoned_rebuild_changes_nothing() {
    let (folder, index, mut indexer) = filled(vec![entry(1, "قرار", "تعيين")]);
    let rebuild = indexer.rebuild().unwrap();
    rebuild.upsert([entry(2, "قرار", "تعيين")]).unwrap();
    drop(rebuild);
    indexer.commit("3").unwrap();
    drop((index, indexer));
    let (index, _indexer, state) = reopen(folder.path());
    assert_eq!(state, State::Ready { payload: Some("3".into()) });
    assert_eq!(find(&index, "تعيين"), [1]);
}

#[test]
fn what_a_rebuild_leaves_becomes_few_pieces_while_changes_go_on() {
    let (_folder, index, mut indexer) = filled(Vec::new());
    let rebuild = indexer.rebuild().unwrap();
    rebuild.add_new((1..=600).map(|id| entry(id, "قرار", "تعيين"))).unwrap();
    rebuild.finish(&mut indexer, "1").unwrap();
    indexer.delete([1]);
    indexer.upsert([entry(2, "قرار", "ترقية")]).unwrap();
    indexer.commit("2").unwrap();
    indexer.wait_for_merge().unwrap();
    let health = index.health();
    assert_eq!(health.entries, 599);
    // One for each lane of the rebuild, one of the changes.
    assert!(health.segments <= super::lanes() + 1, "{health:?}");
    assert_eq!(find(&index, "ترقية"), [2]);
    assert_eq!(indexer.payload().unwrap().as_deref(), Some("2"));
    indexer.wait_for_merge().unwrap();
}

#[test]
fn one_process_writes() {
    let (folder, _index, _indexer) = filled(Vec::new());
    let second = open(folder.path(), Settings::default()).err().unwrap();
    assert!(matches!(second, SearchError::Locked { .. }), "{second}");
    assert!(second.to_string().contains("another process"));
}

/// Every file of the index, emptied, cut or overwritten: the answer is "rebuild", and the rebuild works.
#[test]
fn damage_is_seen_and_mended() {
    let damages: [fn(&mut Vec<u8>); 3] = [
        |bytes| bytes.clear(),
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_mul(31).wrapping_add(7)),
    ];
    let (folder, index, indexer) = filled((1..50).map(|id| entry(id, "قرار", "تعيين مدير عام")).collect());
    drop((index, indexer));
    let good = current_folder(folder.path());
    let files: Vec<PathBuf> = fs::read_dir(&good).unwrap().map(|file| file.unwrap().path()).collect();
    let mut seen = 0;
    for file in files.iter().filter(|file| !file.file_name().unwrap().to_string_lossy().starts_with('.')) {
        for damage in damages {
            let root = tempfile::tempdir().unwrap();
            let copy = root.path().join(good.file_name().unwrap());
            fs::create_dir(&copy).unwrap();
            for source in &files {
                fs::copy(source, copy.join(source.file_name().unwrap())).unwrap();
            }
            fs::copy(folder.path().join("current"), root.path().join("current")).unwrap();
            let target = copy.join(file.file_name().unwrap());
            let mut bytes = fs::read(&target).unwrap();
            if bytes.is_empty() {
                continue;
            }
            damage(&mut bytes);
            fs::write(&target, bytes).unwrap();

            let (index, mut indexer, state) = reopen(root.path());
            assert!(
                matches!(state, State::NeedsRebuild(RebuildReason::Corrupt { .. })),
                "{}: {state:?}",
                file.display()
            );
            assert!(find(&index, "تعيين").is_empty());
            let rebuild = indexer.rebuild().unwrap();
            rebuild.upsert([entry(1, "قرار", "تعيين")]).unwrap();
            rebuild.finish(&mut indexer, "1").unwrap();
            assert_eq!(find(&index, "تعيين"), [1]);
            seen += 1;
        }
    }
    assert!(seen >= 9);
}

#[test]
fn only_index_folders_are_ever_removed() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("letters-2023")).unwrap();
    fs::write(folder.path().join("letters-2023/keep"), "x").unwrap();
    let (_index, mut indexer, _) = reopen(folder.path());
    indexer.rebuild().unwrap().finish(&mut indexer, "1").unwrap();
    assert!(folder.path().join("letters-2023/keep").exists());
}

#[test]
fn oversized_texts_are_cut_not_refused() {
    let mut big = entry(1, &"موضوع طويل ".repeat(60_000), "تعيين");
    big.parties = vec!["جهة ".repeat(300_000)];
    big.body.push(Part { label: Some("ملف".into()), page: None, text: "نص ".repeat(4 << 20) });
    let (_folder, index, _indexer) = filled(vec![big]);
    let search = Search { text: "موضوع".into(), access: reader(), limit: 1, ..Search::default() };
    let hits = index.search(&search).unwrap();
    assert_eq!(hits.total, 1);
    assert!(hits.hits[0].subject.text.len() < 2_000);
    assert!(hits.hits[0].snippet.text.len() < 2_000);
    assert_eq!(find(&index, "تعيين"), [1]);
}
