//! Rules of virement: who decides, by a right that the rule of the keys names, within a programme or between two; and how much
//! of a line may go, however many ask at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use diwan_finance_api::DocumentKind;
use diwan_kernel::Permission;
use diwan_platform::Refusal;
use diwan_schema::finance::virement_rules;
use diwan_testkit::{both, give_right};

use super::office::{FUEL, GOODS, MACHINES, Office, refusal};
use crate::ledger::tests::books::{act, day, sql};

#[test]
fn a_virement_is_authorised_by_who_its_rule_names() {
    both(|test| {
        let office = Office::on(test.db());
        office.posted(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "100", ""), ("", FUEL, "100", "")]));
        let rule = |item: &str, scope: &str, right: Permission| {
            act(&office.db, &office.clerk, |tx| {
                Ok(diesel::insert_into(virement_rules::table)
                    .values((
                        (virement_rules::agency_id.eq(office.clerk.agency_id), virement_rules::from_item.eq(item)),
                        (virement_rules::to_item.eq(""), virement_rules::scope.eq(scope)),
                        (virement_rules::allowed.eq(true), virement_rules::permission.eq(right.code())),
                        virement_rules::reference.eq("المادة 7"),
                        (virement_rules::active_from.eq(day("2026-01-01")), virement_rules::version.eq(1_i64)),
                    ))
                    .execute(tx.conn())?)
            })
            .unwrap();
        };
        // Both keys are of one programme: the rule between programmes is none of theirs.
        rule("22", "between", Permission::FinanceStructure);
        rule("22", "within", Permission::FinanceClose);
        rule("6", "", Permission::FinanceStructure);
        let ready =
            || office.ready(&office.input(DocumentKind::Virement, &[("", GOODS, "", "10"), ("", FUEL, "10", "")]));
        let virement = ready();
        assert_eq!(refusal(office.authorise(&office.director, virement)), "virement_authority");
        assert_eq!(office.buckets(FUEL)[0], 100_000, "nothing is half done");
        give_right(&office.db, office.director.user_id, Permission::FinanceClose);
        let director = office.world.mof.actor(&office.db, "director");
        office.authorise(&director, virement).unwrap();
        assert_eq!((office.buckets(GOODS)[0], office.buckets(FUEL)[0]), (90_000, 110_000));
    });
}

/// From an item no more than so many hundredths of the original may go.
fn bounded(office: &Office, from: &str, percent: i32) {
    act(&office.db, &office.clerk, |tx| {
        Ok(diesel::insert_into(virement_rules::table)
            .values((
                (virement_rules::agency_id.eq(office.clerk.agency_id), virement_rules::from_item.eq(from)),
                (virement_rules::to_item.eq(""), virement_rules::allowed.eq(true)),
                (virement_rules::percent.eq(Some(percent)), virement_rules::reference.eq("المادة 7")),
                (virement_rules::active_from.eq(day("2026-01-01")), virement_rules::version.eq(1_i64)),
            ))
            .execute(tx.conn())?)
    })
    .unwrap();
}

#[test]
fn virements_at_once_take_exactly_the_percent_of_the_line() {
    both(|test| {
        const VIREMENTS: usize = 8;
        let office = Office::on(test.db());
        office.posted(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "1000", ""), ("", FUEL, "1000", "")]));
        bounded(&office, "2219", 10);
        let ready = |from: &str, to: &str| {
            office.ready(&office.input(DocumentKind::Virement, &[("", from, "", "20"), ("", to, "20", "")]))
        };
        let mut all: Vec<i64> = (0..VIREMENTS).map(|_| ready(GOODS, FUEL)).collect();
        // Nothing bounds the other way; both ways take the same lines, and nobody waits for ever.
        all.extend((0..2).map(|_| ready(FUEL, GOODS)));
        let (posted, over) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for id in &all {
                scope.spawn(|| match office.authorise(&office.director, *id) {
                    Ok(()) => posted.fetch_add(1, Ordering::SeqCst),
                    Err(Refusal::Rule { code: "virement_percent", .. }) => over.fetch_add(1, Ordering::SeqCst),
                    Err(other) => panic!("{other}"),
                });
            }
        });
        // Five times 20 are the tenth of 1,000.
        assert_eq!((posted.into_inner(), over.into_inner()), (5 + 2, VIREMENTS - 5));
        assert_eq!((office.buckets(GOODS)[0], office.buckets(FUEL)[0]), (940_000, 1_060_000));
    });
}

#[test]
fn of_the_percents_of_the_keys_of_a_line_the_lowest_counts() {
    both(|test| {
        let office = Office::on(test.db());
        // The item is not controlled: all keys stand on one line, of 2,000.
        sql(&office.db, "UPDATE control_levels SET depth = 0 WHERE kind = 'item'").unwrap();
        let law = [("", GOODS, "500", ""), ("", FUEL, "500", ""), ("", MACHINES, "1000", "")];
        office.posted(&office.input(DocumentKind::BudgetLaw, &law));
        bounded(&office, "2219", 20);
        bounded(&office, "2215", 10);
        let sent = |goods: &str, fuel: &str, all: &str| {
            let lines = [("", GOODS, "", goods), ("", FUEL, "", fuel), ("", MACHINES, all, "")];
            let id = office.draft(&office.input(DocumentKind::Virement, &lines))?;
            office.submit(id).map(|()| id)
        };
        assert_eq!(refusal(sent("150", "50.001", "200.001")), "virement_percent");
        let id = sent("150", "50", "200").unwrap();
        office.certify(&office.staff, id).unwrap();
        office.authorise(&office.director, id).unwrap();
        assert_eq!(refusal(sent("199", "1", "200")), "virement_percent", "a tenth of the line is gone");
    });
}
