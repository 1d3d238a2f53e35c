//! Who decides on a virement: a right that the rule of its keys names, within a programme or between two.

use diesel::prelude::*;
use diwan_finance_api::DocumentKind;
use diwan_kernel::Permission;
use diwan_schema::finance::virement_rules;
use diwan_testkit::{both, give_right};

use super::office::{FUEL, GOODS, Office, refusal};
use crate::ledger::tests::books::{act, day};

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
