//! Delegations: a colleague does one's work for some days, in one's name.

use chrono::NaiveDate;
use diwan_kernel::{Page, Permission};
use diwan_platform_api::people::{Delegation, DelegationInput, DelegationScope};
use diwan_tarasol_api::{LetterStep, StepNote};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::letter;

use super::app;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn delegation(to_user_id: i64, scope: DelegationScope) -> DelegationInput {
    DelegationInput {
        from_user_id: None,
        to_user_id,
        scope,
        starts_on: day("2026-11-01"),
        ends_on: day("2026-11-10"),
        reason: "إجازة سنوية".to_owned(),
    }
}

#[test]
fn who_acts_for_another_signs_in_their_name() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let users = app.world.modee.users.clone();
        let id = app.approved(&letter(app.world.mof.id, "كتاب")).await;
        app.step(users["director"], id, "sign", &StepNote::default()).await.refused(404, "not_found");
        let given = delegation(users["director"], DelegationScope::Sign);
        let given: Delegation = app.post(users["sg"], "/api/delegations", &given).await.created();
        assert!(given.in_force);
        let signed: LetterStep = app.step(users["director"], id, "sign", &StepNote::default()).await.ok();
        assert_eq!(signed.state, "issued");
        let read = app.letter(users["sg"], id).await;
        assert_eq!(read.signed_by.map(|by| by.id), Some(users["director"]));
        assert_eq!(read.signed_for.map(|for_whom| for_whom.id), Some(users["sg"]));

        // Taken back, it is over at once; so it is after its last day.
        let next = app.approved(&letter(app.world.mof.id, "التالي")).await;
        let revoke = format!("/api/delegations/{}/revoke", given.id);
        app.post(users["director"], &revoke, &()).await.refused(403, "forbidden");
        app.post(users["staff"], &revoke, &()).await.refused(404, "not_found");
        app.post(users["sg"], &revoke, &()).await.ok::<Delegation>();
        app.post(users["sg"], &revoke, &()).await.refused(409, "delegation_over");
        assert_ne!(app.step(users["director"], next, "sign", &StepNote::default()).await.status.as_u16(), 200);
        let again = delegation(users["director"], DelegationScope::Sign);
        app.post(users["sg"], "/api/delegations", &again).await.created::<Delegation>();
        app.db.clock().advance(chrono::Duration::days(12));
        assert_ne!(app.step(users["director"], next, "sign", &StepNote::default()).await.status.as_u16(), 200);
    });
}

#[test]
fn wrong_delegations_are_refused_field_by_field() {
    both_async(async |db: TestDb| {
        let app = app(db);
        let users = app.world.modee.users.clone();
        let wrong = DelegationInput {
            starts_on: day("2026-10-01"),
            ends_on: day("2026-09-01"),
            reason: String::new(),
            ..delegation(app.world.mof.users["sg"], DelegationScope::All)
        };
        let told = app.post(users["sg"], "/api/delegations", &wrong).await.wrong_fields();
        let expected =
            [("reason", "required"), ("starts_on", "in_past"), ("ends_on", "before_start"), ("to_user_id", "unknown")];
        assert_eq!(told, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        let own = app.post(users["sg"], "/api/delegations", &delegation(users["sg"], DelegationScope::All)).await;
        assert_eq!(own.wrong_fields(), [("to_user_id".to_owned(), "same_person".to_owned())]);
        // Somebody else's work takes the right over users.
        let others = DelegationInput {
            from_user_id: Some(users["other_head"]),
            ..delegation(users["staff"], DelegationScope::Review)
        };
        let refused = app.post(users["director"], "/api/delegations", &others).await.refused(403, "forbidden");
        assert_eq!(refused.args["permission"], "users.manage");
        app.grant(users["director"], Permission::UsersManage);
        app.post(users["director"], "/api/delegations", &others).await.created::<Delegation>();
        let list: Page<Delegation> = app.get(users["director"], "/api/delegations?active=true").await.ok();
        assert_eq!(list.items.len(), 1);
        for who in ["other_head", "staff"] {
            let own: Vec<Delegation> = app.get(users[who], "/api/me/delegations").await.ok();
            assert_eq!(own.len(), 1, "{who}");
        }
    });
}
