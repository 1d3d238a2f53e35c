//! Searches that people keep, and results they take away.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use diesel::prelude::*;
use diwan_archive_api::{NewDocument, NewSavedSearch, SavedSearch, SearchQuery, SearchSort};
use diwan_db::DbError;
use diwan_kernel::Secrecy;
use diwan_schema::platform::audit_entries;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, encode};

fn search(name: &str, q: &str) -> NewSavedSearch {
    let query = SearchQuery { q: q.into(), sort: Some(SearchSort::Newest), ..SearchQuery::default() };
    NewSavedSearch { name: name.into(), query }
}

#[test]
fn a_search_is_kept_renamed_and_forgotten_by_its_owner_only() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let (clerk, other) = (app.world.modee.users["clerk"], app.world.modee.users["head"]);
        let list = async |user: i64| -> Vec<SavedSearch> { app.get(user, "/api/saved-searches").await.ok() };
        assert!(list(clerk).await.is_empty());
        let mut paged = search("  العطاءات  المفتوحة ", "عطاء -صيانة");
        (paged.query.after, paged.query.limit) = (Some("40".into()), Some(20));
        let kept: SavedSearch = app.post(clerk, "/api/saved-searches", &paged).await.ok();
        assert_eq!(kept.name, "العطاءات المفتوحة");
        assert_eq!((kept.query.after.as_deref(), kept.query.limit), (None, None), "the page is not kept");
        assert_eq!(list(clerk).await, std::slice::from_ref(&kept));
        assert!(list(other).await.is_empty());

        let again = app.post(clerk, "/api/saved-searches", &search("العطاءات المفتوحة", "x")).await;
        assert_eq!(again.refused(422, "invalid").fields[0].code, "already_exists");
        let nameless = app.post(clerk, "/api/saved-searches", &search("  ", "x")).await;
        assert_eq!(nameless.refused(422, "invalid").fields[0].code, "required");
        let own: SavedSearch = app.post(other, "/api/saved-searches", &search("العطاءات المفتوحة", "x")).await.ok();
        assert_eq!(own.name, "العطاءات المفتوحة", "others may use the name");

        let path = format!("/api/saved-searches/{}", kept.id);
        app.put(other, &path, &search("سرقة", "y")).await.refused(404, "not_found");
        let renamed: SavedSearch = app.put(clerk, &path, &search("عطاءات", "عطاء")).await.ok();
        assert_eq!((renamed.id, renamed.name.as_str(), renamed.query.q.as_str()), (kept.id, "عطاءات", "عطاء"));
        app.delete(other, &path).await;
        assert_eq!(list(clerk).await, [renamed]);
        assert_eq!(app.delete(clerk, &path).await.status, 204);
        assert!(list(clerk).await.is_empty());
    });
}

#[test]
fn results_are_taken_away_as_they_are_seen() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let users = app.world.modee.users.clone();
        let clerk = users["clerk"];
        for n in 1..=3 {
            let unit_id = (n == 3).then_some(app.world.modee.units["legal"]);
            let secrecy = if n == 3 { Secrecy::Secret } else { Secrecy::Normal };
            let new = NewDocument { unit_id, secrecy, ..document(&format!("تقرير {n}")) };
            app.file(clerk, &new, &[("نص.txt", b"x")]).await;
        }
        app.index();
        let path = format!("/api/search/export?q={}&sort=newest&limit=1", encode("تقرير"));
        let subjects = async |user: i64, path: &str| -> Vec<String> {
            let file = app.get(user, path).await;
            assert_eq!(file.status, 200, "{}", String::from_utf8_lossy(&file.body));
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.body.to_vec())).unwrap();
            let name = book.sheet_names()[0].clone();
            let sheet = book.worksheet_range(&name).unwrap();
            let text = |cell: &Data| cell.to_string();
            sheet.rows().skip(1).map(|row| row.get(2).map(text).unwrap_or_default()).collect()
        };
        let mut all = subjects(clerk, &path).await;
        all.sort();
        assert_eq!(all, ["تقرير 1", "تقرير 2", "تقرير 3"], "pages do not count");
        app.get(users["staff"], &path).await.refused(403, "forbidden");
        let narrowed = subjects(clerk, &format!("{path}&secrecy=secret&lang=en")).await;
        assert_eq!(narrowed, ["تقرير 3"]);
        app.grant(users["head"], diwan_kernel::Permission::Export);
        assert!(!subjects(users["head"], &path).await.contains(&"تقرير 3".to_owned()));

        let noted: Result<Vec<String>, DbError> = app.platform.db.read_now(|tx| {
            let entries = audit_entries::table.filter(audit_entries::op.eq("archive.search.export"));
            Ok(entries.select(audit_entries::detail).load(tx.conn())?)
        });
        let noted = noted.unwrap();
        assert_eq!(noted.len(), 3);
        assert!(noted[0].contains("\"rows\":3"), "{}", noted[0]);
    });
}
