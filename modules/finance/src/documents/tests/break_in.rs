//! Direct SQL past every operation: the database refuses what would break the rules, on both.

use diwan_finance_api::DocumentKind;
use diwan_testkit::both;

use super::office::{GOODS, Office};
use crate::ledger::tests::books::sql;

#[test]
fn posted_documents_approvals_and_limits_cannot_be_got_past() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let id = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]));
        let ready = office.ready(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]));
        let (clerk, staff, director) = (office.clerk.user_id, office.staff.user_id, office.director.user_id);
        let approval = |record: i64, duty: &str, user: i64| {
            format!(
                "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
                 VALUES ({record}, 1, '{duty}', {user}, '2026-11-01', '2026-11-01 00:00:00')"
            )
        };
        let tries = [
            format!("UPDATE finance_documents SET amount = amount + 1 WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET base_amount = 1 WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET party_id = NULL WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET posted_at = NULL WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET to_settle = base_amount + 1 WHERE record_id = {id}"),
            format!("UPDATE finance_documents SET to_settle = -1 WHERE record_id = {id}"),
            format!("DELETE FROM finance_documents WHERE record_id = {id}"),
            format!("UPDATE finance_lines SET amount = amount + 1 WHERE record_id = {id}"),
            format!("UPDATE finance_lines SET key_id = NULL WHERE record_id = {id}"),
            format!("UPDATE finance_lines SET open = base_amount + 1 WHERE record_id = {id}"),
            format!("DELETE FROM finance_lines WHERE record_id = {id}"),
            format!(
                "INSERT INTO finance_lines SELECT record_id, seq + 1, agency_id, account_id, key_id, party_id, centre_id,
                 side, amount, base_amount, open, note FROM finance_lines WHERE record_id = {id}"
            ),
            // Without the last duty nothing is posted.
            format!("UPDATE finance_documents SET posted_at = '2026-11-01 00:00:00' WHERE record_id = {ready}"),
            // One person, two duties; the certifier authorises; nobody without a limit authorises.
            approval(ready, "authorise", clerk),
            approval(ready, "authorise", staff),
            approval(ready, "authorise", office.world.mof.users["head"]),
            format!("UPDATE finance_approvals SET user_id = {director} WHERE record_id = {ready}"),
            format!("DELETE FROM finance_approvals WHERE record_id = {ready}"),
        ];
        for statement in tries {
            assert!(sql(&office.db, &statement).is_err(), "went through: {statement}");
        }
        sql(&office.db, &approval(ready, "authorise", director)).unwrap();
        office.db.read_now(|tx| super::super::view::run(tx, &office.clerk, ready)).unwrap();
    });
}
