//! Who may do which duty: what they read is what they approve, and nobody does two, also through somebody who acts for them.

use diesel::prelude::*;
use diwan_finance_api::{DocumentKind, DocumentNote};
use diwan_kernel::{Lang, Permission};
use diwan_platform::{Actor, Refusal};
use diwan_print::{Block, Cell};
use diwan_schema::platform::notifications;
use diwan_testkit::{both, give_right};

use super::{
    super::{approvals, print, save, submit, view},
    break_in::duty,
    office::{FUEL, GOODS, Office, refusal},
};
use crate::ledger::tests::books::{act, sql};

#[test]
fn what_was_changed_since_it_was_read_is_neither_certified_nor_authorised_nor_returned() {
    both(|test| {
        let office = Office::on(test.db());
        let mut input = office.input(DocumentKind::BudgetLaw, &[("", GOODS, "100", "")]);
        let id = office.draft(&input).unwrap();
        office.submit(id).unwrap();
        let read = office.version(id);
        // Taken back, changed and sent again: the page that is still open shows another amount.
        act(&office.db, &office.clerk, |tx| submit::withdraw(tx, &office.clerk, id, read)).unwrap();
        input.lines[0].debit = "90000".to_owned();
        let version = office.version(id);
        act(&office.db, &office.clerk, |tx| save::update(tx, &office.clerk, id, version, &input)).unwrap();
        office.submit(id).unwrap();
        let note = office.note("لا يصح");
        let certify = |version: i64| {
            act(&office.db, &office.staff, |tx| approvals::certify(tx, &office.staff, id, version, &note))
        };
        assert_eq!(refusal(certify(read)), "stale");
        certify(office.version(id)).unwrap();
        assert_eq!(refusal(office.authorise_at(&office.director, (id, read))), "stale");
        let back = |version: i64| {
            act(&office.db, &office.director, |tx| approvals::send_back(tx, &office.director, id, version, &note))
        };
        assert_eq!(refusal(back(read)), "stale");
        assert_eq!(office.view(id).head.state, "in_approval", "nothing happened");
        office.authorise(&office.director, id).unwrap();
        assert_eq!(office.buckets(GOODS)[0], 90_000_000);
    });
}

#[test]
fn certifying_leaves_the_version_that_others_have_read() {
    both(|test| {
        let office = Office::on(test.db());
        let id = office.draft(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "1", "")])).unwrap();
        office.submit(id).unwrap();
        let version = office.version(id);
        let silent = DocumentNote::default();
        act(&office.db, &office.staff, |tx| approvals::certify(tx, &office.staff, id, version, &silent)).unwrap();
        assert_eq!(office.version(id), version);
        office.authorise_at(&office.director, (id, version)).unwrap();
    });
}

/// A person of the office who acts for another one.
fn deputy(office: &Office, name: &str, of: &Actor) -> Actor {
    let (agency, of, deputy) = (office.clerk.agency_id, of.user_id, office.world.mof.users[name]);
    give_right(&office.db, deputy, Permission::FinanceRead);
    let delegation = format!(
        "INSERT INTO delegations (agency_id, from_user_id, to_user_id, scope, starts_on, ends_on, reason, created_by, created_at)
         VALUES ({agency}, {of}, {deputy}, 'all', '2026-10-01', '2026-12-31', 'إجازة', {of}, '2026-10-01 08:00:00')"
    );
    sql(&office.db, &delegation).unwrap();
    office.world.mof.actor(&office.db, name)
}

#[test]
fn who_acts_for_somebody_has_the_right_of_that_person_and_no_other_one() {
    both(|test| {
        let office = Office::on(test.db());
        let certifies = deputy(&office, "head", &office.staff);
        let authorises = deputy(&office, "other_head", &office.director);
        let id = office.draft(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "100", "")])).unwrap();
        office.submit(id).unwrap();
        let take = |person: &Actor, right: Permission| {
            let (person, right) = (person.user_id, right.code());
            let of = format!("role_id IN (SELECT role_id FROM user_roles WHERE user_id = {person})");
            sql(&office.db, &format!("DELETE FROM role_permissions WHERE permission = '{right}' AND {of}")).unwrap();
        };
        // The task stays with whoever had the right; without it nobody does the task for them.
        take(&office.staff, Permission::FinanceCertify);
        assert_eq!(refusal(office.certify(&certifies, id)), "finance.certify");
        give_right(&office.db, office.staff.user_id, Permission::FinanceCertify);
        office.certify(&certifies, id).unwrap();
        take(&office.director, Permission::FinanceAuthorise);
        assert_eq!(refusal(office.authorise(&authorises, id)), "finance.authorise", "a limit is no right");
        give_right(&office.db, office.director.user_id, Permission::FinanceAuthorise);
        office.authorise(&authorises, id).unwrap();
        assert_eq!(office.view(id).approvals[2].on_behalf_of.as_ref().map(|one| one.id), Some(office.director.user_id));
    });
}

#[test]
fn a_duty_done_for_somebody_is_theirs_too() {
    both(|test| {
        let office = Office::on(test.db());
        give_right(&office.db, office.staff.user_id, Permission::FinanceAuthorise);
        let deputy = deputy(&office, "head", &office.staff);
        let staff = office.world.mof.actor(&office.db, "staff");
        let sent = |key: &str| {
            let id = office.draft(&office.input(DocumentKind::BudgetLaw, &[("", key, "100", "")])).unwrap();
            office.submit(id).unwrap();
            id
        };
        // Certified in person, so not authorised by whoever acts for that person.
        let own = sent(GOODS);
        office.certify(&staff, own).unwrap();
        assert_eq!(refusal(office.authorise(&deputy, own)), "duty_taken_for");
        assert_eq!(refusal(office.authorise(&staff, own)), "duty_taken");
        office.authorise(&office.director, own).unwrap();
        // Certified by the deputy, so not authorised by the person it was done for, nor by the deputy again.
        let other = sent(FUEL);
        office.certify(&deputy, other).unwrap();
        assert_eq!(refusal(office.authorise(&staff, other)), "duty_taken");
        assert_eq!(refusal(office.authorise(&deputy, other)), "duty_taken");
        office.authorise(&office.director, other).unwrap();
        let seen = office.view(other).approvals;
        assert_eq!(seen[1].on_behalf_of.as_ref().map(|one| one.id), Some(staff.user_id));
    });
}

#[test]
fn nobody_prepares_what_is_paid_to_them() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let advance = office.posted(&office.input(DocumentKind::Advance, &[("620801", "", "10", "")]));
        let voucher = office.draft(&office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "10", "")])).unwrap();
        let mut settlement = office.input(DocumentKind::AdvanceSettlement, &[("2219", GOODS, "10", "")]);
        settlement.source_id = Some(advance);
        let settlement = office.draft(&settlement).unwrap();
        let payee = |user: &str| {
            sql(&office.db, &format!("UPDATE parties SET user_id = {user} WHERE id = {}", office.supplier)).unwrap();
        };
        payee(&office.clerk.user_id.to_string());
        for own in [voucher, settlement] {
            assert_eq!(refusal(office.submit(own)), "payee_prepares");
            let past = duty(own, "prepare", office.clerk.user_id, "NULL");
            assert!(sql(&office.db, &past).is_err(), "went through: {past}");
            assert_eq!(office.view(own).head.state, "draft");
        }
        payee("NULL");
        office.submit(voucher).unwrap();
        office.submit(settlement).unwrap();
    });
}

#[test]
fn a_voucher_taken_back_after_its_commitment_was_closed_leaves_nothing_committed() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100"), (FUEL, "50")]);
        let lines = [("", GOODS, "80", ""), ("", FUEL, "20", "")];
        let contract = office.posted(&office.input(DocumentKind::Commitment, &lines));
        let lines = [("2219", GOODS, "30", ""), ("2215", FUEL, "25", "")];
        let mut voucher = office.input(DocumentKind::PaymentVoucher, &lines);
        voucher.source_id = Some(contract);
        let voucher = office.posted(&voucher);
        office.close(contract).unwrap();
        assert_eq!(office.buckets(GOODS), [0, 0, 70_000, 0, 0, 30_000, 0]);
        let back = office.reverse(voucher).unwrap();
        office.submit(back).unwrap();
        office.certify(&office.staff, back).unwrap();
        office.authorise(&office.director, back).unwrap();
        assert_eq!(office.buckets(GOODS), [0, 0, 100_000, 0, 0, 0, 0]);
        assert_eq!(office.buckets(FUEL), [0, 0, 50_000, 0, 0, 0, 0]);
        let seen = office.view(contract);
        assert_eq!((seen.head.state.as_str(), seen.to_settle, seen.lines[0].open), ("closed", 0, 0));
        let mut late = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "1", "")]);
        late.source_id = Some(contract);
        let late = office.ready(&late);
        assert_eq!(refusal(office.authorise(&office.director, late)), "source_closed");
    });
}

#[test]
fn who_closes_the_books_gives_up_what_another_person_left_behind() {
    both(|test| {
        let office = Office::on(test.db());
        let holds = |person: i64| {
            for right in [Permission::FinanceRead, Permission::FinanceClose] {
                give_right(&office.db, person, right);
            }
        };
        let (mof, moh) = (&office.world.mof, &office.world.moh);
        holds(mof.users["head"]);
        holds(moh.users["clerk"]);
        let (closer, stranger) = (mof.actor(&office.db, "head"), moh.actor(&office.db, "clerk"));
        let void = |by: &Actor, id: i64, note: &DocumentNote| {
            let version = office.version(id);
            act(&office.db, by, |tx| approvals::void(tx, by, id, version, note))
        };
        let offered = |by: &Actor, id: i64| {
            let seen = office.db.read_now(|tx| view::run(tx, by, id)).unwrap();
            seen.actions.contains(&"void".to_owned())
        };
        let input = office.input(DocumentKind::BudgetLaw, &[("", GOODS, "1", "")]);
        let gone = office.note("نُقل من أعدّه");
        let left = office.draft(&input).unwrap();
        assert_eq!(refusal(void(&office.staff, left, &gone)), "not_your_draft");
        assert_eq!(refusal(void(&stranger, left, &gone)), "no finance_document");
        assert_eq!(refusal(void(&closer, left, &DocumentNote::default())), "note:required");
        assert!(offered(&closer, left) && offered(&office.clerk, left) && !offered(&office.staff, left));
        void(&closer, left, &gone).unwrap();
        // Who prepared it is told, and the reason stands beside it.
        let seen = office.view(left);
        assert_eq!((seen.head.state.as_str(), seen.notes[0].author.id), ("void", closer.user_id));
        assert_eq!(seen.notes[0].body, "نُقل من أعدّه");
        let told = notifications::table
            .filter(notifications::record_id.eq(left))
            .filter(notifications::kind.eq("document_voided"))
            .select(notifications::user_id);
        let told: Vec<i64> = office.db.read_now(|tx| Ok::<_, Refusal>(told.load(tx.conn())?)).unwrap();
        assert_eq!(told, [office.clerk.user_id]);
        // What is in approval is not given up; what was returned is.
        let other = office.draft(&input).unwrap();
        office.submit(other).unwrap();
        assert_eq!(refusal(void(&closer, other, &gone)), "void in in_approval");
        let version = office.version(other);
        let staff = &office.staff;
        act(&office.db, staff, |tx| approvals::send_back(tx, staff, other, version, &office.note("ناقص"))).unwrap();
        void(&closer, other, &gone).unwrap();
        assert!(office.view(other).tasks.iter().all(|task| task.state.code() != "open"));
    });
}

#[test]
fn the_paper_names_each_who_did_a_duty_and_the_commitment_controller() {
    both(|test| {
        let office = Office::on(test.db());
        let id = office.draft(&office.input(DocumentKind::BudgetLaw, &[("", GOODS, "1", "")])).unwrap();
        office.submit(id).unwrap();
        let rows = |id: i64| {
            let seen = office.view(id);
            let paper = office.db.read_now(|tx| Ok::<_, Refusal>(print::duties(&seen, Lang::Ar, &|at| tx.day_of(at))));
            let Block::Table(table) = paper.unwrap() else { panic!("no table of duties") };
            let cell = |cell: &Cell| cell.runs.iter().map(|run| run.text.clone()).collect::<String>();
            table.rows.iter().map(|row| (cell(&row.cells[0]), cell(&row.cells[1]))).collect::<Vec<_>>()
        };
        let prepared = rows(id);
        assert_eq!(prepared.len(), 3);
        assert_eq!(prepared[1], ("دقّقه (مراقب الالتزام)".to_owned(), String::new()), "there is room for it");
        office.certify(&office.staff, id).unwrap();
        assert_eq!(rows(id)[1].1, office.staff.name_ar);
    });
}
