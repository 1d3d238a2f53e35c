//! Agencies, units, positions and who holds them.

use chrono::NaiveDate;
use diwan_kernel::{Named, Page, Permission};
use diwan_platform_api::people::{
    Agency, AgencyInput, AgencyKind, EndHolding, Holding, HoldingInput, Pick, Position, PositionInput, Unit, UnitInput,
    UnitKind,
};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, encode};

use super::app;

fn named(ar: &str) -> Named {
    Named { ar: ar.to_owned(), en: "name".to_owned() }
}

fn agency(code: &str, parent_id: Option<i64>) -> AgencyInput {
    AgencyInput {
        parent_id,
        kind: AgencyKind::Institution,
        code: code.to_owned(),
        name: named("مؤسسة المواصفات"),
        addressee: named("عطوفة المدير العام"),
        email: None,
        active: true,
    }
}

fn unit(code: &str, parent_id: Option<i64>) -> UnitInput {
    UnitInput {
        agency_id: None,
        parent_id,
        kind: UnitKind::Section,
        code: code.to_owned(),
        name: named("قسم الأرشيف"),
        active: true,
    }
}

fn position(unit_id: i64, is_head: bool) -> PositionInput {
    PositionInput { unit_id, title: named("رئيس قسم"), is_head, can_sign: false, active: true }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn admin(app: &TestApp) -> i64 {
    let admin = app.world.modee.users["director"];
    app.grant(admin, Permission::OrgManage);
    admin
}

fn fields(answer: &diwan_tests::Answer) -> Vec<String> {
    answer.wrong_fields().into_iter().map(|(field, code)| format!("{field} {code}")).collect()
}

#[test]
fn agencies_form_a_tree() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        let refused = app.post(admin, "/api/agencies", &agency("JSMO", None)).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "agencies.manage");
        app.grant(admin, Permission::AgenciesManage);
        let made: Agency = app.post(admin, "/api/agencies", &agency("JSMO", Some(app.world.modee.id))).await.created();
        assert_eq!(made.parent.as_ref().map(|parent| parent.id), Some(app.world.modee.id));
        assert_eq!(fields(&app.post(admin, "/api/agencies", &agency("JSMO", None)).await), ["code taken"]);
        assert_eq!(
            fields(&app.post(admin, "/api/agencies", &agency("A B", Some(99_999))).await),
            ["code code_form", "parent_id unknown"]
        );
        let path = format!("/api/agencies/{}", made.id);
        app.put_at(admin, &path, 99, &agency("JSMO", None)).await.refused(409, "stale");
        let looped = app.put_at(admin, &path, made.version, &agency("JSMO", Some(made.id))).await;
        assert_eq!(fields(&looped), ["parent_id tree_loop"]);
        let changed = AgencyInput { active: false, ..agency("JSMO", None) };
        let changed: Agency = app.put_at(admin, &path, made.version, &changed).await.ok();
        assert!(!changed.active && changed.parent.is_none());
        let own: Agency = app.get(admin, &format!("/api/agencies/{}", app.world.modee.id)).await.ok();
        let closed = AgencyInput { active: false, ..agency("MODEE", None) };
        app.put_at(admin, &format!("/api/agencies/{}", own.id), own.version, &closed).await.refused(409, "own_agency");
        app.get(admin, "/api/agencies/999999").await.refused(404, "not_found");
        let found: Page<Agency> = app.get(admin, &format!("/api/agencies?q={}", encode("مواصفات"))).await.ok();
        assert_eq!(found.items.len(), 1);
        let picked: Vec<Pick> = app.get(admin, &format!("/api/agencies/pick?q={}", encode("المالية"))).await.ok();
        assert_eq!(picked[0].id, app.world.mof.id);
    });
}

#[test]
fn units_stay_in_their_agency() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        let made: Unit =
            app.post(admin, "/api/units", &unit("ARC", Some(app.world.modee.units["office"]))).await.created();
        assert_eq!(made.agency_id, app.world.modee.id);
        assert_eq!(fields(&app.post(admin, "/api/units", &unit("ARC", None)).await), ["code taken"]);
        let foreign = app.post(admin, "/api/units", &unit("X", Some(app.world.mof.units["office"]))).await;
        assert_eq!(fields(&foreign), ["parent_id unknown"]);
        let elsewhere = UnitInput { agency_id: Some(app.world.mof.id), ..unit("X", None) };
        app.post(admin, "/api/units", &elsewhere).await.refused(404, "not_found");
        let path = format!("/api/units/{}", made.id);
        let looped = app.put_at(admin, &path, made.version, &unit("ARC", Some(made.id))).await;
        assert_eq!(fields(&looped), ["parent_id tree_loop"]);
        app.put_at(admin, &path, 99, &unit("ARC", None)).await.refused(409, "stale");
        app.put_at(admin, &path, made.version, &unit("ARC2", None)).await.ok::<Unit>();
        app.put_at(admin, &format!("/api/units/{}", app.world.mof.units["legal"]), 1, &unit("X", None))
            .await
            .refused(404, "not_found");
        let list: Page<Unit> = app.get(admin, "/api/units?limit=100").await.ok();
        assert_eq!(list.items.len(), 6);
        let picked: Vec<Pick> = app.get(admin, &format!("/api/units/pick?q={}", encode("الارشيف"))).await.ok();
        assert_eq!(picked.len(), 1);
    });
}

#[test]
fn a_position_is_held_from_day_to_day() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let admin = admin(&app);
        let (legal, staff) = (app.world.modee.units["legal"], app.world.modee.users["staff"]);
        assert_eq!(fields(&app.post(admin, "/api/positions", &position(legal, true)).await), ["is_head unit_has_head"]);
        let made: Position = app.post(admin, "/api/positions", &position(legal, false)).await.created();
        app.post(admin, "/api/positions", &position(app.world.mof.units["legal"], false))
            .await
            .refused(404, "not_found");
        let path = format!("/api/positions/{}", made.id);
        let moved = app.put_at(admin, &path, made.version, &position(app.world.modee.units["office"], false)).await;
        assert_eq!(fields(&moved), ["unit_id fixed"]);

        let put = |user_id, from: &str, to: Option<&str>| HoldingInput {
            position_id: made.id,
            user_id,
            from_date: day(from),
            to_date: to.map(day),
        };
        let own = app.post(admin, "/api/holdings", &put(admin, "2026-11-01", None)).await;
        own.refused(403, "own_rights");
        let wrong = put(app.world.mof.users["staff"], "2026-11-05", Some("2026-11-01"));
        let wrong = app.post(admin, "/api/holdings", &wrong).await;
        assert_eq!(fields(&wrong), ["user_id unknown", "to_date before_start"]);
        let held: Holding = app.post(admin, "/api/holdings", &put(staff, "2026-11-01", None)).await.created();
        let later: Holding = app
            .post(admin, "/api/holdings", &put(app.world.modee.users["head"], "2026-12-01", Some("2026-12-31")))
            .await
            .created();
        let list: Vec<Holding> = app.get(admin, &format!("{path}/holdings")).await.ok();
        assert_eq!(list.len(), 2);
        let closed = PositionInput { active: false, ..position(legal, false) };
        app.put_at(admin, &path, made.version, &closed).await.refused(409, "position_in_use");
        let end = |text: &str| EndHolding { to_date: day(text) };
        let early = app.post(admin, &format!("/api/holdings/{}/end", held.id), &end("2026-10-01")).await;
        assert_eq!(fields(&early), ["to_date before_start"]);
        let ended: Holding = app.post(admin, &format!("/api/holdings/{}/end", held.id), &end("2026-11-01")).await.ok();
        assert_eq!(ended.to_date, Some(day("2026-11-01")));
        app.delete(admin, &format!("/api/holdings/{}", held.id)).await.refused(409, "holding_begun");
        app.delete(admin, &format!("/api/holdings/{}", later.id)).await.done();
        app.delete(admin, &format!("/api/holdings/{}", later.id)).await.refused(404, "not_found");
        let positions: Page<Position> = app.get(admin, "/api/positions?limit=100").await.ok();
        assert_eq!(positions.items.len(), 8);
        let picked: Vec<Pick> = app.get(admin, &format!("/api/positions/pick?q={}", encode("رئيس"))).await.ok();
        assert_eq!(picked.len(), 1);
    });
}
