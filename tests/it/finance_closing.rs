//! Closing over HTTP: the cockpit and what it asks for, the sealed book, the end of a year; who may, and who finds nothing.

use chrono::{NaiveDate, TimeDelta};
use diwan_db::Clock;
use diwan_finance::closing::book::verify;
use diwan_finance_api::{
    AcceptInput, BeginYearEnd, ClosePeriod, ClosingCheck, ClosingRuleInput, Cockpit, CommitmentDecision,
    DecideCommitments, DocumentKind, FiscalPeriod, FiscalYear, PartRow, PeriodState, ReopenPeriod, Reopening, Report,
    ReportCell, SignOffInput, TouchedEntry, UsualRules, YearEnd, YearEndCommitment, YearEndState,
};
use diwan_kernel::{Page, Permission};
use diwan_platform::people;
use diwan_testkit::{TestDb, both_async};

use crate::finance_desk::{Desk, GOODS, SALARIES};

/// The office with rights to close beside those of its papers, and its year.
async fn office(db: TestDb) -> (Desk, FiscalYear) {
    let desk = Desk::on(db).await;
    let users = &desk.app.world.mof.users;
    for (user, right) in [
        ("director", Permission::Export),
        ("head", Permission::FinanceRead),
        ("head", Permission::FinanceClose),
        ("staff", Permission::FinanceReconcile),
    ] {
        desk.app.grant(users[user], right);
    }
    let years: Vec<FiscalYear> = desk.app.get(desk.director.user_id, "/api/finance/years").await.ok();
    (desk, years.into_iter().next().unwrap())
}

fn path(year: &FiscalYear, number: usize, act: &str) -> String {
    format!("/api/finance/periods/{}/{act}", year.periods[number - 1].id)
}

const CLOSED: ClosePeriod = ClosePeriod { to: PeriodState::Closed };

async fn close_to(desk: &Desk, year: &FiscalYear, last: usize) {
    for number in 1..=last {
        let closed = desk.app.post_at(desk.director.user_id, &path(year, number, "close"), 1, &CLOSED).await;
        assert_eq!(closed.ok::<FiscalPeriod>().state, PeriodState::Closed);
    }
}

#[test]
fn a_month_is_closed_when_its_cockpit_is_clear() {
    both_async(async |db: TestDb| {
        let (desk, year) = office(db).await;
        let (app, director) = (&desk.app, desk.director.user_id);
        let waiting = desk.draft(&desk.input(DocumentKind::Receipt, "2026-01-15", &[["1421", "", "", "10"]]));
        let cockpit = async || app.get(director, &path(&year, 1, "cockpit")).await.ok::<Cockpit>();
        assert!(!cockpit().await.ruled);
        let set: UsualRules = app.post(director, "/api/finance/closing-rules/usual", &()).await.ok();
        assert_eq!(set.added, 6);
        app.post(director, "/api/finance/closing-rules/usual", &()).await.refused(409, "rules_there");
        let rules: Page<PartRow<ClosingRuleInput>> = app.get(director, "/api/finance/closing-rules").await.ok();
        assert_eq!(rules.items.len(), 6);

        let seen = cockpit().await;
        assert!(seen.ruled && !seen.clear);
        let told = app.post_at(director, &path(&year, 1, "close"), 1, &CLOSED).await.refused(409, "closing_blocked");
        assert_eq!(told.args["documents"], "1");
        desk.finish(waiting).unwrap();
        app.post_at(director, &path(&year, 1, "close"), 1, &CLOSED).await.refused(409, "sign_offs_missing");
        let sign = path(&year, 1, "sign-offs");
        let of = |at: usize| SignOffInput { rule_id: seen.sign_offs[at].rule_id, note: "دققت".to_owned() };
        app.post(director, &sign, &of(0)).await.refused(403, "forbidden");
        let staff = app.world.mof.users["staff"];
        for (at, user) in [(0, desk.clerk.user_id), (1, staff), (2, staff)] {
            let signed: Cockpit = app.post(user, &sign, &of(at)).await.ok();
            assert!(signed.sign_offs[at].given);
            assert_eq!(signed.sign_offs[at].last.as_ref().unwrap().note, "دققت");
            app.post(user, &sign, &of(at)).await.refused(409, "signed_already");
        }
        let accept = AcceptInput { check: ClosingCheck::Advances, reason: "سبب".to_owned() };
        app.post(director, &path(&year, 1, "accept"), &accept).await.refused(409, "nothing_to_accept");
        assert!(cockpit().await.clear);
        let closed: FiscalPeriod = app.post_at(director, &path(&year, 1, "close"), 1, &CLOSED).await.ok();
        app.db.clock().set(app.db.clock().now() + TimeDelta::minutes(1));
        let again = ReopenPeriod { reason: "قيد فات".to_owned(), hours: 2 };
        app.post_at(director, &path(&year, 1, "reopen"), closed.version, &again).await.ok::<FiscalPeriod>();
        desk.posted(&desk.input(DocumentKind::Receipt, "2026-01-20", &[["1421", "", "", "3"]]));
        let all: Vec<Reopening> = app.get(director, &path(&year, 1, "reopenings")).await.ok();
        assert_eq!((all.len(), all[0].touched, all[0].amount), (1, 1, 3_000));
        let touched = format!("/api/finance/reopenings/{}/entries", all[0].id);
        let touched: Page<TouchedEntry> = app.get(director, &touched).await.ok();
        assert_eq!(touched.items.len(), 1);

        // Without the rights, and from another agency.
        let nobody = app.world.mof.users["other_head"];
        for (way, expected) in [("cockpit", 403), ("reopenings", 403)] {
            assert_eq!(app.get(nobody, &path(&year, 1, way)).await.status.as_u16(), expected);
        }
        app.post(desk.clerk.user_id, &path(&year, 1, "accept"), &accept).await.refused(403, "forbidden");
        app.post_at(desk.clerk.user_id, &path(&year, 1, "seal"), 1, &()).await.refused(403, "forbidden");
        app.post_at(app.world.mof.users["head"], &path(&year, 1, "seal"), 1, &()).await.refused(403, "forbidden");
        let stranger = app.world.moh.users["director"];
        for right in [
            Permission::FinanceRead,
            Permission::FinanceClose,
            Permission::FinanceAuthorise,
            Permission::FinancePrepare,
            Permission::Export,
        ] {
            app.grant(stranger, right);
        }
        for way in ["cockpit", "reopenings", "book"] {
            app.get(stranger, &path(&year, 1, way)).await.refused(404, "not_found");
        }
        app.post(stranger, &sign, &of(0)).await.refused(404, "not_found");
        app.post(stranger, &path(&year, 1, "accept"), &accept).await.refused(404, "not_found");
        app.post_at(stranger, &path(&year, 1, "seal"), 1, &()).await.refused(404, "not_found");
        let touched = format!("/api/finance/reopenings/{}/entries", all[0].id);
        app.get(stranger, &touched).await.refused(404, "not_found");
    });
}

#[test]
fn the_cockpit_and_what_a_reopening_touched_are_reports_of_their_agency() {
    both_async(async |db: TestDb| {
        let (desk, year) = office(db).await;
        let (app, director) = (&desk.app, desk.director.user_id);
        let waiting = desk.draft(&desk.input(DocumentKind::Receipt, "2026-01-15", &[["1421", "", "", "10"]]));
        close_to(&desk, &year, 1).await;
        app.db.clock().set(app.db.clock().now() + TimeDelta::minutes(1));
        let again = ReopenPeriod { reason: "قيد فات".to_owned(), hours: 2 };
        app.post_at(director, &path(&year, 1, "reopen"), 2, &again).await.ok::<FiscalPeriod>();
        let late = desk.posted(&desk.input(DocumentKind::Receipt, "2026-01-20", &[["1421", "", "", "3"]]));
        app.post(director, "/api/finance/closing-rules/usual", &()).await.ok::<UsualRules>();
        let all: Vec<Reopening> = app.get(director, &path(&year, 1, "reopenings")).await.ok();
        let cockpit = path(&year, 1, "report");
        let touched = format!("/api/finance/reopenings/{}/report", all[0].id);

        let words = |en: &str, cell: &ReportCell| matches!(cell, ReportCell::Text(name) if name.en == en);
        let shown: Report = app.get(director, &cockpit).await.ok();
        let found = shown.rows.iter().position(|row| words("Documents not posted", &row.cells[0])).unwrap();
        let [head, below] = [&shown.rows[found], &shown.rows[found + 1]];
        assert!(words("Stops the close", &head.cells[1]), "{head:?}");
        assert_eq!(head.cells[2..4], [ReportCell::Code("1".to_owned()), ReportCell::Amount(10_000)]);
        assert_eq!((below.level, below.link.as_ref().map(|link| link.id)), (1, Some(waiting)));
        assert!(words("Draft", &below.cells[1]), "{below:?}");
        let unsigned = shown.rows.iter().filter(|row| words("Not given yet", &row.cells[1])).count();
        assert_eq!((unsigned, shown.checks[0].left, shown.checks[0].difference()), (3, 3_000, 0));
        let shown: Report = app.get(director, &touched).await.ok();
        assert_eq!(shown.rows.len(), 1);
        assert_eq!(shown.rows[0].link.as_ref().map(|link| link.id), Some(late));
        assert_eq!(shown.rows[0].cells[5], ReportCell::Amount(3_000));

        // On paper for who reads it, as a sheet with the right to export besides, and nothing for anybody else.
        let (reader, nobody) = (app.world.mof.users["head"], app.world.mof.users["other_head"]);
        let stranger = app.world.moh.users["director"];
        app.grant(stranger, Permission::FinanceRead);
        app.grant(stranger, Permission::Export);
        for path in [cockpit, touched] {
            let [sheet, print] = ["export", "pdf"].map(|form| format!("{path}/{form}"));
            for lang in ["ar", "en"] {
                assert_eq!(&app.get(director, &format!("{sheet}?lang={lang}")).await.body[..2], b"PK", "{path}");
                assert_eq!(&app.get(reader, &format!("{print}?lang={lang}")).await.body[..5], b"%PDF-", "{path}");
            }
            app.get(reader, &sheet).await.refused(403, "forbidden");
            for form in [&path, &sheet, &print] {
                app.get(nobody, form).await.refused(403, "forbidden");
                app.get(stranger, form).await.refused(404, "not_found");
            }
        }
    });
}

#[test]
fn a_sealed_period_has_a_book_that_is_checked_elsewhere() {
    both_async(async |db: TestDb| {
        let (desk, year) = office(db).await;
        let (app, director) = (&desk.app, desk.director.user_id);
        desk.posted(&desk.input(DocumentKind::Receipt, "2026-01-15", &[["1421", "", "", "10"]]));
        close_to(&desk, &year, 2).await;
        app.get(director, &path(&year, 1, "book")).await.refused(409, "wrong_state");
        app.post_at(director, &path(&year, 2, "seal"), 2, &()).await.refused(409, "earlier_period_unsealed");
        app.post_at(director, &path(&year, 3, "seal"), 1, &()).await.refused(409, "wrong_state");
        app.post_at(director, &path(&year, 1, "seal"), 1, &()).await.refused(409, "stale");
        let mut books = Vec::new();
        for number in [1, 2] {
            let sealed: FiscalPeriod = app.post_at(director, &path(&year, number, "seal"), 2, &()).await.ok();
            assert_eq!((sealed.state, sealed.sealed_by.map(|by| by.id)), (PeriodState::Sealed, Some(director)));
            let file = app.get(director, &path(&year, number, "book")).await;
            assert_eq!(file.status.as_u16(), 200);
            let whole = verify::book(file.body.as_ref()).unwrap();
            assert_eq!(Some(&whole.end.root), sealed.root.as_ref());
            books.push(whole);
        }
        assert_eq!((books[0].end.entries, books[0].end.total), (1, 10_000));
        assert_eq!(books[1].end.previous.as_ref(), Some(&books[0].end.root));
        app.post_at(director, &path(&year, 1, "seal"), 3, &()).await.refused(409, "wrong_state");
        let statement = "/api/finance/statements/performance?from=2026-01-01&to=2026-02-28";
        let made: Report = app.get(director, statement).await.ok();
        let root: String = made
            .facts
            .iter()
            .find_map(|fact| match &fact.value {
                ReportCell::Code(code) if fact.label.en.contains("Root") => Some(code.replace(' ', "")),
                _ => None,
            })
            .unwrap();
        assert_eq!(root, books[1].end.root);
        let pdf = "/api/finance/statements/performance/pdf?from=2026-01-01&to=2026-02-28&lang=en";
        assert_eq!(&app.get(director, pdf).await.body[..4], b"%PDF");
        let cockpit: Cockpit = app.get(director, &path(&year, 2, "cockpit")).await.ok();
        assert!(!cockpit.may_reopen && !cockpit.may_seal && cockpit.unsealed_before.is_none());
        an_auditor_takes_the_books_along(&desk, &year).await;
    });
}

/// The built-in role of auditors reads finance, takes books and sheets along, and changes nothing.
async fn an_auditor_takes_the_books_along(desk: &Desk, year: &FiscalYear) {
    let (app, auditor) = (&desk.app, desk.app.world.mof.users["other_head"]);
    let given = app.platform.db.write_now(desk.director.who(), "test.auditor", |tx| {
        people::roles::ensure_builtin(tx)?;
        people::seed::grant_role(tx, auditor, "auditor")
    });
    given.unwrap();
    let file = app.get(auditor, &path(year, 1, "book")).await;
    assert!(verify::book(file.body.as_ref()).is_ok(), "{}", file.status);
    for list in ["journal", "statements/cash", "open/arrears", "trial-balance"] {
        let sheet = app.get(auditor, &format!("/api/finance/{list}/export?lang=ar")).await;
        assert_eq!(&sheet.body[..2], b"PK", "{list}");
    }
    app.post_at(auditor, &path(year, 3, "close"), 1, &CLOSED).await.refused(403, "forbidden");
}

#[test]
fn a_year_ends_by_two_persons() {
    both_async(async |db: TestDb| {
        let (desk, year) = office(db).await;
        let (app, director, head) = (&desk.app, desk.director.user_id, desk.app.world.mof.users["head"]);
        desk.allot("2026-02-01", &[(GOODS, "1000"), (SALARIES, "500")]);
        desk.posted(&desk.input(DocumentKind::Receipt, "2026-03-01", &[["1421", "", "", "700"]]));
        desk.posted(&desk.input(DocumentKind::PaymentVoucher, "2026-03-02", &[["2219", GOODS, "250", ""]]));
        let carried = desk.posted(&desk.input(DocumentKind::Commitment, "2026-04-01", &[["", GOODS, "300", ""]]));
        desk.posted(&desk.input(DocumentKind::Commitment, "2026-04-02", &[["", SALARIES, "100", ""]]));
        let end = format!("/api/finance/years/{}/end", year.id);
        let way = |act: &str| format!("{end}/{act}");
        let seen: YearEnd = app.get(director, &end).await.ok();
        assert_eq!((seen.state, seen.surplus, seen.open.count), (None, 450_000, 2));
        app.post(desk.clerk.user_id, &end, &BeginYearEnd::default()).await.refused(403, "forbidden");
        let begun: YearEnd = app.post(head, &end, &BeginYearEnd::default()).await.created();
        assert_eq!(begun.state, Some(YearEndState::Draft));
        let carry = DecideCommitments {
            ids: vec![carried],
            holds: Vec::new(),
            decision: CommitmentDecision::Carry,
            reason: "عقد مستمر".to_owned(),
        };
        app.put(head, &way("decisions"), &carry).await.ok::<YearEnd>();
        let lapse = DecideCommitments { ids: Vec::new(), decision: CommitmentDecision::Lapse, ..carry.clone() };
        let decided: YearEnd = app.put(head, &way("decisions"), &lapse).await.ok();
        assert_eq!((decided.carry.amount, decided.lapse.amount), (300_000, 100_000));
        let list: Page<YearEndCommitment> = app.get(head, &way("commitments?only=carry")).await.ok();
        assert_eq!(list.items.iter().map(|one| one.id).collect::<Vec<_>>(), [carried]);
        let sheet = app.get(director, &way("commitments/export?lang=ar")).await;
        assert_eq!(&sheet.body[..2], b"PK");
        let early = app.post_at(head, &way("prepare"), decided.version, &()).await.refused(409, "year_end_conditions");
        assert_eq!(early.args["months"], "12");

        let january = NaiveDate::from_ymd_opt(2027, 1, 10).unwrap().and_hms_opt(8, 0, 0).unwrap();
        app.db.clock().set(january);
        close_to(&desk, &year, 12).await;
        desk.open(2027).await;
        let prepared: YearEnd = app.post_at(head, &way("prepare"), decided.version, &()).await.ok();
        app.post_at(head, &way("confirm"), prepared.version, &()).await.refused(403, "forbidden");
        let returned: YearEnd = app.post_at(director, &way("return"), prepared.version, &()).await.ok();
        let own: YearEnd = app.post_at(director, &way("prepare"), returned.version, &()).await.ok();
        app.post_at(director, &way("confirm"), own.version, &()).await.refused(409, "own_year_end");
        let returned: YearEnd = app.post_at(head, &way("return"), own.version, &()).await.ok();
        let prepared: YearEnd = app.post_at(head, &way("prepare"), returned.version, &()).await.ok();
        app.post_at(director, &way("confirm"), 1, &()).await.refused(409, "stale");
        let ended: YearEnd = app.post_at(director, &way("confirm"), prepared.version, &()).await.ok();
        assert_eq!((ended.state, ended.surplus), (Some(YearEndState::Ended), 450_000));
        assert_eq!(ended.budget.lapsed, 950_000);
        app.post_at(director, &way("confirm"), ended.version, &()).await.refused(409, "wrong_state");
        assert_eq!(desk.buckets(GOODS, 2026), [0, 0, 0, 0, 0, 250_000, 0]);
        assert_eq!(desk.buckets(GOODS, 2027), [0, 0, 0, 0, 300_000, 0, 0]);
        assert_eq!(desk.view(carried).await.head.state, "closed");
        let reopen = ReopenPeriod { reason: "قيد فات".to_owned(), hours: 2 };
        app.post_at(director, &path(&year, 12, "reopen"), 2, &reopen).await.refused(409, "year_ended");

        let stranger = app.world.moh.users["director"];
        for right in [Permission::FinanceRead, Permission::FinanceClose, Permission::FinanceAuthorise] {
            app.grant(stranger, right);
        }
        app.get(stranger, &end).await.refused(404, "not_found");
        app.get(stranger, &way("commitments")).await.refused(404, "not_found");
        app.post(stranger, &end, &BeginYearEnd::default()).await.refused(404, "not_found");
        app.put(stranger, &way("decisions"), &carry).await.refused(404, "not_found");
        for act in ["prepare", "return", "confirm"] {
            app.post_at(stranger, &way(act), 1, &()).await.refused(404, "not_found");
        }
    });
}
