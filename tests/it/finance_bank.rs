//! The bank over HTTP: every file of the shared data, and the way from a statement to an approved reconciliation.

use std::{collections::BTreeMap, fs, path::PathBuf};

use actix_web::test::TestRequest;
use diesel::{connection::SimpleConnection, prelude::*};
use diwan_bank::Options;
use diwan_db::DbError;
use diwan_finance::ledger::{Entry, Line, post};
use diwan_finance_api::{
    AcceptMatches, BankAccountStanding, BankLine, BankStatement, BookLineId, DocumentKind, FiscalYear, ManualMatch,
    MatchDesk, MatchRule, Matched, NewFiscalYear, NewReconciliation, Reconciliation, ReconciliationRow,
    ReconciliationState, Report, StatementImport,
};
use diwan_kernel::{Page, Permission, Priority, Secrecy};
use diwan_platform::records::{self, NewRecord};
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::{accounts, bank_accounts, bank_lines};
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{Answer, TestApp, encode, shared_data};

use crate::{archive::renditions::text_of, finance_lists};

/// The treasurer and the finance manager of the ministry of finance, with a year and its chart.
async fn books(db: TestDb) -> (TestApp, i64, i64) {
    let app = TestApp::new(db);
    let (treasurer, manager) = (app.world.mof.users["director"], app.world.mof.users["sg"]);
    for user in [treasurer, manager] {
        for right in [Permission::FinanceRead, Permission::FinanceReconcile, Permission::Export] {
            app.grant(user, right);
        }
    }
    app.grant(manager, Permission::FinanceStructure);
    app.post(manager, "/api/finance/years", &NewFiscalYear { year: 2026 }).await.created::<FiscalYear>();
    (app, treasurer, manager)
}

/// A bank account on an account of the chart that is made for it.
fn bank_account(app: &TestApp, nth: usize, number: &str, currency: &str) -> i64 {
    let agency_id = app.world.mof.id;
    let scale = diwan_bank::currency::scale(currency).unwrap();
    app.platform
        .db
        .upkeep("test.bank", |tx| {
            tx.conn().batch_execute(&format!(
                "INSERT INTO currencies (code, scale, name_ar, name_en) VALUES ('{currency}', {scale}, '', '') ON CONFLICT DO NOTHING"
            ))?;
            let day: chrono::NaiveDate = "2000-01-01".parse().unwrap();
            let account: i64 = diesel::insert_into(accounts::table)
                .values((
                    (accounts::agency_id.eq(agency_id), accounts::code.eq(format!("62029{nth:03}"))),
                    (accounts::name_ar.eq("بنك"), accounts::name_en.eq(""), accounts::side.eq("debit")),
                    (accounts::posting.eq(true), accounts::gfsm.eq("6202"), accounts::currency.eq(Some(currency))),
                    (accounts::budgeted.eq(false), accounts::needs_party.eq(false), accounts::needs_centre.eq(false)),
                    (accounts::active_from.eq(day), accounts::version.eq(1_i64)),
                ))
                .returning(accounts::id)
                .get_result(tx.conn())?;
            Ok::<i64, DbError>(
                diesel::insert_into(bank_accounts::table)
                    .values((
                        (bank_accounts::agency_id.eq(agency_id), bank_accounts::account_id.eq(account)),
                        (bank_accounts::code.eq(format!("B{nth}")), bank_accounts::name_ar.eq("حساب الخزينة")),
                        (bank_accounts::name_en.eq("Treasury"), bank_accounts::bic.eq(""), bank_accounts::number.eq(number)),
                        (bank_accounts::iban.eq(""), bank_accounts::currency.eq(currency), bank_accounts::active.eq(true)),
                        bank_accounts::version.eq(1_i64),
                    ))
                    .returning(bank_accounts::id)
                    .get_result(tx.conn())?,
            )
        })
        .unwrap()
}

async fn send(app: &TestApp, user: i64, path: &str, bytes: &[u8]) -> Answer {
    let request = TestRequest::post().uri(path).insert_header(("content-type", "application/octet-stream"));
    app.send(user, request.set_payload(bytes.to_vec())).await
}

/// Every file that a bank sent, of every folder; the descriptions beside them left out.
fn files() -> Vec<PathBuf> {
    let mut all = Vec::new();
    for (folder, _) in FILES {
        all.extend(fs::read_dir(shared_data("bank").join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    all.retain(|path| !path.to_str().unwrap().contains("expected"));
    all.sort();
    all
}

/// What becomes of the files of each folder, counted by hand from what backend/bank/tests expects of each.
const FILES: [(&str, &str); 4] = [
    ("camt", "currency_mixed 3, no_balance 2, no_statement 1, not_a_statement 9, taken 1, totals_differ 3"),
    ("mt940", "field_missing 13, field_twice 1, no_balance 2, not_a_statement 2, taken 6, totals_differ 5"),
    ("ofx", "format_unsupported 1"),
    ("sheet", "no_balance 2, taken 2, totals_differ 1"),
];

#[test]
fn every_file_of_the_banks_is_imported_or_refused_with_its_reason() {
    both_async(async |db: TestDb| {
        let (app, treasurer, _) = books(db).await;
        let mut became = BTreeMap::<String, BTreeMap<&str, usize>>::new();
        for (nth, path) in files().into_iter().enumerate() {
            let bytes = fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap();
            let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
            // The account that the file is of, as an office would have it.
            let drafts = diwan_bank::parse(&bytes, &Options::default()).unwrap_or_default();
            let first = drafts.first();
            let number = first.and_then(|draft| draft.account.clone()).unwrap_or_else(|| format!("ACC{nth}"));
            let currency = first.and_then(|draft| draft.currency.clone()).unwrap_or_else(|| "EUR".to_owned());
            let account = bank_account(&app, nth, &number, &currency);
            let options = Options { account: Some(number), currency: Some(currency), ..Options::default() };
            let at = format!("/api/finance/bank/accounts/{account}/statements");
            let preview = send(&app, treasurer, &format!("{at}/preview?name={}", encode(name)), &bytes).await;
            let import = send(&app, treasurer, &format!("{at}?name={}", encode(name)), &bytes).await;
            let outcome = match diwan_bank::read(&bytes, &options) {
                Ok(statements) => {
                    let seen: StatementImport = preview.ok();
                    assert!(seen.ids.is_empty());
                    let brought: StatementImport = import.created();
                    assert_eq!(brought.statements, seen.statements, "{name}");
                    assert_eq!(brought.ids.len(), seen.statements.len(), "{name}");
                    let own = statements.iter().filter(|one| one.account == statements[0].account);
                    let lines: usize = own.map(|one| one.lines.len()).sum();
                    assert_eq!(brought.statements.iter().map(|one| one.lines).sum::<usize>(), lines, "{name}");
                    kept(&app, treasurer, account, &brought, &bytes).await;
                    let again = send(&app, treasurer, &at, &bytes).await.wrong_fields();
                    assert_eq!(again, [("file".to_owned(), "statement_known".to_owned())], "{name}");
                    "taken"
                }
                Err(reason) => {
                    let expected = [("file".to_owned(), reason.code().to_owned())];
                    assert_eq!(preview.wrong_fields(), expected, "{name}");
                    assert_eq!(import.wrong_fields(), expected, "{name}");
                    reason.code()
                }
            };
            *became.entry(folder.to_owned()).or_default().entry(outcome).or_default() += 1;
        }
        for (folder, expected) in FILES {
            let found = became[folder].iter().map(|(outcome, count)| format!("{outcome} {count}"));
            assert_eq!(found.collect::<Vec<_>>().join(", "), expected, "{folder}");
        }
    });
}

/// What is in the database is what the file says, and the file is there as it came.
async fn kept(app: &TestApp, user: i64, account: i64, brought: &StatementImport, bytes: &[u8]) {
    for (id, seen) in brought.ids.iter().zip(&brought.statements) {
        let of: BankStatement = app.get(user, &format!("/api/finance/bank/statements/{id}")).await.ok();
        assert_eq!((of.account_id, of.opening, of.closing), (account, seen.opening, seen.closing));
        let mut lines = Vec::<BankLine>::new();
        let mut after = String::new();
        loop {
            let path = format!("/api/finance/bank/statements/{id}/lines?limit=100&after={after}");
            let page: Page<BankLine> = app.get(user, path.trim_end_matches("&after=")).await.ok();
            lines.extend(page.items);
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        lines.retain(|line| line.ordinal > 0);
        assert_eq!(lines.len(), seen.lines);
        assert_eq!(of.opening + lines.iter().map(|line| line.amount).sum::<i64>(), of.closing);
        let file = app.get(user, &format!("/api/finance/bank/statements/{id}/file")).await;
        assert_eq!(&file.body[..], bytes);
    }
}

const IBAN: &str = "JO94CBJO0010000000000131000302";

/// A statement of March with a deposit, two equal fees, and a line that nobody knows.
const MARCH: &str = ":20:MAR\n:25:JO94CBJO0010000000000131000302\n:28C:3/1\n:60F:C260301JOD0,\n\
    :61:260303C700,500NTRFNONREF\n:86:Deposit DEP-00100\n:61:260304D1,250NCHGNONREF\n:86:Fee\n\
    :61:260304D1,250NCHGNONREF\n:86:Fee\n:61:260310D450,NCHKNONREF\n:86:Cheque 417290\n\
    :61:260331C3,NINTNONREF\n:86:Interest\n:62F:C260331JOD251,000\n-\n";

/// Posts lines to the bank account's account, against another leaf.
fn posted(app: &TestApp, user: i64, bank: i64, on: &str, items: &[(i64, &str)]) -> i64 {
    let agency_id = app.world.mof.id;
    let who = diwan_kernel::Who { user_id: Some(user), agency_id: Some(agency_id), ..diwan_kernel::Who::system() };
    app.platform
        .db
        .write_now(who, "test.post", |tx| {
            let account: i64 = bank_accounts::table.find(bank).select(bank_accounts::account_id).first(tx.conn())?;
            let against: i64 = accounts::table
                .filter(accounts::agency_id.eq(agency_id))
                .filter(accounts::code.eq("630803"))
                .select(accounts::id)
                .first(tx.conn())?;
            let party: i64 = {
                use diwan_schema::finance::parties;
                let known: Option<i64> = parties::table
                    .filter(parties::agency_id.eq(agency_id))
                    .select(parties::id)
                    .first(tx.conn())
                    .optional()?;
                match known {
                    Some(id) => id,
                    None => diesel::insert_into(parties::table)
                        .values((
                            (parties::agency_id.eq(agency_id), parties::kind.eq("supplier"), parties::code.eq("1")),
                            (parties::name_ar.eq("شركة الأفق"), parties::name_en.eq(""), parties::fold.eq("")),
                            (parties::tax_number.eq(""), parties::national_number.eq(""), parties::iban.eq("")),
                            (parties::active.eq(true), parties::version.eq(1_i64)),
                        ))
                        .returning(parties::id)
                        .get_result(tx.conn())?,
                }
            };
            let record_id = records::create(
                tx,
                &NewRecord {
                    agency_id,
                    unit_id: None,
                    kind: RecordKind::JournalVoucher,
                    subject: "قيد".to_owned(),
                    party: String::new(),
                    state: "posted",
                    secrecy: Secrecy::Normal,
                    caveats: Vec::new(),
                    priority: Priority::Normal,
                    due_on: None,
                    class_code: None,
                    created_by: user,
                },
            )?;
            let line = |account_id, party_id, amount: i64, note: &str| Line {
                account_id,
                key_id: None,
                party_id,
                centre_id: None,
                currency: "JOD".to_owned(),
                debit: amount.max(0),
                credit: (-amount).max(0),
                base_debit: amount.max(0),
                base_credit: (-amount).max(0),
                note: note.to_owned(),
            };
            let mut lines: Vec<Line> = items.iter().map(|(amount, note)| line(account, None, *amount, note)).collect();
            lines.extend(items.iter().map(|(amount, _)| line(against, Some(party), -amount, "")));
            let entry = Entry {
                agency_id,
                record_id,
                kind: DocumentKind::JournalVoucher,
                effective_on: on.parse().unwrap(),
                complementary: false,
                reverses: None,
                lines,
                spends: Vec::new(),
            };
            let id = post(tx, user, &entry)?;
            tx.audit(diwan_db::Audit::of_record(record_id))?;
            Ok::<_, diwan_platform::Refusal>(id)
        })
        .unwrap()
}

#[test]
fn from_a_statement_to_an_approved_reconciliation() {
    both_async(async |db: TestDb| {
        let (app, treasurer, manager) = books(db).await;
        let bank = bank_account(&app, 1, IBAN, "JOD");
        let entry = posted(&app, manager, bank, "2026-03-02", &[(700_500, "DEP-00100"), (-1_250, ""), (-1_250, "")]);
        let cheque = posted(&app, manager, bank, "2026-03-09", &[(-450_000, "417290"), (-90_000, "417291")]);
        let at = format!("/api/finance/bank/accounts/{bank}");
        let brought: StatementImport =
            send(&app, treasurer, &format!("{at}/statements?name=march.sta"), MARCH.as_bytes()).await.created();
        let statement = brought.ids[0];
        assert_eq!((brought.format.as_str(), brought.scale, brought.statements[0].twins), ("MT940", 3, 1));

        let desk: MatchDesk = app.get(treasurer, &format!("{at}/desk")).await.ok();
        assert_eq!((desk.proposed, desk.certain, desk.lines_left, desk.entries_left), (4, 4, 1, 1));
        let found: MatchDesk = app.get(treasurer, &format!("{at}/desk?q=450")).await.ok();
        assert_eq!(found.proposals.len(), 1);
        assert_eq!(found.proposals[0].why.rule, MatchRule::Reference);
        let made: Matched = app.post(treasurer, &format!("{at}/accept"), &AcceptMatches::default()).await.ok();
        assert_eq!((made.lines, made.entries), (4, 4));
        app.post(treasurer, &format!("{at}/accept"), &AcceptMatches::default()).await.refused(409, "nothing_certain");

        let lines: Page<BankLine> =
            app.get(treasurer, &format!("/api/finance/bank/statements/{statement}/lines?q=cheque")).await.ok();
        let [line] = &lines.items[..] else { panic!("{lines:?}") };
        assert_eq!((line.open, line.matches[0].book.entry_id, line.matches[0].amount), (0, cheque, -450_000));
        app.post(treasurer, &format!("/api/finance/bank/lines/{}/undo", line.id), &()).await.ok::<Matched>();
        let by_hand = |seq| ManualMatch { lines: vec![line.id], entries: vec![BookLineId { entry_id: cheque, seq }] };
        app.post(treasurer, &format!("{at}/match"), &by_hand(2)).await.refused(409, "match_differs");
        app.post(treasurer, &format!("{at}/match"), &by_hand(1)).await.ok::<Matched>();
        let open: Page<BankLine> =
            app.get(treasurer, &format!("/api/finance/bank/statements/{statement}/lines?open=true")).await.ok();
        assert_eq!(open.items.iter().map(|line| line.amount).collect::<Vec<_>>(), [3_000]);
        assert_eq!(
            &app.get(treasurer, &format!("/api/finance/bank/statements/{statement}/export?lang=en")).await.body[..2],
            b"PK"
        );

        reconcile(&app, (treasurer, manager), (&at, statement)).await;
        let all: Vec<BankAccountStanding> = app.get(treasurer, "/api/finance/bank/accounts").await.ok();
        assert_eq!((all[0].bank_balance, all[0].book_balance, all[0].open_lines), (Some(251_000), 158_000, 1));
        assert!(all[0].reconciled_to.is_some() && all[0].reconciliation_id.is_none());
        // The books of the account are looked at where its balance stands.
        let books = format!("/api/finance/accounts/{}/statement", all[0].chart_account_id);
        let march: Report = app.get(manager, &format!("{books}?from=2026-03-01&to=2026-03-31")).await.ok();
        assert!(!march.rows.is_empty());
        assert!(entry > 0);
    });
}

async fn reconcile(app: &TestApp, (treasurer, manager): (i64, i64), (at, statement_id): (&str, i64)) {
    let begun = app.post(treasurer, &format!("{at}/reconciliations"), &NewReconciliation { statement_id }).await;
    let of: Reconciliation = begun.created();
    assert_eq!((of.book_balance, of.bank_balance, of.adjusted), (158_000, 251_000, 161_000));
    assert_eq!((of.bank_items.len(), of.outstanding.len(), of.in_transit.len()), (1, 1, 0));
    let path = |step: &str| format!("/api/finance/bank/reconciliations/{}{step}", of.id);
    app.post_at(manager, &path("/approve"), of.version, &()).await.refused(409, "wrong_state");
    let submitted: Reconciliation = app.post_at(treasurer, &path("/submit"), of.version, &()).await.ok();
    app.post_at(treasurer, &path("/submit"), of.version, &()).await.refused(409, "stale");
    app.post_at(treasurer, &path("/approve"), submitted.version, &()).await.refused(409, "own_reconciliation");
    let seen: Reconciliation = app.get(manager, &path("")).await.ok();
    assert!(seen.may_approve && !submitted.may_approve);
    let returned: Reconciliation = app.post_at(manager, &path("/return"), seen.version, &()).await.ok();
    assert_eq!(returned.state, ReconciliationState::Draft);
    let again: Reconciliation = app.post_at(treasurer, &path("/submit"), returned.version, &()).await.ok();
    let done: Reconciliation = app.post_at(manager, &path("/approve"), again.version, &()).await.ok();
    assert_eq!(done.state, ReconciliationState::Approved);
    assert!(done.number.is_some() && done.root.is_some());
    assert_eq!(&app.get(treasurer, &path("/print")).await.body[..5], b"%PDF-");
    assert!(text_of(&app.get(treasurer, &path("/print?lang=en")).await.body).contains("Prepared by"));
    assert_eq!(&app.get(treasurer, &path("/export?lang=ar")).await.body[..2], b"PK");
    let list: Page<ReconciliationRow> = app.get(treasurer, "/api/finance/bank/reconciliations").await.ok();
    assert_eq!((list.items.len(), list.items[0].id), (1, of.id));
    finance_lists::bank(app, treasurer, at, done.number.as_deref().unwrap()).await;
    let kept = app.delete(treasurer, &format!("/api/finance/bank/statements/{statement_id}")).await;
    kept.refused(409, "statement_reconciled");
}

#[test]
fn who_may_not_is_refused_and_a_stranger_finds_nothing() {
    both_async(async |db: TestDb| {
        let (app, treasurer, _) = books(db).await;
        let bank = bank_account(&app, 1, IBAN, "JOD");
        let at = format!("/api/finance/bank/accounts/{bank}");
        let brought: StatementImport =
            send(&app, treasurer, &format!("{at}/statements"), MARCH.as_bytes()).await.created();
        let statement = brought.ids[0];
        let body = NewReconciliation { statement_id: statement };
        let of: Reconciliation = app.post(treasurer, &format!("{at}/reconciliations"), &body).await.created();
        let line: i64 = app
            .platform
            .db
            .read_now(|tx| Ok::<_, DbError>(bank_lines::table.select(bank_lines::id).first(tx.conn())?))
            .unwrap();
        let reading = [
            format!("{at}/statements"),
            format!("{at}/desk"),
            format!("/api/finance/bank/statements/{statement}"),
            format!("/api/finance/bank/statements/{statement}/lines"),
            format!("/api/finance/bank/statements/{statement}/export"),
            format!("/api/finance/bank/statements/{statement}/file"),
            format!("/api/finance/bank/reconciliations/{}", of.id),
            format!("/api/finance/bank/reconciliations/{}/print", of.id),
            format!("/api/finance/bank/reconciliations/{}/export", of.id),
        ];
        let steps = ["submit", "return", "approve", "void"]
            .map(|step| format!("/api/finance/bank/reconciliations/{}/{step}", of.id));
        let clerk = app.world.mof.users["staff"];
        let stranger = app.world.moh.users["director"];
        for right in [Permission::FinanceRead, Permission::FinanceReconcile, Permission::Export] {
            app.grant(stranger, right);
        }
        for (user, status, code) in [(clerk, 403, "forbidden"), (stranger, 404, "not_found")] {
            for path in &reading {
                app.get(user, path).await.refused(status, code);
            }
            for path in &steps {
                app.post_at(user, path, 1, &()).await.refused(status, code);
            }
            for path in ["/statements", "/statements/preview"] {
                send(&app, user, &format!("{at}{path}"), MARCH.as_bytes()).await.refused(status, code);
            }
            app.post(user, &format!("{at}/accept"), &AcceptMatches::default()).await.refused(status, code);
            app.post(user, &format!("{at}/match"), &ManualMatch::default()).await.refused(status, code);
            app.post(user, &format!("{at}/reconciliations"), &body).await.refused(status, code);
            app.post(user, &format!("/api/finance/bank/lines/{line}/undo"), &()).await.refused(status, code);
            app.delete(user, &format!("/api/finance/bank/statements/{statement}")).await.refused(status, code);
        }
        for path in ["/api/finance/bank/accounts", "/api/finance/bank/reconciliations"] {
            app.get(clerk, path).await.refused(403, "forbidden");
        }
        assert!(app.get(stranger, "/api/finance/bank/accounts").await.ok::<Vec<BankAccountStanding>>().is_empty());
        // Who reads alone changes nothing.
        app.grant(clerk, Permission::FinanceRead);
        app.get(clerk, &format!("{at}/desk")).await.ok::<MatchDesk>();
        app.post(clerk, &format!("{at}/accept"), &AcceptMatches::default()).await.refused(403, "forbidden");
        app.post_at(treasurer, &steps[3], of.version, &()).await.done();
    });
}
