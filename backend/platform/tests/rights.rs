//! Rights are kept between requests, and every change of them is seen by the next, on both databases.

#![expect(clippy::unwrap_used, reason = "what a test stands on fails by panicking")]

use diesel::{RunQueryDsl, prelude::*, sql_query};
use diwan_db::Db;
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome, Refusal, Rights};
use diwan_schema::platform::rights_epochs;
use diwan_testkit::{World, both};

fn epoch(db: &Db) -> i64 {
    db.read_now(|tx| Ok::<_, Refusal>(rights_epochs::table.select(rights_epochs::epoch).first(tx.conn()).optional()?))
        .unwrap()
        .unwrap_or_default()
}

fn asked(rights: &Rights, db: &Db, user_id: i64) -> Outcome<Actor> {
    let epoch = epoch(db);
    db.read_now(|tx| rights.of(tx, user_id, epoch))
}

fn by_hand(db: &Db, statement: &str) {
    db.upkeep("test.by_hand", |tx| {
        sql_query(statement).execute(tx.conn())?;
        Ok::<_, Refusal>(())
    })
    .unwrap();
}

#[test]
fn whatever_decides_about_rights_moves_the_epoch() {
    both(|database| {
        let db = database.db();
        let world = World::on(&db);
        let (clerk, head, agency) = (world.mof.users["clerk"], world.mof.users["head"], world.mof.id);
        let (post, unit) = (world.mof.positions["clerk"], *world.mof.units.values().next_back().unwrap());
        let steps = [
            format!("UPDATE users SET clearance = 'secret' WHERE id = {clerk}"),
            format!("UPDATE users SET name_ar = 'اسم آخر' WHERE id = {clerk}"),
            format!("UPDATE users SET must_change = true WHERE id = {clerk}"),
            format!("INSERT INTO user_caveats (user_id, caveat) VALUES ({clerk}, 'personal')"),
            format!("DELETE FROM user_caveats WHERE user_id = {clerk}"),
            format!("DELETE FROM role_permissions WHERE role_id IN (SELECT role_id FROM user_roles WHERE user_id = {clerk})"),
            format!("DELETE FROM user_roles WHERE user_id = {clerk}"),
            format!("UPDATE positions SET is_head = true WHERE id = {post}"),
            format!("UPDATE units SET parent_id = NULL WHERE id = {unit}"),
            format!("UPDATE holdings SET to_date = from_date WHERE user_id = {clerk}"),
            format!("DELETE FROM holdings WHERE user_id = {clerk}"),
            format!(
                "INSERT INTO delegations (agency_id, from_user_id, to_user_id, scope, starts_on, ends_on, reason, created_by, created_at)
                 VALUES ({agency}, {head}, {clerk}, 'all', '2026-01-01', '2027-12-31', 'leave', {head}, '2026-01-01 00:00:00')"
            ),
            format!("UPDATE delegations SET revoked_at = '2026-02-01 00:00:00' WHERE to_user_id = {clerk}"),
            format!("UPDATE users SET active = false WHERE id = {clerk}"),
            format!("UPDATE agencies SET active = false WHERE id = {agency}"),
        ];
        for step in steps {
            let before = epoch(&db);
            by_hand(&db, &step);
            assert!(epoch(&db) > before, "{step}");
        }
    });
}

#[test]
fn what_decides_nothing_leaves_the_epoch_alone() {
    both(|database| {
        let db = database.db();
        let world = World::on(&db);
        let before = epoch(&db);
        by_hand(
            &db,
            &format!("UPDATE users SET last_login_at = '2026-01-01 00:00:00' WHERE id = {}", world.mof.users["clerk"]),
        );
        assert_eq!(epoch(&db), before);
    });
}

#[test]
fn a_right_that_is_taken_is_gone_at_the_next_request_on_every_node() {
    both(|database| {
        let (db, other_node) = (database.db(), database.another_node());
        let world = World::on(&db);
        let clerk = world.mof.users["clerk"];
        let (here, there) = (Rights::default(), Rights::default());
        assert!(asked(&here, &db, clerk).unwrap().can(Permission::LettersDraft));
        assert!(asked(&there, &other_node, clerk).unwrap().can(Permission::LettersDraft));

        by_hand(&db, &format!("DELETE FROM user_roles WHERE user_id = {clerk}"));

        assert!(!asked(&here, &db, clerk).unwrap().can(Permission::LettersDraft));
        assert!(!asked(&there, &other_node, clerk).unwrap().can(Permission::LettersDraft));

        by_hand(&db, &format!("UPDATE users SET active = false WHERE id = {clerk}"));
        assert!(matches!(asked(&here, &db, clerk), Err(Refusal::SignedOut)));
    });
}

#[test]
fn what_is_kept_is_not_read_again() {
    both(|database| {
        let db = database.db();
        let world = World::on(&db);
        let clerk = world.mof.users["clerk"];
        let rights = Rights::default();
        let epoch = epoch(&db);
        let first = asked(&rights, &db, clerk).unwrap();

        by_hand(&db, &format!("UPDATE users SET name_en = 'Somebody else' WHERE id = {clerk}"));

        // Asked with the old epoch, as by a request that came before: the answer is the old one, and stays out of the way.
        let again = db.read_now(|tx| rights.of(tx, clerk, epoch)).unwrap();
        assert_eq!(again.name_en, first.name_en);
        assert_eq!(asked(&rights, &db, clerk).unwrap().name_en, "Somebody else");
    });
}
