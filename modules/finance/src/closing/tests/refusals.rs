//! What the end of a year refuses, each with its reason and nothing half done.

use diwan_finance_api::{BeginYearEnd, CommitmentDecision, DocumentKind, YearEndState};
use diwan_platform::Refusal;
use diwan_testkit::both;

use super::{
    desk::{Desk, secrets},
    year::{in_january, lived},
};
use crate::{
    closing::year,
    documents::tests::office::{FUEL, refusal},
    ledger::tests::books::{act, sql},
};

#[test]
fn a_year_is_begun_on_an_account_of_net_worth() {
    both(|test| {
        let desk = Desk::on(test.db());
        let begin = |by: &diwan_platform::Actor, code: &str| {
            let input = BeginYearEnd { surplus_account: code.to_owned() };
            act(desk.db(), by, |tx| year::begin(tx, by, desk.year.id, &input))
        };
        assert_eq!(refusal(begin(&desk.closer, "999")), "surplus_account:unknown");
        for other in ["6", "1421", "620201", "630803", "6112"] {
            assert_eq!(refusal(begin(&desk.closer, other)), "surplus_account:surplus_account_kind", "{other}");
        }
        assert_eq!(refusal(desk.prepare()), "no year_end");
        assert_eq!(refusal(desk.decide(&[], CommitmentDecision::Lapse)), "no year_end");
        begin(&desk.closer, "").unwrap();
        assert_eq!(desk.end().surplus_account.unwrap().code, "6001");
        begin(&desk.closer, "6002").unwrap();
        assert_eq!(desk.end().surplus_account.unwrap().code, "6002");
        let stranger = desk.office.world.moh.actor(desk.db(), "director");
        assert_eq!(refusal(begin(&stranger, "")), "no fiscal_year");
        let seen = desk.db().read_now(|tx| year::view(tx, &stranger, desk.year.id));
        assert_eq!(refusal(seen), "no fiscal_year");
    });
}

#[test]
fn a_year_ends_only_when_all_is_ready() {
    both(|test| {
        let (desk, [drawn, ..]) = lived(&test);
        let office = &desk.office;
        desk.begin();
        let draft = office.draft(&office.input(DocumentKind::Receipt, &[("1421", "", "", "1")])).unwrap();
        desk.decide(&[drawn], CommitmentDecision::Carry).unwrap();
        match desk.prepare() {
            Err(Refusal::Rule { code: "year_end_conditions", args, .. }) => {
                let of = |name: &str| args[name].as_str();
                assert_eq!((of("months"), of("documents"), of("next"), of("early")), ("12", "1", "1", "1"));
                assert_eq!((of("complementary"), of("earlier")), ("0", "0"));
            }
            other => panic!("{other:?}"),
        }
        in_january(&test);
        desk.close_to(12);
        let version = office.view(draft).head.version;
        let note = office.note("مكرر");
        act(desk.db(), &office.clerk, |tx| crate::documents::void(tx, &office.clerk, draft, version, &note)).unwrap();
        assert_eq!(refusal(desk.prepare()), "year_end_conditions", "the next year is not opened");
        desk.next_year();
        assert_eq!(refusal(desk.prepare()), "commitments_undecided");
        assert_eq!(refusal(desk.decide(&[drawn, 999_999], CommitmentDecision::Carry)), "no finance_document");
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        assert_eq!(desk.end().state, Some(YearEndState::Prepared));
    });
}

#[test]
fn two_persons_end_a_year_and_it_is_what_they_both_saw() {
    both(|test| {
        let (desk, _) = lived(&test);
        let office = &desk.office;
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        assert_eq!(refusal(desk.confirm(&desk.chief)), "confirm_year_end in draft");
        let version = desk.end().version;
        let prepare = |version| act(desk.db(), &desk.chief, |tx| year::prepare(tx, &desk.chief, desk.year.id, version));
        assert_eq!(refusal(prepare(version - 1)), "stale");
        prepare(version).unwrap();
        assert_eq!(refusal(desk.confirm(&desk.chief)), "own_year_end");
        assert_eq!(refusal(desk.confirm(&desk.closer)), "finance.authorise");
        let begin =
            act(desk.db(), &desk.closer, |tx| year::begin(tx, &desk.closer, desk.year.id, &BeginYearEnd::default()));
        assert_eq!(refusal(begin), "year_end_begun");
        assert_eq!(refusal(desk.decide(&[], CommitmentDecision::Carry)), "decide_commitments in prepared");
        // Something is posted to the complementary period after it was prepared.
        let mut late = office.input(DocumentKind::Receipt, &[("1421", "", "", "1")]);
        (late.effective_on, late.complementary) = (desk.year.ends_on, true);
        office.posted(&late);
        assert_eq!(refusal(desk.confirm(&office.director)), "year_end_changed");
        let back = |by: &diwan_platform::Actor| {
            let version = desk.end().version;
            act(desk.db(), by, |tx| year::give_back(tx, by, desk.year.id, version))
        };
        assert_eq!(refusal(back(&office.clerk)), "finance.authorise");
        back(&office.director).unwrap();
        assert_eq!(refusal(back(&office.director)), "return_year_end in draft");
        desk.prepare().unwrap();
        let stale =
            act(desk.db(), &office.director, |tx| year::confirm(tx, &secrets(), &office.director, desk.year.id, 1));
        assert_eq!(refusal(stale), "stale");
        desk.confirm(&office.director).unwrap();
        assert_eq!(desk.end().surplus, 2_899_000);
    });
}

#[test]
fn a_key_that_is_gone_is_named_and_nothing_is_half_done() {
    both(|test| {
        let (desk, [_, whole, _]) = lived(&test);
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        desk.next_year();
        desk.decide(&[], CommitmentDecision::Carry).unwrap();
        desk.prepare().unwrap();
        sql(desk.db(), "UPDATE segments SET active_to = '2026-12-31' WHERE code = '2215'").unwrap();
        match desk.confirm(&desk.office.director) {
            Err(Refusal::Rule { code: "carry_key_gone", args, .. }) => {
                assert_eq!((args["document"].as_str(), args["key"].as_str()), ("ل/2026/2", FUEL));
            }
            other => panic!("{other:?}"),
        }
        let end = desk.end();
        assert_eq!((end.state, end.record_id), (Some(YearEndState::Prepared), None));
        assert_eq!((desk.state(13).as_str(), desk.office.view(whole).head.state.as_str()), ("open", "posted"));
        assert_eq!(desk.office.buckets(FUEL)[4], 800_000);
        sql(desk.db(), "UPDATE segments SET active_to = NULL WHERE code = '2215'").unwrap();
        desk.confirm(&desk.office.director).unwrap();
    });
}

#[test]
fn accounts_are_closed_whatever_they_ask_for_by_now() {
    both(|test| {
        let (desk, _) = lived(&test);
        in_january(&test);
        desk.close_to(12);
        sql(
            desk.db(),
            "UPDATE accounts SET needs_centre = TRUE, active_to = '2026-11-30' WHERE code IN ('2219', '1421')",
        )
        .unwrap();
        desk.begin();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        assert_eq!(desk.end().state, Some(YearEndState::Ended));
    });
}
