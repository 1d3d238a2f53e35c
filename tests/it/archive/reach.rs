//! Whatever people, records and rights there are: nothing of a record that the database hides comes out of the index.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diwan_archive_api::{FindAnswer, NewDocument, Suggestions};
use diwan_db::DbError;
use diwan_kernel::{Caveat, Secrecy};
use diwan_schema::platform::{record_access, user_caveats, users};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{TestApp, document, encode};

/// The same numbers in every run, different ones for each round.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % most
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

const WORDS: [&str; 6] = ["عطاء", "موازنة", "استملاك", "تعيين", "ضريبة", "صيانة"];
const CAVEATS: [Caveat; 2] = [Caveat::Personal, Caveat::SealedEnvelope];

/// Random clearances and caveats for everybody.
fn arms(app: &TestApp, dice: &mut Dice, people: &[i64]) {
    app.platform
        .db
        .upkeep("test", |tx| {
            for user in people {
                let level = dice.of(Secrecy::ALL);
                diesel::update(users::table.find(user)).set(users::clearance.eq(level.code())).execute(tx.conn())?;
                diesel::delete(user_caveats::table.filter(user_caveats::user_id.eq(user))).execute(tx.conn())?;
                for caveat in CAVEATS.iter().filter(|_| dice.below(2) == 0) {
                    let row = (user_caveats::user_id.eq(user), user_caveats::caveat.eq(caveat.code()));
                    diesel::insert_into(user_caveats::table).values(row).execute(tx.conn())?;
                }
            }
            Ok::<_, DbError>(())
        })
        .unwrap();
}

/// Documents with random units, levels, caveats, words; some opened to random people besides.
async fn documents(app: &TestApp, dice: &mut Dice, people: &[i64]) -> Vec<i64> {
    let clerk = app.world.modee.users["clerk"];
    let units: Vec<i64> = app.world.modee.units.values().copied().collect();
    let mut made = Vec::new();
    for n in 0..24 {
        let new = NewDocument {
            secrecy: dice.of(Secrecy::ALL),
            caveats: CAVEATS.iter().filter(|_| dice.below(4) == 0).copied().collect(),
            unit_id: Some(dice.of(&units)),
            class_code: Some(dice.of(&["1000".to_owned(), "2000".to_owned()])),
            ..document(&format!("{} فريد{n}", dice.of(&WORDS)))
        };
        let text = format!("{} {} نص", dice.of(&WORDS), dice.of(&WORDS));
        made.push(app.file(clerk, &new, &[("نص.txt", text.as_bytes())]).await.head.id);
    }
    app.platform
        .db
        .upkeep("test", |tx| {
            for id in &made {
                let principal = format!("u:{}", dice.of(people));
                let row = (record_access::record_id.eq(id), record_access::principal.eq(principal));
                if dice.below(3) == 0 {
                    diesel::insert_into(record_access::table).values(row).execute(tx.conn())?;
                }
            }
            Ok::<_, DbError>(())
        })
        .unwrap();
    made
}

async fn nothing_hidden(app: &TestApp, user: i64, all: &[i64]) {
    let mut visible = BTreeSet::new();
    for id in all {
        let answer = app.get(user, &format!("/api/records/{id}/find?q=%D9%86%D8%B5")).await;
        match answer.status.as_u16() {
            200 => {
                let found: FindAnswer = answer.ok();
                assert!(found.passages.len() as u64 <= found.total);
                visible.insert(*id);
            }
            status => assert_eq!(status, 404),
        }
    }
    for words in
        ["", "عطاء", "الموازنة تعيين", "\"نص\"", "استمل*", "ضريبه~", "-عطاء", "الموضوع:صيانة", "الضريببة", "عطاا نص"]
    {
        let answer = app.find(user, &format!("limit=100&q={}", encode(words))).await;
        let hits: BTreeSet<i64> = answer.hits.iter().map(|hit| hit.id).collect();
        assert!(hits.is_subset(&visible), "{words}: {hits:?} of {visible:?}");
        if words.is_empty() {
            assert_eq!(hits, visible);
        }
        assert_eq!(answer.total, hits.len() as u64, "{words}");
        for facet in [&answer.facets.agencies, &answer.facets.kinds, &answer.facets.secrecy, &answer.facets.classes] {
            assert_eq!(facet.iter().map(|one| one.count).sum::<u64>(), answer.total, "{words}");
        }
        assert_eq!(answer.facets.months.iter().map(|one| one.count).sum::<u64>(), answer.total, "{words}");
        for proposal in &answer.proposals {
            let found = app.find(user, &format!("limit=100&q={}", encode(&proposal.q))).await;
            assert!(proposal.total > 0 && found.total == proposal.total, "{words}: {proposal:?}");
        }
    }
    for n in 0..all.len() {
        // Each subject has a word of its own.
        let suggested: Suggestions =
            app.get(user, &format!("/api/search/suggest?q={}", encode(&format!("فريد{n}")))).await.ok();
        let ids: BTreeSet<i64> = suggested.items.iter().map(|item| item.id).collect();
        assert!(ids.is_subset(&visible), "{ids:?} of {visible:?}");
        let almost = app.find(user, &format!("q={}", encode(&format!("فريدن{n}")))).await;
        assert!(almost.hits.iter().all(|hit| visible.contains(&hit.id)));
    }
}

#[test]
fn random_people_find_exactly_what_they_may_see() {
    both_async(async |db: TestDb| {
        let mut app = TestApp::new(db);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let everybody: Vec<i64> = app.world.modee.users.values().copied().collect();
        let clerk = app.world.modee.users["clerk"];
        // Who files must hold what is filed.
        app.platform
            .db
            .upkeep("test", |tx| {
                let top = users::clearance.eq(Secrecy::TopSecret.code());
                diesel::update(users::table.find(clerk)).set(top).execute(tx.conn())?;
                for caveat in CAVEATS {
                    let row = (user_caveats::user_id.eq(clerk), user_caveats::caveat.eq(caveat.code()));
                    diesel::insert_into(user_caveats::table).values(row).execute(tx.conn())?;
                }
                Ok::<_, DbError>(())
            })
            .unwrap();
        let all = documents(&app, &mut dice, &everybody).await;
        app.extract().await;
        app.index();
        for _ in 0..2 {
            arms(&app, &mut dice, &everybody);
            for user in &everybody {
                nothing_hidden(&app, *user, &all).await;
            }
        }
        let strangers = [app.world.mof.users["clerk"], app.world.moh.users["sg"]];
        for stranger in strangers {
            let answer = app.find(stranger, "q=").await;
            assert_eq!((answer.total, answer.hits.len()), (0, 0));
        }
    });
}
