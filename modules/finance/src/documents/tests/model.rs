//! Documents of the budget, commitments, vouchers, what draws on them, closes them and takes them back, in whatever order they
//! come: the product says what a small model says after each of them, and refuses the same for the same reason. A seed that
//! fails is kept beside the crate and tried first from then on; `PROPTEST_RNG_SEED` gives one by hand.

mod reference;

use diesel::prelude::*;
use diwan_finance_api::{Bucket, DocumentInput, DocumentKind, DocumentNote};
use diwan_kernel::money;
use diwan_platform::{Outcome, Refusal};
use diwan_schema::finance::{budget_keys, finance_documents, finance_lines, line_cash, period_balances};
use diwan_testkit::{TestDb, both};
use proptest::prelude::*;

use self::reference::{Amounts, KEYS, Model, Said};
use super::{
    super::{approvals, reverse},
    office::{FUEL, GOODS, MACHINES, Office, refusal},
};
use crate::{
    ledger::tests::books::{act, day, least, sql},
    structure::years,
};

/// The keys, each with the account of its item.
const KEY: [(&str, &str); KEYS] = [(GOODS, "2219"), (FUEL, "2215"), (MACHINES, "6112")];

/// What somebody does; keys, commitments and papers by their places, amounts in fils.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A second law for a key.
    Law(usize),
    /// Less than 0 is taken down.
    Supplement(usize, i64),
    /// From a key to one so many places behind it.
    Virement(usize, usize, i64),
    /// Less than 0 is taken back, of the three.
    Order(usize, i64),
    Freeze(usize, i64),
    Release(usize, i64),
    Commit(Amounts),
    /// On a commitment or on none; whether all of it is deducted.
    Voucher(Amounts, Option<usize>, bool),
    /// What stands on a key moves to one so many places behind it.
    Correct(usize, usize, i64),
    /// A paper, and whether in the year after its own.
    Reverse(usize, bool),
    Close(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let key = || 0..KEYS;
    let some = || 1_i64..900;
    let signed = || prop_oneof![2 => 1_i64..900, 1 => -900_i64..0];
    let amounts = || prop::array::uniform3(prop_oneof![1 => Just(0_i64), 2 => 1_i64..900]);
    let place = || 0_usize..32;
    prop_oneof![
        1 => key().prop_map(Step::Law),
        2 => (key(), signed()).prop_map(|(key, amount)| Step::Supplement(key, amount)),
        2 => (key(), 1..KEYS, some()).prop_map(|(from, by, amount)| Step::Virement(from, by, amount)),
        4 => (key(), signed()).prop_map(|(key, amount)| Step::Order(key, amount)),
        2 => (key(), signed()).prop_map(|(key, amount)| Step::Freeze(key, amount)),
        3 => (key(), signed()).prop_map(|(key, amount)| Step::Release(key, amount)),
        5 => amounts().prop_map(Step::Commit),
        8 => (amounts(), prop::option::of(place()), any::<bool>())
            .prop_map(|(amounts, source, deducted)| Step::Voucher(amounts, source, deducted)),
        3 => (key(), 1..KEYS, some()).prop_map(|(wrong, by, amount)| Step::Correct(wrong, by, amount)),
        6 => (place(), 0..6).prop_map(|(paper, year)| Step::Reverse(paper, year == 5)),
        2 => place().prop_map(Step::Close),
    ]
}

/// A line of a paper: account, key, amount; less than 0 stands on the credit side.
type Row = (&'static str, &'static str, i64);

/// Lines of keys and the accounts of their items.
fn of_books(amounts: impl IntoIterator<Item = (usize, i64)>) -> Vec<Row> {
    let amounts = amounts.into_iter().filter(|(_, amount)| *amount != 0);
    amounts.map(|(key, amount)| (KEY[key].1, KEY[key].0, amount)).collect()
}

/// Lines of keys alone.
fn of_budget(amounts: impl IntoIterator<Item = (usize, i64)>) -> Vec<Row> {
    of_books(amounts).into_iter().map(|(_, key, amount)| ("", key, amount)).collect()
}

/// An office beside its model; what is posted, in the order of the model.
struct Run {
    office: Office,
    model: Model,
    commitments: Vec<i64>,
    papers: Vec<i64>,
}

impl Run {
    /// Three dinars of each key in the law, two of them ordered; all keys on lines of their own, or on one.
    fn on(test: &TestDb, shared: bool) -> Self {
        let office = Office::on(test.db());
        if shared {
            sql(&office.db, "UPDATE control_levels SET depth = 0 WHERE kind = 'item'").unwrap();
        }
        act(&office.db, &office.clerk, |tx| years::create(tx, &office.clerk, 2027)).unwrap();
        let mut run = Self { office, model: Model::new(shared), commitments: Vec::new(), papers: Vec::new() };
        for (kind, amount) in [(DocumentKind::BudgetLaw, 3_000), (DocumentKind::FinancialOrder, 2_000)] {
            run.write(&run.input(kind, &of_budget((0..KEYS).map(|key| (key, amount))))).unwrap();
        }
        for key in 0..KEYS {
            run.model.appropriate(key, 3_000).unwrap();
            run.model.order(key, 2_000).unwrap();
        }
        run
    }

    fn input(&self, kind: DocumentKind, rows: &[Row]) -> DocumentInput {
        let typed: Vec<(Row, String)> = rows.iter().map(|row| (*row, money::format(row.2.abs(), 3))).collect();
        let sides = |row: &Row, text| if row.2 > 0 { (row.0, row.1, text, "") } else { (row.0, row.1, "", text) };
        let lines: Vec<(&str, &str, &str, &str)> = typed.iter().map(|(row, text)| sides(row, text.as_str())).collect();
        self.office.input(kind, &lines)
    }

    /// Drafts a paper and sends it through the approvals.
    fn write(&self, input: &DocumentInput) -> Outcome<i64> {
        self.approve(self.office.draft(input).unwrap())
    }

    /// What is refused on the way goes back to its preparer, who gives it up.
    fn approve(&self, id: i64) -> Outcome<i64> {
        let office = &self.office;
        let posted = office
            .submit(id)
            .and_then(|()| office.certify(&office.staff, id))
            .and_then(|()| office.authorise(&office.director, id));
        if posted.is_err() {
            let note = office.note("لا يمكن");
            let seen = office.view(id).head;
            if seen.state == "in_approval" {
                act(&office.db, &office.director, |tx| {
                    approvals::send_back(tx, &office.director, id, seen.version, &note)
                })
                .unwrap();
            }
            let version = office.version(id);
            act(&office.db, &office.clerk, |tx| approvals::void(tx, &office.clerk, id, version, &note)).unwrap();
        }
        posted.map(|()| id)
    }

    fn reverse(&self, id: i64, next_year: bool) -> Outcome<i64> {
        let (office, version) = (&self.office, self.office.version(id));
        let note =
            DocumentNote { on: next_year.then(|| day("2027-01-05")), ..office.note("خطأ في الإدخال") };
        self.approve(act(&office.db, &office.clerk, |tx| reverse::start(tx, &office.clerk, id, version, &note))?)
    }

    /// Makes a step, and looks whether the model takes it as the product does.
    fn make(&mut self, step: Step) {
        let (said, expected) = match step {
            Step::Law(_) | Step::Supplement(..) | Step::Virement(..) | Step::Order(..) => self.budget(step),
            Step::Freeze(key, amount) => {
                (self.of_key(DocumentKind::Freeze, key, amount), self.model.freeze(key, amount))
            }
            Step::Release(key, amount) => {
                (self.of_key(DocumentKind::Release, key, amount), self.model.release(key, amount))
            }
            Step::Commit(amounts) | Step::Voucher(amounts, ..) if amounts == [0; KEYS] => return,
            Step::Reverse(..) if self.papers.is_empty() => return,
            Step::Close(_) if self.commitments.is_empty() => return,
            Step::Commit(amounts) => {
                let rows = of_budget(amounts.into_iter().enumerate());
                let said = self.write(&self.input(DocumentKind::Commitment, &rows));
                self.commitments.extend(said.as_ref().ok());
                (said, self.model.commit(amounts))
            }
            Step::Voucher(amounts, source, deducted) => self.voucher(amounts, source, deducted),
            Step::Correct(wrong, by, amount) => {
                let right = (wrong + by) % KEYS;
                let rows = of_books([(right, amount), (wrong, -amount)]);
                let said = self.write(&self.input(DocumentKind::JournalVoucher, &rows));
                self.papers.extend(said.as_ref().ok());
                (said, self.model.correct(wrong, right, amount))
            }
            Step::Reverse(paper, next_year) => {
                let place = paper % self.papers.len();
                (self.reverse(self.papers[place], next_year), self.model.reverse(place, next_year))
            }
            Step::Close(commitment) => {
                let place = commitment % self.commitments.len();
                let id = self.commitments[place];
                (self.office.close(id).map(|()| id), self.model.close(place))
            }
        };
        let said = if said.is_ok() { String::new() } else { refusal(said) };
        assert_eq!(said, expected.err().unwrap_or_default(), "{step:?}");
    }

    /// What a law, a supplement, a virement or an order comes to: in the product, and in the model.
    fn budget(&mut self, step: Step) -> (Outcome<i64>, Said) {
        match step {
            Step::Law(key) => (self.of_key(DocumentKind::BudgetLaw, key, 1), Err("law_twice")),
            Step::Supplement(key, amount) => {
                (self.of_key(DocumentKind::Supplementary, key, amount), self.model.appropriate(key, amount))
            }
            Step::Virement(from, by, amount) => {
                let to = (from + by) % KEYS;
                let rows = of_budget([(from, -amount), (to, amount)]);
                (self.write(&self.input(DocumentKind::Virement, &rows)), self.model.virement(from, to, amount))
            }
            Step::Order(key, amount) => {
                (self.of_key(DocumentKind::FinancialOrder, key, amount), self.model.order(key, amount))
            }
            other => panic!("{other:?} is no step of the budget"),
        }
    }

    /// A document of one key.
    fn of_key(&self, kind: DocumentKind, key: usize, amount: i64) -> Outcome<i64> {
        self.write(&self.input(kind, &of_budget([(key, amount)])))
    }

    fn voucher(&mut self, amounts: Amounts, source: Option<usize>, deducted: bool) -> (Outcome<i64>, Said) {
        let known = self.commitments.len();
        let source = source.filter(|_| known > 0).map(|place| place % known);
        let mut rows = of_books(amounts.into_iter().enumerate());
        if deducted {
            rows.push(("630811", "", -amounts.iter().sum::<i64>()));
        }
        let input = DocumentInput {
            source_id: source.map(|place| self.commitments[place]),
            ..self.input(DocumentKind::PaymentVoucher, &rows)
        };
        let said = self.write(&input);
        self.papers.extend(said.as_ref().ok());
        (said, self.model.voucher(amounts, source, deducted))
    }

    /// Budget, cash and what is left of the commitments are what the model says.
    fn agrees(&self, step: Step) {
        for (key, (code, _)) in KEY.iter().enumerate() {
            assert_eq!(self.office.buckets(code), self.model.held(key), "{code} after {step:?}");
        }
        let (released, to_settle, open) = self
            .office
            .db
            .read_now(|tx| {
                let released: Vec<i64> = line_cash::table.select(line_cash::released).load(tx.conn())?;
                let to_settle: Vec<i64> = finance_documents::table
                    .filter(finance_documents::record_id.eq_any(&self.commitments))
                    .order(finance_documents::record_id)
                    .select(finance_documents::to_settle)
                    .load(tx.conn())?;
                let open: Vec<i64> = finance_lines::table
                    .filter(finance_lines::record_id.eq_any(&self.commitments))
                    .order((finance_lines::record_id, finance_lines::seq))
                    .select(finance_lines::open)
                    .load(tx.conn())?;
                Ok::<_, Refusal>((released, to_settle, open))
            })
            .unwrap();
        assert_eq!(released.iter().sum::<i64>(), self.model.released(), "cash after {step:?}");
        assert_eq!((to_settle, open), (self.model.to_settle(), self.model.open()), "commitments after {step:?}");
    }

    /// The general ledger says of each key what the budget says is owed and paid.
    fn books_agree(&self) {
        for (key, (code, _)) in KEY.iter().enumerate() {
            let sums: Vec<(i64, i64)> = self
                .office
                .db
                .read_now(|tx| {
                    let id: i64 = budget_keys::table
                        .filter(budget_keys::code.eq(*code))
                        .select(budget_keys::id)
                        .first(tx.conn())?;
                    let of_key = period_balances::table.filter(period_balances::key_id.eq(id));
                    let sides = (period_balances::base_debit, period_balances::base_credit);
                    Ok::<_, Refusal>(of_key.select(sides).load(tx.conn())?)
                })
                .unwrap();
            let spent: i64 = sums.into_iter().map(|(debit, credit)| debit - credit).sum();
            assert_eq!(spent, self.model.spent(key), "{code} in the books");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 48, ..ProptestConfig::default() })]

    #[test]
    fn in_whatever_order_documents_come_product_and_model_say_the_same(
        shared in any::<bool>(),
        steps in prop::collection::vec(step(), 25..50)
    ) {
        both(|test| {
            let mut run = Run::on(&test, shared);
            for step in &steps {
                run.make(*step);
                run.agrees(*step);
            }
            run.books_agree();
            // What is available and what was paid is taken as it stands today, whatever the day of a paper.
            let but = [Bucket::Available, Bucket::Paid];
            assert_eq!(least(&run.office.db, &but), 0, "on no day less is held than nothing");
        });
    }
}
