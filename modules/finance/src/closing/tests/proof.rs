//! What the sealed book proves of the budget: its documents, every move of its lines, and the payments, from the first month to
//! the end of the year; and what it finds where somebody tells it otherwise.

use diesel::prelude::*;
use diwan_db::Violation;
use diwan_extract::Sniffed;
use diwan_finance_api::{
    AddPayments, Bucket, ChequeBookInput, ChequeInput, CommitmentDecision, DocumentKind, ExecutePayments, MoveKind,
    PayMethod, PaymentRunInput, PeriodState,
};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Refusal, files::Stored};
use diwan_schema::finance::budget_lines;
use diwan_testkit::{both, give_right};
use sha2::{Digest, Sha256};

use super::{
    desk::{Desk, secrets},
    year::{in_january, lived},
};
use crate::{
    closing::book::{
        self,
        format::{Entry, Line, Move},
        verify::{self, Fault, Link, Standing, Whole},
    },
    documents::tests::office::{GOODS, refusal},
    ledger::{
        self, Spend,
        moves::Cause,
        tests::books::{act, day, sql},
    },
    payments,
};

fn lines(book: &[u8]) -> Vec<Line> {
    book.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

fn moves(book: &[u8]) -> Vec<Move> {
    let of = |line| if let Line::Move(one) = line { Some(one) } else { None };
    lines(book).into_iter().filter_map(of).collect()
}

fn stored(bytes: &[u8]) -> Stored {
    let hash = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let sniffed = Sniffed { media_type: "text/plain".into(), extension: "xml".into(), matches_name: true };
    Stored { hash, size: bytes.len() as u64, sniffed }
}

/// Pays a voucher by a run that is approved, sent and executed, and another one by a cheque; answers the hashes of its files.
fn pay(desk: &Desk, transfer: i64, cheque: i64) -> [String; 2] {
    let (db, office, today) = (desk.db(), &desk.office, day("2026-11-01"));
    give_right(db, desk.closer.user_id, Permission::FinancePay);
    let payer: Actor = office.world.mof.actor(db, "head");
    let bank_account_id = desk.bank_account();
    sql(db, "UPDATE bank_accounts SET iban = 'JO94CBJO0010000000000131000302', bic = 'CBJOJOAX'").unwrap();
    let input = PaymentRunInput { bank_account_id, subject: "دفعة الموردين".to_owned(), pay_on: today };
    let run = act(db, &payer, |tx| payments::begin(tx, &payer, &input)).unwrap();
    let documents = AddPayments { documents: vec![transfer], all: None };
    let added = act(db, &payer, |tx| payments::add(tx, &payer, run, &documents)).unwrap();
    assert!(added.refused.is_empty(), "{:?}", added.refused);
    let version = || db.read_now(|tx| payments::view(tx, &payer, run)).unwrap().version;
    let at = version();
    act(db, &office.director, |tx| payments::approve(tx, &secrets(), &office.director, run, at)).unwrap();
    let at = version();
    let made = db.read_now(|tx| payments::files(tx, &payer, run, at)).unwrap();
    let (pain, csv) = (stored(&made.pain), stored(&made.csv));
    act(db, &payer, |tx| payments::send(tx, &payer, (run, at), (&pain, &csv))).unwrap();
    let executed = ExecutePayments { on: today, items: Vec::new() };
    act(db, &payer, |tx| payments::execute(tx, &payer, run, &executed)).unwrap();
    let book = ChequeBookInput { bank_account_id, series: "A".to_owned(), first: 41, last: 50 };
    let book_id = act(db, &payer, |tx| payments::open_book(tx, &payer, &book)).unwrap();
    let issued = ChequeInput { book_id, document_id: cheque, on: today };
    act(db, &payer, |tx| payments::issue(tx, &payer, &issued)).unwrap();
    [pain.hash, csv.hash]
}

/// An office that spent in October and paid in November, with the books of both sealed, and the hashes of what the bank got.
fn paid(db: diwan_db::Db) -> (Desk, [String; 2]) {
    let desk = Desk::on(db);
    desk.key();
    let office = &desk.office;
    office.allot(&[(GOODS, "5000")]);
    office.posted(&office.input(DocumentKind::Release, &[("", GOODS, "700", "")]));
    sql(desk.db(), "UPDATE parties SET iban = 'JO94CBJO0010000000000131000302'").unwrap();
    let commitment = desk.commitment(GOODS, "1000");
    let mut drawn = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "250", "")]);
    (drawn.source_id, drawn.reference) = (Some(commitment), "INV-1".to_owned());
    let transfer = office.posted(&drawn);
    let mut direct = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "75", "")]);
    (direct.method, direct.reference) = (PayMethod::Cheque, "INV-2".to_owned());
    let cheque = office.posted(&direct);
    let hashes = pay(&desk, transfer, cheque);
    desk.close_to(11);
    for number in 1..=11 {
        desk.seal(&desk.chief, number).unwrap();
    }
    (desk, hashes)
}

#[test]
fn the_budget_of_a_period_stands_in_its_book() {
    both(|test| {
        let (desk, hashes) = paid(test.db());
        let books: Vec<Whole> = (1..=11).map(|number| verify::book(desk.book(number).as_slice()).unwrap()).collect();
        let (october, november) = (&books[9].end, &books[10].end);
        // Law, order, release, commitment; of which the release moves cash alone. Two vouchers.
        assert_eq!((october.entries, october.documents, october.moves, october.payments), (2, 4, 5, 0));
        // The run and the cheque.
        assert_eq!((november.entries, november.documents, november.moves, november.payments), (2, 0, 2, 2));
        let standing = verify::budget(&books);
        assert_eq!(standing, Standing { lines: 1, missing: 0, broken: Vec::new() });

        let book = desk.book(10);
        let documents: Vec<_> = lines(&book)
            .into_iter()
            .filter_map(|line| if let Line::Document(document) = line { Some(document) } else { None })
            .collect();
        let kinds: Vec<&str> = documents.iter().map(|document| document.kind.as_str()).collect();
        assert_eq!(kinds, ["budget_law", "financial_order", "release", "commitment"]);
        let law = &documents[0];
        assert_eq!(
            (law.number.as_deref(), law.reference.as_str(), law.currency.as_str()),
            (Some("ق م/2026/1"), "13/2025", "JOD")
        );
        assert_eq!((law.lines[0].key.as_str(), law.lines[0].base_amount), (GOODS, 5_000_000));
        let duties: Vec<(&str, i64)> = law.approvals.iter().map(|one| (one.duty.as_str(), one.by.id)).collect();
        let office = &desk.office;
        let [clerk, staff, director] = [&office.clerk, &office.staff, &office.director].map(|actor| actor.user_id);
        assert_eq!(duties, [("prepare", clerk), ("certify", staff), ("authorise", director)]);

        let steps: Vec<_> =
            moves(&book).into_iter().map(|one| (one.seq, one.kind, one.from, one.to, one.amount)).collect();
        assert_eq!(
            steps,
            [
                (1, MoveKind::Law, Bucket::Outside, Bucket::Unallotted, 5_000_000),
                (2, MoveKind::FinancialOrder, Bucket::Unallotted, Bucket::Available, 5_000_000),
                (3, MoveKind::Commit, Bucket::Available, Bucket::Committed, 1_000_000),
                (4, MoveKind::Liquidate, Bucket::Committed, Bucket::Obligated, 250_000),
                (5, MoveKind::Liquidate, Bucket::Available, Bucket::Obligated, 75_000),
            ]
        );
        let last = moves(&desk.book(11)).pop().unwrap();
        assert_eq!((last.after.paid, last.after.obligated, last.after.committed), (325_000, 0, 750_000));

        let (mut runs, mut cheques) = (Vec::new(), Vec::new());
        for line in lines(&desk.book(11)) {
            match line {
                Line::PaymentRun(run) => runs.push(run),
                Line::Cheque(cheque) => cheques.push(cheque),
                _ => {}
            }
        }
        let run = &runs[0];
        assert_eq!((run.number.as_deref(), run.items, run.amount), (Some("د ص/2026/1"), 1, 250_000));
        let duties: Vec<(&str, i64)> = run.approvals.iter().map(|one| (one.duty.as_str(), one.by.id)).collect();
        let payer = desk.closer.user_id;
        assert_eq!(duties, [("prepare", payer), ("approve", director), ("send", payer)]);
        assert_eq!(run.files.iter().map(|file| file.sha256.clone()).collect::<Vec<_>>(), hashes);
        let cheque = &cheques[0];
        assert_eq!((cheque.number, cheque.amount, cheque.document.as_deref()), (41, 75_000, Some("ص/2026/2")));
        assert!(cheque.entry.is_some() && cheque.return_entry.is_none());
    });
}

/// What is wrong with a book in which somebody says something else.
fn told(book: &[u8], change: impl Fn(&mut Line)) -> Fault {
    let mut changed = Vec::new();
    for mut line in lines(book) {
        change(&mut line);
        changed.extend_from_slice(line.text().unwrap().as_bytes());
        changed.push(b'\n');
    }
    verify::book(changed.as_slice()).unwrap_err()
}

#[test]
fn a_book_whose_budget_does_not_hold_is_none_whoever_signs_it() {
    both(|test| {
        let (desk, _) = paid(test.db());
        let (october, november) = (desk.book(10), desk.book(11));
        let moved = |change: fn(&mut Move)| {
            let fault = told(&october, |line| {
                if let Line::Move(one) = line {
                    change(one)
                }
            });
            assert!(matches!(fault, Fault::Content(_)), "{fault}");
        };
        moved(|one| one.amount += 1);
        moved(|one| one.amount = -one.amount);
        moved(|one| one.after.available -= 1);
        moved(|one| one.seq = 1);
        moved(|one| one.seq = 0);
        moved(|one| one.entry = None);
        moved(|one| one.day = day("2026-11-01"));
        moved(|one| one.kind = MoveKind::Lapse);
        moved(|one| std::mem::swap(&mut one.from, &mut one.to));

        let spent = |change: fn(&mut Entry)| {
            told(&october, |line| {
                if let Line::Entry(entry) = line {
                    change(entry)
                }
            })
        };
        let more = spent(|entry| {
            if entry.document.as_deref() != Some("ص/2026/1") {
                return;
            }
            for line in &mut entry.lines {
                let (debit, credit) = (i64::from(line.debit > 0), i64::from(line.credit > 0));
                (line.debit, line.base_debit) = (line.debit + debit, line.base_debit + debit);
                (line.credit, line.base_credit) = (line.credit + credit, line.base_credit + credit);
            }
        });
        assert!(matches!(more, Fault::Budget(_)), "{more}");
        let free = spent(|entry| entry.lines.iter_mut().for_each(|line| line.budgeted = false));
        assert!(matches!(free, Fault::Budget(_)), "{free}");
        let closing = spent(|entry| entry.closes_year = true);
        assert!(matches!(closing, Fault::Content(_)), "only the last period closes a year: {closing}");

        let own = told(&november, |line| {
            if let Line::PaymentRun(run) = line {
                run.approvals[1].by = run.approvals[0].by.clone();
            }
        });
        assert!(matches!(own, Fault::Content(_)), "{own}");
        let law = told(&october, |line| {
            if let Line::Document(document) = line {
                document.lines.clear();
            }
        });
        assert!(matches!(law, Fault::Content(_)), "{law}");

        // Books that are whole by themselves, and do not go together.
        let books: Vec<Whole> = [&october, &november].map(|book| verify::book(book.as_slice()).unwrap()).into();
        assert_eq!(verify::budget(&books[1..]).missing, 5, "October was not given");
        let mut other = books.clone();
        for stretch in other[1].chains.values_mut().flatten() {
            stretch.before.available += 1;
        }
        assert_eq!(verify::budget(&other).broken.len(), 1);
        let mut twice = books;
        twice.push(twice[1].clone());
        assert!(verify::budget(&twice).broken.is_empty(), "the same book again says nothing new");
        twice[2].end.root = "0".repeat(64);
        assert_eq!(verify::budget(&twice).broken.len(), 1);
    });
}

#[test]
fn a_whole_year_is_proved_from_its_law_to_what_lapsed() {
    both(|test| {
        let (mut desk, [drawn, whole, _]) = lived(&test);
        desk.key();
        in_january(&test);
        desk.close_to(12);
        desk.begin();
        let next = desk.next_year();
        desk.decide(&[drawn, whole], CommitmentDecision::Carry).unwrap();
        desk.decide(&[], CommitmentDecision::Lapse).unwrap();
        // December is sealed before the year is ended.
        for number in 1..=12 {
            desk.seal(&desk.chief, number).unwrap();
        }
        desk.prepare().unwrap();
        desk.confirm(&desk.office.director).unwrap();
        desk.seal(&desk.chief, 13).unwrap();
        let mut books: Vec<Whole> = (1..=13).map(|at| verify::book(desk.book(at).as_slice()).unwrap()).collect();
        let last = desk.book(13);
        assert!(moves(&last).iter().all(|one| matches!(one.kind, MoveKind::Release | MoveKind::Lapse)));
        assert!(!moves(&last).is_empty() && books[11].end.moves == 0, "what lapsed is of the complementary period");
        assert!(lines(&last).iter().any(|line| matches!(line, Line::Entry(entry) if entry.closes_year)));
        let left = moves(&last).pop().unwrap().after;
        assert_eq!(left.unallotted + left.frozen + left.available + left.pre_committed + left.committed, 0);

        desk.year = next;
        assert_eq!(desk.close(1).unwrap().state, PeriodState::Closed);
        desk.seal(&desk.chief, 1).unwrap();
        let january = desk.book(1);
        books.push(verify::book(january.as_slice()).unwrap());
        assert_eq!(books[13].end.documents, 2, "both commitments go on");
        assert!(moves(&january).iter().all(|one| one.kind == MoveKind::CarryIn && one.year == 2027));
        assert!(verify::chain(&books).iter().skip(1).all(|(_, link)| *link == Link::Follows));
        let standing = verify::budget(&books);
        assert_eq!((standing.missing, standing.broken.len()), (0, 0), "{standing:?}");
        // Three lines of the year, two of the next one.
        assert_eq!(standing.lines, 5);
    });
}

/// A move of 5 fils that brings more to the only budget line, past every operation.
fn brought(on: &str) -> String {
    format!(
        "UPDATE budget_lines SET seq = seq + 1, unallotted = unallotted + 5, revised = revised + 5;
        INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, record_id, effective_on, recorded_at,
            recorded_by, before_unallotted, before_frozen, before_available, before_pre_committed, before_committed,
            before_obligated, before_paid, after_unallotted, after_frozen, after_available, after_pre_committed,
            after_committed, after_obligated, after_paid)
        SELECT m.line_id, m.seq + 1, m.seq, 'supplementary', 'outside', 'unallotted', 5, m.record_id, '{on}', m.recorded_at,
            m.recorded_by, m.after_unallotted, m.after_frozen, m.after_available, m.after_pre_committed, m.after_committed,
            m.after_obligated, m.after_paid, m.after_unallotted + 5, m.after_frozen, m.after_available, m.after_pre_committed,
            m.after_committed, m.after_obligated, m.after_paid
        FROM budget_moves m WHERE m.seq = (SELECT MAX(n.seq) FROM budget_moves n)"
    )
}

#[test]
fn what_is_sealed_takes_no_move_and_no_document() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.key();
        let (db, office) = (desk.db(), &desk.office);
        office.allot(&[(GOODS, "5000")]);
        let waiting = office.ready(&office.input(DocumentKind::Commitment, &[("", GOODS, "10", "")]));
        desk.close_to(10);
        for number in 1..=10 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let refused = |statement: &str| sql(db, statement).unwrap_err().violation();
        for on in ["2026-01-01", "2026-10-31"] {
            assert_eq!(refused(&brought(on)), Some(Violation::Ledger), "{on}");
        }
        sql(db, &brought("2026-11-01")).unwrap();
        assert_eq!(refusal(office.authorise(&office.director, waiting)), "period_closed");
        let authorised = format!(
            "INSERT INTO finance_approvals (record_id, round, duty, user_id, on_day, done_at)
            VALUES ({waiting}, 1, 'authorise', {}, '2026-11-01', '2026-11-01 08:00:00')",
            office.director.user_id
        );
        sql(db, &authorised).unwrap();
        let posted =
            format!("UPDATE finance_documents SET posted_at = '2026-11-01 08:00:00' WHERE record_id = {waiting}");
        assert_eq!(refused(&posted), Some(Violation::Ledger));
    });
}

/// A commitment that is carried forward may come into a closed January while it is being sealed.
#[test]
fn a_book_is_not_sealed_after_something_came_into_its_period() {
    both(|test| {
        let desk = Desk::on(test.db());
        desk.key();
        desk.office.allot(&[(GOODS, "5000")]);
        let record_id = desk.receipt("1");
        desk.close_to(10);
        for number in 1..=9 {
            desk.seal(&desk.chief, number).unwrap();
        }
        let (period, by) = (desk.period(10), &desk.chief);
        let built = desk.build(by, 10, period.version).unwrap();
        let stored = desk.stored(&built);
        act(desk.db(), by, |tx| {
            let line_id: i64 = budget_lines::table.select(budget_lines::id).first(tx.conn())?;
            let one = ledger::moves::Move {
                line_id,
                key_id: None,
                source: Bucket::Outside,
                target: Bucket::Committed,
                amount: 5,
            };
            let cause = Cause { record_id, entry_id: None, effective_on: period.starts_on, by: by.user_id };
            ledger::moves::apply(tx, &cause, &[Spend { kind: MoveKind::CarryIn, moves: vec![one] }])
        })
        .unwrap();
        let late = act(desk.db(), by, |tx| book::seal(tx, &secrets(), by, period.id, (&built, &stored)));
        assert!(matches!(late, Err(Refusal::Stale { .. })), "{late:?}");
        desk.seal(by, 10).unwrap();
        let sealed = desk.book(10);
        assert_eq!(moves(&sealed).len(), moves(&built.bytes).len() + 1);
        verify::book(sealed.as_slice()).unwrap();
    });
}
