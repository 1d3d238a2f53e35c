//! Templates of documents, and those that make drafts by themselves, over HTTP and on both databases.

use diesel::prelude::*;
use diwan_finance::templates::make_due;
use diwan_finance_api::{
    DocumentKind, DocumentStep, VoucherEvery, VoucherSchedule, VoucherTemplate, VoucherTemplateDay,
    VoucherTemplateDraft, VoucherTemplateInput,
};
use diwan_kernel::{Page, Permission};
use diwan_platform::{Refusal, sheet::Table};
use diwan_schema::finance::template_drafts;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::encode;

use crate::finance_desk::{Desk, GOODS, day};

const PATH: &str = "/api/finance/templates";

fn named(name: &str, document: Option<i64>, schedule: Option<VoucherSchedule>) -> VoucherTemplateInput {
    VoucherTemplateInput { name: name.to_owned(), document_id: document, schedule }
}

fn monthly(on: u32, from: &str, to: Option<&str>) -> Option<VoucherSchedule> {
    let every = VoucherEvery::Month;
    Some(VoucherSchedule { every, day: on, starts_on: day(from), ends_on: to.map(day), paused: false })
}

/// A voucher for the rent of a building, as a draft.
fn rent(desk: &Desk) -> i64 {
    let lines = [["2219", GOODS, "150", ""], ["630811", "", "", "7.500"]];
    let mut input = desk.input(DocumentKind::PaymentVoucher, "2026-10-20", &lines);
    input.reference = "INV-1".to_owned();
    input.due_on = Some(day("2026-10-30"));
    desk.draft(&input)
}

async fn made(desk: &Desk, id: i64) -> Vec<VoucherTemplateDraft> {
    let page: Page<VoucherTemplateDraft> = desk.app.get(desk.clerk.user_id, &format!("{PATH}/{id}/drafts")).await.ok();
    page.items
}

#[test]
fn a_document_is_kept_as_a_template_found_again_and_drafted_from() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let clerk = desk.clerk.user_id;
        desk.allot("2026-10-01", &[(GOODS, "10,000")]);
        let (document, law) = (rent(&desk), desk.input(DocumentKind::BudgetLaw, "2026-10-01", &[["", GOODS, "1", ""]]));
        let missing = desk.app.post(clerk, PATH, &named("إيجار", None, None)).await.wrong_fields();
        assert_eq!(missing, [("document_id".to_owned(), "required".to_owned())]);
        let template: VoucherTemplate =
            desk.app.post(clerk, PATH, &named(" إيجار  المبنى ", Some(document), None)).await.created();
        assert_eq!((template.name.as_str(), template.kind), ("إيجار المبنى", DocumentKind::PaymentVoucher));
        assert!(template.may_change && template.next_on.is_none() && template.problem.is_none());
        // The database decides between two of one name, however it is spelt.
        let twice = desk.app.post(clerk, PATH, &named("ايجار المبنى", Some(document), None)).await.wrong_fields();
        assert_eq!(twice, [("name".to_owned(), "taken".to_owned())]);
        for at in 0..4 {
            let name = format!("قانون {at}");
            let one = named(&name, Some(desk.draft(&law)), None);
            desk.app.post(clerk, PATH, &one).await.created::<VoucherTemplate>();
        }

        let list =
            async |query: &str| -> Page<VoucherTemplate> { desk.app.get(clerk, &format!("{PATH}?{query}")).await.ok() };
        assert_eq!(list(&format!("q={}", encode("الإيجار".trim_start_matches("ال")))).await.items.len(), 1);
        assert_eq!(list("kind=budget_law").await.items.len(), 4);
        let (mut names, mut after) = (Vec::new(), String::new());
        loop {
            let page = list(&format!("sort=-name&limit=2&after={}", encode(&after))).await;
            names.extend(page.items.into_iter().map(|one| one.name));
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(names.len(), 5);
        assert_eq!((names[0].as_str(), names[4].as_str()), ("قانون 3", "إيجار المبنى"));
        assert_eq!(&desk.app.get(clerk, &format!("{PATH}/export?lang=en")).await.body[..2], b"PK");

        // A new draft has everything but what was the old one's own.
        let one = format!("{PATH}/{}", template.id);
        let on = VoucherTemplateDay { on: day("2026-12-05") };
        let step: DocumentStep = desk.app.post(clerk, &format!("{one}/draft"), &on).await.created();
        let draft = desk.view(step.id).await;
        assert_eq!((draft.amount, draft.lines.len(), draft.effective_on), (150_000, 2, day("2026-12-05")));
        assert_eq!((draft.reference.as_str(), draft.head.due_on), ("", Some(day("2026-12-15"))));
        assert_eq!(draft.party.unwrap().id, desk.supplier);
        assert!(made(&desk, template.id).await.is_empty(), "what a person drafted is not the template's doing");

        // Rights, versions, another agency.
        let director = desk.director.user_id;
        desk.app.post(director, PATH, &named("x", Some(document), None)).await.refused(403, "forbidden");
        desk.app.post(director, &format!("{one}/draft"), &on).await.refused(403, "forbidden");
        let seen: VoucherTemplate = desk.app.get(director, &one).await.ok();
        assert!(!seen.may_change);
        let other = desk.app.world.moh.users["clerk"];
        for right in [Permission::FinanceRead, Permission::FinancePrepare, Permission::FinanceBudget] {
            desk.app.grant(other, right);
        }
        desk.app.get(other, &one).await.refused(404, "not_found");
        desk.app.put_at(other, &one, 1, &named("x", None, None)).await.refused(404, "not_found");
        for step in ["end", "make"] {
            desk.app.post_at(other, &format!("{one}/{step}"), 1, &()).await.refused(404, "not_found");
        }
        desk.app.post(other, &format!("{one}/draft"), &on).await.refused(404, "not_found");
        desk.app.get(other, &format!("{one}/drafts")).await.refused(404, "not_found");
        desk.app.get(director, &format!("{one}/drafts/export")).await.refused(403, "forbidden");
        desk.app.get(other, &format!("{one}/drafts/export")).await.refused(404, "not_found");
        desk.app.post(other, PATH, &named("x", Some(document), None)).await.refused(404, "not_found");
        assert!(desk.app.get(other, PATH).await.ok::<Page<VoucherTemplate>>().items.is_empty());
        desk.app.put_at(clerk, &one, 7, &named("x", None, None)).await.refused(409, "stale");
        let wrong = named("x", Some(desk.draft(&law)), None);
        let kind = desk.app.put_at(clerk, &one, 1, &wrong).await.wrong_fields();
        assert_eq!(kind, [("document_id".to_owned(), "kind_fixed".to_owned())]);
        let bad = named("", None, monthly(32, "2026-12-01", Some("2026-11-01")));
        let fields = desk.app.put_at(clerk, &one, 1, &bad).await.wrong_fields();
        let codes: Vec<String> = fields.into_iter().map(|(field, code)| format!("{field}:{code}")).collect();
        assert_eq!(codes, ["name:required", "schedule.day:out_of_range", "schedule.ends_on:before_begin"]);

        // An ended one is not used any more, and its name is free.
        let ended: VoucherTemplate = desk.app.post_at(clerk, &format!("{one}/end"), 1, &()).await.ok();
        assert!(!ended.active);
        desk.app.post(clerk, &format!("{one}/draft"), &on).await.refused(409, "wrong_state");
        assert_eq!(list("only=ended").await.items.len(), 1);
        desk.app.post(clerk, PATH, &named("إيجار المبنى", Some(document), None)).await.created::<VoucherTemplate>();
    });
}

#[test]
fn a_recurring_template_makes_each_draft_once_and_posts_nothing() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let clerk = desk.clerk.user_id;
        desk.allot("2026-01-01", &[(GOODS, "10,000")]);
        desk.app.db.clock().set(day("2026-10-31").and_hms_opt(9, 0, 0).unwrap());
        let schedule = monthly(31, "2026-08-15", Some("2026-11-30"));
        let template: VoucherTemplate =
            desk.app.post(clerk, PATH, &named("إيجار", Some(rent(&desk)), schedule)).await.created();
        assert_eq!(template.next_on, Some(day("2026-08-31")));
        assert_eq!(desk.count("jobs WHERE kind = 'finance.templates'"), 1, "what is due already is made soon");

        // Several nodes at once: each draft comes once.
        let database = desk.app.platform.db.clone();
        let drafts: usize = std::thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(|| make_due(&database).unwrap())).collect();
            all.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(drafts, 3);
        assert_eq!(make_due(&database).unwrap(), 0);
        let days: Vec<chrono::NaiveDate> = made(&desk, template.id).await.iter().map(|one| one.due_on).collect();
        assert_eq!(days, [day("2026-10-31"), day("2026-09-30"), day("2026-08-31")]);
        for lang in ["ar", "en"] {
            let sheet = format!("{PATH}/{}/drafts/export?lang={lang}", template.id);
            let file = desk.app.get(clerk, &sheet).await;
            let rows = Table::read(&file.body).unwrap().rows;
            assert_eq!(rows.len(), 3);
            assert_eq!(rows[0].cells[4], if lang == "ar" { "مسودة" } else { "Draft" });
        }
        let all = made(&desk, template.id).await;
        assert!(all.iter().all(|one| one.state == "draft"), "{all:?}");
        assert_eq!(all[1].document.subject, "إيجار المبنى – أيلول 2026");
        let seen = desk.view(all[1].document.id).await;
        assert_eq!((seen.effective_on, seen.head.due_on), (day("2026-09-30"), Some(day("2026-10-10"))));
        assert_eq!(seen.actions, ["edit", "submit", "void"], "it is its owner's draft");
        assert_eq!(desk.buckets(GOODS, 2026)[2], 10_000_000, "nothing is spent before it is authorised");
        let one = format!("{PATH}/{}", template.id);
        let seen: VoucherTemplate = desk.app.get(clerk, &one).await.ok();
        assert_eq!((seen.next_on, seen.version), (Some(day("2026-11-30")), 1), "the job changes nothing of its own");

        // Paused: what falls due meanwhile is left out; going on, the next one comes.
        let mut later = monthly(1, "2026-08-15", None).unwrap();
        later.paused = true;
        let paused: VoucherTemplate =
            desk.app.put_at(clerk, &one, 1, &named("إيجار", None, Some(later.clone()))).await.ok();
        assert_eq!(paused.next_on, Some(day("2026-11-01")));
        desk.app.db.clock().set(day("2026-12-20").and_hms_opt(9, 0, 0).unwrap());
        assert_eq!(make_due(&database).unwrap(), 0);
        later.paused = false;
        let on: VoucherTemplate = desk.app.put_at(clerk, &one, 2, &named("إيجار", None, Some(later))).await.ok();
        assert_eq!(on.next_on, Some(day("2027-01-01")));
        // And not at all any more.
        let never: VoucherTemplate = desk.app.put_at(clerk, &one, 3, &named("إيجار", None, None)).await.ok();
        assert_eq!((never.next_on, never.schedule), (None, None));
        let stored: i64 = desk
            .app
            .platform
            .db
            .read_now(|tx| Ok::<_, Refusal>(template_drafts::table.count().get_result(tx.conn())?))
            .unwrap();
        assert_eq!(stored, 3);
        for statement in [
            "UPDATE template_drafts SET due_on = '2026-01-01'",
            "DELETE FROM template_drafts",
            "DELETE FROM voucher_templates",
            "INSERT INTO template_drafts SELECT template_id, due_on, record_id + 1, made_at FROM template_drafts",
        ] {
            assert!(desk.sql(statement).is_err(), "went through: {statement}");
        }
    });
}

#[test]
fn what_cannot_be_made_is_said_on_the_template_and_made_once_it_can() {
    both_async(async |db: TestDb| {
        let desk = Desk::on(db).await;
        let clerk = desk.clerk.user_id;
        desk.allot("2026-01-01", &[(GOODS, "10,000")]);
        let schedule = monthly(5, "2026-10-01", None);
        let template: VoucherTemplate =
            desk.app.post(clerk, PATH, &named("إيجار", Some(rent(&desk)), schedule.clone())).await.created();
        let other: VoucherTemplate = desk
            .app
            .post(clerk, PATH, &named("آخر", Some(rent(&desk)), monthly(6, "2026-10-01", None)))
            .await
            .created();
        let database = desk.app.platform.db.clone();
        let one = format!("{PATH}/{}", template.id);
        let problem = async || -> Option<String> {
            let seen: VoucherTemplate = desk.app.get(clerk, &one).await.ok();
            seen.problem.map(|problem| format!("{}:{}", problem.field, problem.code))
        };
        desk.sql("UPDATE parties SET active = FALSE").unwrap();
        assert_eq!(make_due(&database).unwrap(), 0);
        assert_eq!(problem().await.as_deref(), Some("party_id:party_inactive"));
        let entries = desk.count("audit_entries");
        assert_eq!(make_due(&database).unwrap(), 0);
        assert_eq!(desk.count("audit_entries"), entries, "the same reason is noted once");
        let listed: Page<VoucherTemplate> = desk.app.get(clerk, &format!("{PATH}?only=problem")).await.ok();
        assert_eq!(listed.items.len(), 2);
        // Asked for by a person, it says the same; once the cause is gone, it is made.
        let tried: VoucherTemplate = desk.app.post(clerk, &format!("{one}/make"), &()).await.ok();
        assert!(tried.problem.is_some());
        desk.sql("UPDATE parties SET active = TRUE").unwrap();
        let tried: VoucherTemplate = desk.app.post(clerk, &format!("{one}/make"), &()).await.ok();
        assert_eq!((tried.problem, tried.next_on), (None, Some(day("2026-11-05"))));
        assert_eq!(made(&desk, template.id).await.len(), 1);
        assert_eq!(make_due(&database).unwrap(), 1, "the other one goes on by itself");
        assert_eq!(made(&desk, other.id).await.len(), 1);

        // A year that is not opened yet, and somebody who is gone.
        desk.app.db.clock().set(day("2027-01-10").and_hms_opt(9, 0, 0).unwrap());
        assert_eq!(make_due(&database).unwrap(), 4);
        assert_eq!(problem().await.as_deref(), Some(":no_fiscal_year"));
        desk.open(2027).await;
        desk.sql(&format!("UPDATE users SET active = FALSE WHERE id = {clerk}")).unwrap();
        assert_eq!(make_due(&database).unwrap(), 0);
        desk.sql(&format!("UPDATE users SET active = TRUE WHERE id = {clerk}")).unwrap();
        assert_eq!(problem().await.as_deref(), Some(":owner_gone"));
        // The keys of the new year are not there before its law.
        assert_eq!(make_due(&database).unwrap(), 0);
        assert_eq!(problem().await.as_deref(), Some("lines.0.key:key_unknown"));
        desk.allot("2027-01-02", &[(GOODS, "10,000")]);
        assert_eq!(make_due(&database).unwrap(), 2);
        assert_eq!(problem().await, None);
    });
}
