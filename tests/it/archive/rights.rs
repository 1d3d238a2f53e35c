//! Grants open what they should until their last day, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use diwan_archive_api::{Document, DocumentRow, NewDocument, STANDARD_CLASSES, SearchAnswer, Suggestions};
use diwan_db::DbError;
use diwan_kernel::{Caveat, Page, Permission, Secrecy};
use diwan_platform_api::access::{Grant, GrantTo, NewClassGrant, NewGrant};
use diwan_schema::platform::{user_caveats, user_roles, users};
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

pub(super) fn day(n: i64) -> NaiveDate {
    TestDb::start().date() + Duration::days(n)
}

pub(super) fn to(kind: GrantTo, id: i64, until: Option<NaiveDate>) -> NewGrant {
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
