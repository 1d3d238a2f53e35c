//! Grants open what they should until their last day, and nothing else; and who saw what is written down.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use diwan_archive_api::{Document, DocumentRow, NewDocument, STANDARD_CLASSES, SearchAnswer, Suggestions};
use diwan_db::{DbError, Violation};
use diwan_kernel::{Caveat, Page, Permission, Secrecy};
use diwan_platform_api::access::{
    AccessRequest, Decision, Grant, GrantTo, NewClassGrant, NewGrant, NewRequest, RequestState, ViewEntry, ViewWay,
};
use diwan_schema::platform::{record_views, user_caveats, user_roles, users};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, encode};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

fn day(n: i64) -> NaiveDate {
    TestDb::start().date() + Duration::days(n)
}

fn to(kind: GrantTo, id: i64, until: Option<NaiveDate>) -> NewGrant {
    NewGrant { to_kind: kind, to_id: id, until, reason: "لدراسة المعاملة".to_owned() }
}

/// A person as the oracle knows them.
struct Person {
    id: i64,
    clearance: Secrecy,
    caveats: BTreeSet<Caveat>,
    role: i64,
    /// The units whose records they see.
    units: BTreeSet<i64>,
    /// The units they work in, and those below where they are the head.
    all: bool,
}

const PEOPLE: [&str; 7] = ["sg", "registry_head", "clerk", "director", "head", "staff", "other_head"];

fn sees_units(name: &str) -> &'static [&'static str] {
    match name {
        "sg" => &["office", "registry", "budget", "studies", "legal"],
        "registry_head" | "clerk" => &["registry"],
        "director" => &["budget", "studies"],
        "head" | "staff" => &["studies"],
        _ => &["legal"],
    }
}

/// Gives everybody a random clearance, random caveats and the right to read the archive.
fn people(app: &TestApp, dice: &mut Dice) -> Vec<Person> {
    let agency = &app.world.modee;
    let mut people = Vec::new();
    for name in PEOPLE {
        let id = agency.users[name];
        // The clerk files everything, and so may see everything.
        let clearance = if name == "clerk" { Secrecy::TopSecret } else { *dice.pick(Secrecy::ALL) };
        let caveats: BTreeSet<Caveat> =
            Caveat::ALL.iter().copied().filter(|_| name == "clerk" || dice.below(2) == 0).collect();
        let role = app.platform.db.upkeep("test.person", |tx| {
            diesel::update(users::table.find(id)).set(users::clearance.eq(clearance.code())).execute(tx.conn())?;
            for caveat in &caveats {
                let row = (user_caveats::user_id.eq(id), user_caveats::caveat.eq(caveat.code()));
                diesel::insert_into(user_caveats::table).values(row).execute(tx.conn())?;
            }
            let roles = user_roles::table.filter(user_roles::user_id.eq(id));
            Ok::<i64, DbError>(roles.select(user_roles::role_id).first(tx.conn())?)
        });
        if name != "clerk" {
            app.grant(id, Permission::ArchiveRead);
        }
        let units = sees_units(name).iter().map(|unit| agency.units[unit]).collect();
        let all = matches!(name, "sg" | "clerk");
        people.push(Person { id, clearance, caveats, role: role.unwrap(), units, all });
    }
    app.grant(agency.users["clerk"], Permission::AccessGrant);
    people
}

/// A grant as the oracle knows it.
struct Given {
    id: i64,
    document: Option<i64>,
    class: Option<String>,
    kind: GrantTo,
    to: i64,
    until: Option<NaiveDate>,
    revoked: bool,
}

/// Whether a class of the standard plan is this one or lies below it.
fn covers(top: &str, code: &str) -> bool {
    code == top || STANDARD_CLASSES.iter().any(|class| class.code == code && class.above == top)
}

impl Given {
    fn opens(&self, person: &Person, document: &Document, today: NaiveDate) -> bool {
        let of_class = |top: &String| document.class_code.as_ref().is_some_and(|code| covers(top, code));
        let here = self.document == Some(document.head.id) || self.class.as_ref().is_some_and(of_class);
        let theirs = match self.kind {
            GrantTo::User => self.to == person.id,
            GrantTo::Unit => person.units.contains(&self.to),
            GrantTo::Role => self.to == person.role,
        };
        here && theirs && !self.revoked && self.until.is_none_or(|until| until >= today)
    }
}

fn expected(person: &Person, documents: &[Document], given: &[Given], today: NaiveDate) -> BTreeSet<i64> {
    let may = |document: &&Document| {
        let head = &document.head;
        let placed = person.all
            || head.created_by.id == person.id
            || head.unit.as_ref().is_some_and(|unit| person.units.contains(&unit.id));
        head.secrecy <= person.clearance
            && head.caveats.iter().all(|caveat| person.caveats.contains(caveat))
            && (placed || given.iter().any(|one| one.opens(person, document, today)))
    };
    documents.iter().filter(may).map(|document| document.head.id).collect()
}

async fn documents(app: &TestApp, dice: &mut Dice) -> Vec<Document> {
    let clerk = app.world.modee.users["clerk"];
    let units: Vec<i64> = app.world.modee.units.values().copied().collect();
    let mut filed = Vec::new();
    for n in 0..40 {
        let new = NewDocument {
            secrecy: *dice.pick(Secrecy::ALL),
            caveats: Caveat::ALL.iter().copied().filter(|_| dice.below(5) == 0).collect(),
            class_code: Some((*dice.pick(&["1000", "1100", "1200", "2000", "3000"])).to_owned()),
            unit_id: Some(*dice.pick(&units)),
            ..document(&format!("مشترك في المحضر رقم سري{n:02}"))
        };
        let text = format!("النص المشترك للوثيقة كلمة{n:02}");
        filed.push(app.file(clerk, &new, &[("نص.txt", text.as_bytes())]).await);
    }
    filed
}

/// Gives random things to random people, units and roles.
async fn give(app: &TestApp, dice: &mut Dice, people: &[Person], documents: &[Document]) -> Vec<Given> {
    let clerk = app.world.modee.users["clerk"];
    let units: Vec<i64> = app.world.modee.units.values().copied().collect();
    let mut given = Vec::new();
    for n in 0..60 {
        let kind = *dice.pick(GrantTo::ALL);
        let receiver = match kind {
            GrantTo::User => dice.pick(people).id,
            GrantTo::Unit => *dice.pick(&units),
            GrantTo::Role => dice.pick(people).role,
        };
        let of_class = n % 12 == 0;
        let until = (!of_class || dice.below(2) == 0).then(|| day(i64::try_from(dice.below(10)).unwrap()));
        let new = to(kind, receiver, until);
        let (document, class, grants): (_, _, Vec<Grant>) = if of_class {
            let class = (*dice.pick(&["1000", "1100", "2000"])).to_owned();
            let input = NewClassGrant { class_code: class.clone(), grant: new };
            (None, Some(class), app.post(clerk, "/api/class-grants", &input).await.ok())
        } else {
            let id = dice.pick(documents).head.id;
            (Some(id), None, app.post(clerk, &format!("/api/records/{id}/grants"), &new).await.ok())
        };
        let id = grants.iter().map(|grant| grant.id).max().unwrap();
        given.push(Given { id, document, class, kind, to: receiver, until, revoked: false });
    }
    given
}

/// Compares everything that a person can ask with what the oracle says.
async fn check(app: &TestApp, person: &Person, documents: &[Document], wanted: &BTreeSet<i64>) {
    let who = person.id;
    let list: Page<DocumentRow> = app.get(who, "/api/documents?limit=100").await.ok();
    assert_eq!(list.items.iter().map(|row| row.id).collect::<BTreeSet<_>>(), *wanted, "the list of {who}");

    let found: SearchAnswer = app.find(who, &format!("q={}&limit=100", encode("مشترك"))).await;
    assert_eq!(found.hits.iter().map(|hit| hit.id).collect::<BTreeSet<_>>(), *wanted, "the hits of {who}");
    assert_eq!(found.total, wanted.len() as u64, "the count of {who}");
    let mut levels = BTreeMap::<&str, u64>::new();
    for one in documents.iter().filter(|one| wanted.contains(&one.head.id)) {
        *levels.entry(one.head.secrecy.code()).or_default() += 1;
    }
    let counted: BTreeMap<&str, u64> = found
        .facets
        .secrecy
        .iter()
        .filter(|facet| facet.count > 0)
        .map(|facet| (facet.value.as_str(), facet.count))
        .collect();
    assert_eq!(counted, levels, "the facets of {who}");
    // A class counts what lies below it too.
    let mut classes = BTreeMap::<&str, u64>::new();
    for one in documents.iter().filter(|one| wanted.contains(&one.head.id)) {
        let code = one.class_code.as_deref().unwrap();
        for class in STANDARD_CLASSES.iter().filter(|class| covers(class.code, code)) {
            *classes.entry(class.code).or_default() += 1;
        }
    }
    let counted = found.facets.classes.iter().filter(|facet| facet.count > 0);
    let counted: BTreeMap<&str, u64> =
        counted.map(|facet| (facet.value.rsplit('/').next().unwrap(), facet.count)).collect();
    assert_eq!(counted, classes, "the classes of {who}");

    for one in documents {
        let (id, open) = (one.head.id, wanted.contains(&one.head.id));
        let status = app.get(who, &format!("/api/documents/{id}")).await.status.as_u16();
        assert_eq!(status, if open { 200 } else { 404 }, "document {id} of {who}");
        let file = format!("/api/attachments/{}/content", one.attachments[0].id);
        assert_eq!(app.get(who, &file).await.status.as_u16(), if open { 200 } else { 404 }, "the file of {id}");
    }
    for one in documents.iter().step_by(3) {
        let word = one.head.subject.rsplit(' ').next().unwrap();
        let suggested: Suggestions = app.get(who, &format!("/api/search/suggest?q={}", encode(word))).await.ok();
        assert!(suggested.items.iter().all(|item| wanted.contains(&item.id)), "the suggestions of {who} for {word}");
        let found: SearchAnswer = app.find(who, &format!("q={}&limit=100", encode(word))).await;
        let open = wanted.contains(&one.head.id);
        assert_eq!(found.hits.iter().any(|hit| hit.id == one.head.id), open, "{word} for {who}");
        assert!(
            open || found.hits.iter().all(|hit| !hit.snippet.text.contains(word) && !hit.subject.text.contains(word))
        );
    }
}

#[test]
fn nobody_is_shown_anything_of_what_is_hidden() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let mut dice = Dice(20_261_101);
        let people = people(&app, &mut dice);
        let documents = documents(&app, &mut dice).await;
        app.extract().await;
        let mut given = give(&app, &mut dice, &people, &documents).await;
        app.index();
        for person in &people {
            check(&app, person, &documents, &expected(person, &documents, &given, day(0))).await;
        }
        // Days go by and grants are taken back, and the index hears of none of it.
        app.db.clock().advance(Duration::days(5));
        for one in given.iter_mut().filter(|one| one.id % 7 == 0) {
            app.delete(app.world.modee.users["clerk"], &format!("/api/grants/{}", one.id)).await;
            one.revoked = true;
        }
        assert!(given.iter().any(|one| one.until.is_some_and(|until| until < day(5))));
        for person in &people {
            check(&app, person, &documents, &expected(person, &documents, &given, day(5))).await;
        }
        let stranger = app.world.mof.users["clerk"];
        assert_eq!(app.find(stranger, &format!("q={}", encode("مشترك"))).await.total, 0);
    });
}

#[test]
fn a_grant_takes_the_right_a_reason_and_a_day_and_never_goes_beyond_the_giver() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let (clerk, staff) = (users["clerk"], users["staff"]);
        let filed = app.file(clerk, &document("منح"), &[("a.txt", b"one")]).await;
        let path = format!("/api/records/{}/grants", filed.head.id);
        let new = to(GrantTo::User, staff, Some(day(3)));
        app.post(clerk, &path, &new).await.refused(403, "forbidden");
        app.grant(clerk, Permission::AccessGrant);
        app.grant(users["other_head"], Permission::AccessGrant);
        app.post(users["other_head"], &path, &new).await.refused(404, "not_found");
        let class = NewClassGrant { class_code: "3000".to_owned(), grant: to(GrantTo::User, staff, None) };
        app.post(users["other_head"], "/api/class-grants", &class).await.refused(403, "forbidden");

        let wrong = NewGrant { until: Some(day(-1)), reason: " ".to_owned(), ..new.clone() };
        let told = app.post(clerk, &path, &wrong).await.refused(422, "invalid");
        let codes: Vec<_> = told.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
        assert_eq!(codes, [("reason", "required"), ("until", "day_is_over")]);
        let ever = app.post(clerk, &path, &to(GrantTo::User, staff, None)).await.refused(422, "invalid");
        assert_eq!(ever.fields[0].field, "until", "a record is never granted for ever");
        let foreign = to(GrantTo::User, app.world.mof.users["clerk"], Some(day(3)));
        assert_eq!(app.post(clerk, &path, &foreign).await.refused(422, "invalid").fields[0].field, "to_id");

        let grants: Vec<Grant> = app.post(clerk, &path, &new).await.ok();
        assert!(grants[0].in_force && grants[0].to.id == staff);
        app.grant(staff, Permission::ArchiveRead);
        let page = format!("/api/documents/{}", filed.head.id);
        let _open: Document = app.get(staff, &page).await.ok();
        app.db.clock().advance(Duration::days(3));
        let _last_day: Document = app.get(staff, &page).await.ok();
        app.db.clock().advance(Duration::days(1));
        app.get(staff, &page).await.refused(404, "not_found");
        let grants: Vec<Grant> = app.get(clerk, &path).await.ok();
        assert!(!grants[0].in_force && grants[0].revoked_at.is_none());

        let grants: Vec<Grant> = app.post(clerk, &path, &to(GrantTo::User, staff, Some(day(30)))).await.ok();
        let _open: Document = app.get(staff, &page).await.ok();
        let one = format!("/api/grants/{}", grants[0].id);
        assert_eq!(app.delete(clerk, &one).await.status.as_u16(), 204);
        app.get(staff, &page).await.refused(404, "not_found");
        app.delete(clerk, &one).await.refused(404, "not_found");
    });
}

#[test]
fn a_request_tells_nothing_and_is_decided_by_somebody_else() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let (clerk, staff) = (users["clerk"], users["staff"]);
        app.grant(clerk, Permission::AccessGrant);
        app.grant(staff, Permission::ArchiveRead);
        let filed = app.file(clerk, &document("مطلوب"), &[("a.txt", b"one")]).await;
        let number = filed.head.number.clone().unwrap();
        let ask =
            |number: &str| NewRequest {
                number: number.to_owned(), record_id: None, reason: "للدراسة".to_owned()
            };
        let (there, not_there) = (
            app.post(staff, "/api/access-requests", &ask(&number)).await,
            app.post(staff, "/api/access-requests", &ask("ARC/9/9999")).await,
        );
        assert_eq!((there.status.as_u16(), &there.body), (204, &not_there.body));
        assert_eq!(not_there.status.as_u16(), 204);
        let mine: Vec<AccessRequest> = app.get(staff, "/api/access-requests/mine").await.ok();
        assert!(mine.iter().all(|one| one.record.is_none() && one.state == RequestState::Open));
        app.get(staff, "/api/access-requests").await.refused(403, "forbidden");

        let open: Vec<AccessRequest> = app.get(clerk, "/api/access-requests").await.ok();
        assert_eq!(open.iter().map(|one| one.record.is_some()).collect::<Vec<_>>(), [true, false]);
        let decide = |id: i64| format!("/api/access-requests/{id}/decide");
        let (until, refused) = (
            Decision { until: Some(day(2)), note: String::new() },
            Decision { until: None, note: "لا علاقة لكم بها".to_owned() },
        );
        app.post(clerk, &decide(open[1].id), &until).await.refused(409, "request_names_nothing");
        let empty = Decision { until: None, note: String::new() };
        assert_eq!(app.post(clerk, &decide(open[1].id), &empty).await.refused(422, "invalid").fields[0].field, "note");
        assert_eq!(app.post(clerk, &decide(open[1].id), &refused).await.status.as_u16(), 204);
        assert_eq!(app.post(clerk, &decide(open[0].id), &until).await.status.as_u16(), 204);
        app.post(clerk, &decide(open[0].id), &until).await.refused(404, "not_found");
        let _open: Document = app.get(staff, &format!("/api/documents/{}", filed.head.id)).await.ok();
        let mine: Vec<AccessRequest> = app.get(staff, "/api/access-requests/mine").await.ok();
        let states: Vec<_> = mine.iter().map(|one| (one.state, one.record.is_some())).collect();
        assert_eq!(states, [(RequestState::Refused, false), (RequestState::Approved, true)]);

        // Nobody decides on their own request, and another agency hears of none.
        app.post(clerk, "/api/access-requests", &ask("X/1")).await;
        let open: Vec<AccessRequest> = app.get(clerk, "/api/access-requests").await.ok();
        assert!(!open[0].may_decide);
        app.post(clerk, &decide(open[0].id), &refused).await.refused(409, "own_request");
        let other = app.world.mof.users["clerk"];
        app.grant(other, Permission::AccessGrant);
        let none: Vec<AccessRequest> = app.get(other, "/api/access-requests").await.ok();
        assert!(none.is_empty());
        app.post(other, &decide(open[0].id), &refused).await.refused(404, "not_found");
    });
}

#[test]
fn who_saw_what_is_written_down_and_stays() {
    both_async(async |db: TestDb| {
        let app = TestApp::new(db);
        let users = &app.world.modee.users;
        let clerk = users["clerk"];
        app.grant(clerk, Permission::ViewsRead);
        let plain = app.file(clerk, &document("عادي"), &[("a.txt", b"one")]).await;
        let secret = NewDocument { secrecy: Secrecy::Secret, ..document("سري") };
        let secret = app.file(clerk, &secret, &[("b.txt", b"two")]).await;
        for one in [&plain, &secret] {
            for _ in 0..3 {
                let _seen: Document = app.get(clerk, &format!("/api/documents/{}", one.head.id)).await.ok();
                app.get(clerk, &format!("/api/attachments/{}/content", one.attachments[0].id)).await;
            }
        }
        let of = |id: i64| format!("/api/views?record_id={id}");
        let written: Page<ViewEntry> = app.get(clerk, &of(secret.head.id)).await.ok();
        assert_eq!(written.items.len(), 6, "of a secret record each view is written before the answer");
        let none: Page<ViewEntry> = app.get(clerk, &of(plain.head.id)).await.ok();
        assert!(none.items.is_empty());
        app.platform.views.write(&app.platform.db).unwrap();
        let written: Page<ViewEntry> = app.get(clerk, &of(plain.head.id)).await.ok();
        let ways: Vec<_> = written.items.iter().map(|entry| (entry.way, entry.file_name.as_str())).collect();
        assert_eq!(ways, [(ViewWay::Download, "a.txt"), (ViewWay::Open, "")], "one for a person, a way and an hour");
        app.db.clock().advance(Duration::hours(1));
        let _seen: Document = app.get(clerk, &format!("/api/documents/{}", plain.head.id)).await.ok();
        app.platform.views.write(&app.platform.db).unwrap();
        let written: Page<ViewEntry> = app.get(clerk, &of(plain.head.id)).await.ok();
        assert_eq!(written.items.len(), 3);

        let filtered: Page<ViewEntry> = app.get(clerk, "/api/views?way=download&secrecy=secret").await.ok();
        assert_eq!(filtered.items.len(), 3);
        let sheet = app.get(clerk, "/api/views/export?secrecy=secret&lang=en").await;
        assert!(sheet.status.is_success() && sheet.body.starts_with(b"PK"));
        app.get(users["staff"], "/api/views").await.refused(403, "forbidden");
        app.grant(users["other_head"], Permission::ViewsRead);
        let theirs: Page<ViewEntry> = app.get(users["other_head"], "/api/views").await.ok();
        assert!(theirs.items.is_empty(), "who does not see a record does not see who saw it");

        for statement in ["UPDATE record_views SET way = 'print'", "DELETE FROM record_views"] {
            let changed = app
                .platform
                .db
                .upkeep("test.change", |tx| Ok::<_, DbError>(diesel::sql_query(statement).execute(tx.conn())?));
            assert_eq!(changed.err().and_then(|error| error.violation()), Some(Violation::Immutable), "{statement}");
        }
        let rows: i64 = app
            .platform
            .db
            .read_now(|tx| Ok::<_, DbError>(record_views::table.count().get_result(tx.conn())?))
            .unwrap();
        assert_eq!(rows, 9);
    });
}
