//! Vouchers over HTTP: what was read is what is approved, the files of a draft, and what single kinds ask for besides.

use actix_web::http::Method;
use diesel::prelude::*;
use diwan_finance_api::{DocumentDetails, DocumentKind, DocumentNote, DocumentStep, FinanceDocument, ReceivedAs};
use diwan_kernel::Permission;
use diwan_platform::people::{roles, seed};
use diwan_platform_api::files::Attachments;
use diwan_schema::platform::user_roles;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::Form;

use crate::finance_desk::{Desk, GOODS};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";

fn invoice() -> Form {
    Form::default().file("invoice.pdf", PDF)
}

/// Makes a person an accountant by the role that every agency has, and nothing else.
fn accountant(desk: &Desk, name: &str) -> i64 {
    let user = desk.app.world.mof.users[name];
    desk.act(&desk.director, |tx| {
        roles::ensure_builtin(tx)?;
        diesel::delete(user_roles::table.filter(user_roles::user_id.eq(user))).execute(tx.conn())?;
        seed::grant_role(tx, user, "accountant")
    })
    .unwrap();
    user
}

#[test]
fn an_accountant_attaches_the_invoice_to_a_draft_and_nobody_changes_it_later() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let app = &desk.app;
        desk.allot("2026-10-01", &[(GOODS, "1000")]);
        let accountant = accountant(&desk, "other_head");
        let input = desk.input(DocumentKind::PaymentVoucher, "2026-10-20", &[["2219", GOODS, "10", ""]]);
        let made: DocumentStep = app.post(accountant, "/api/finance/documents", &input).await.created();
        let files = format!("/api/records/{}/attachments", made.id);
        let list: Attachments = app.upload(accountant, Method::POST, &files, invoice()).await.created();
        assert!(list.may_change);
        assert_eq!(list.items[0].file_name, "invoice.pdf");
        // Whoever prepares the kind in the agency may, too; who certifies may look, and another agency sees nothing.
        app.upload(desk.clerk.user_id, Method::POST, &files, invoice()).await.created::<Attachments>();
        let staff = desk.staff.user_id;
        app.upload(staff, Method::POST, &files, invoice()).await.refused(403, "forbidden");
        assert!(!app.get(staff, &files).await.ok::<Attachments>().may_change);
        let stranger = app.world.moh.users["clerk"];
        for right in [Permission::FinanceRead, Permission::FinancePrepare] {
            app.grant(stranger, right);
        }
        app.upload(stranger, Method::POST, &files, invoice()).await.refused(404, "not_found");

        // What is approved is what was attached.
        let path = format!("/api/finance/documents/{}", made.id);
        app.post_at(accountant, &format!("{path}/submit"), 1, &()).await.ok::<DocumentStep>();
        app.upload(accountant, Method::POST, &files, invoice()).await.refused(409, "wrong_state");
        let note = DocumentNote::default();
        app.post_at(staff, &format!("{path}/certify"), 2, &note).await.ok::<DocumentStep>();
        let director = desk.director.user_id;
        app.post_at(director, &format!("{path}/authorise"), 2, &note).await.ok::<DocumentStep>();
        app.upload(accountant, Method::POST, &files, invoice()).await.refused(409, "wrong_state");
        let item = format!("/api/attachments/{}", list.items[0].id);
        app.delete(accountant, &item).await.refused(409, "wrong_state");
        let kept: Attachments = app.get(accountant, &files).await.ok();
        assert_eq!((kept.items.len(), kept.may_change), (2, false));
    });
}

#[test]
fn who_prepares_vouchers_attaches_nothing_to_a_budget() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let app = &desk.app;
        let law = desk.draft(&desk.input(DocumentKind::BudgetLaw, "2026-10-01", &[["", GOODS, "1", ""]]));
        let files = format!("/api/records/{law}/attachments");
        // This person drafts letters, too: that opens nothing here.
        let other = app.world.mof.users["registry_head"];
        app.grant(other, Permission::FinanceRead);
        app.grant(other, Permission::FinancePrepare);
        app.upload(other, Method::POST, &files, invoice()).await.refused(403, "forbidden");
        app.upload(desk.clerk.user_id, Method::POST, &files, invoice()).await.created::<Attachments>();
    });
}

#[test]
fn who_certifies_authorises_or_returns_says_what_was_read() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let app = &desk.app;
        let (clerk, staff, director) = (desk.clerk.user_id, desk.staff.user_id, desk.director.user_id);
        let mut input = desk.input(DocumentKind::BudgetLaw, "2026-10-01", &[["", GOODS, "100", ""]]);
        let id = desk.draft(&input);
        let path = format!("/api/finance/documents/{id}");
        let to = |step: &str| format!("{path}/{step}");
        let note = DocumentNote { note: Some("لا بأس".to_owned()), ..DocumentNote::default() };
        let sent: DocumentStep = app.post_at(clerk, &to("submit"), 1, &()).await.ok();
        for (user, step) in [(staff, "certify"), (director, "authorise"), (staff, "return")] {
            app.post(user, &to(step), &note).await.refused(428, "if_match_required");
        }
        let back: DocumentStep = app.post_at(clerk, &to("withdraw"), sent.version, &()).await.ok();
        input.lines[0].debit = "90000".to_owned();
        let changed: DocumentStep = app.put_at(clerk, &path, back.version, &input).await.ok();
        let again: DocumentStep = app.post_at(clerk, &to("submit"), changed.version, &()).await.ok();
        app.post_at(staff, &to("certify"), sent.version, &note).await.refused(409, "stale");
        app.post_at(staff, &to("return"), sent.version, &note).await.refused(409, "stale");
        app.post_at(staff, &to("certify"), again.version, &note).await.ok::<DocumentStep>();
        app.post_at(director, &to("authorise"), sent.version, &note).await.refused(409, "stale");
        let posted: DocumentStep = app.post_at(director, &to("authorise"), again.version, &note).await.ok();
        assert_eq!(posted.state, "posted");
    });
}

#[test]
fn what_a_kind_asks_for_besides_is_written_read_and_printed() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let (app, clerk) = (&desk.app, desk.clerk.user_id);
        let mut input = desk.input(DocumentKind::Receipt, "2026-10-20", &[["1421", "", "", "20"]]);
        input.details.received_as = Some(ReceivedAs::Cheque);
        let wrong = app.post(clerk, "/api/finance/documents", &input).await.wrong_fields();
        let told = |field: &str| (format!("details.{field}"), "required".to_owned());
        assert_eq!(wrong, [told("cheque_bank"), told("cheque_no")]);
        input.details.cheque_bank = " بنك الإسكان ".to_owned();
        input.details.cheque_no = "0012".to_owned();
        let made: DocumentStep = app.post(clerk, "/api/finance/documents", &input).await.created();
        let path = format!("/api/finance/documents/{}", made.id);
        let seen: FinanceDocument = app.get(clerk, &path).await.ok();
        assert_eq!(seen.details.cheque_bank, "بنك الإسكان");
        app.post(desk.staff.user_id, "/api/finance/documents", &input).await.refused(403, "forbidden");
        for lang in ["ar", "en"] {
            let paper = app.get(clerk, &format!("{path}/pdf?lang={lang}")).await;
            assert_eq!((paper.status.as_u16(), &paper.body[..5]), (200, &b"%PDF-"[..]));
        }
        // A body without any of it is what it always was.
        let mut plain = serde_json::to_value(&input).unwrap();
        plain.as_object_mut().unwrap().remove("details");
        let made: DocumentStep = app.post(clerk, "/api/finance/documents", &plain).await.created();
        let seen: FinanceDocument = app.get(clerk, &format!("/api/finance/documents/{}", made.id)).await.ok();
        assert_eq!(seen.details, DocumentDetails::default());
    });
}
