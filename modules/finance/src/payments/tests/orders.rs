//! What is to be paid, runs and their items in each order: exact over pages, also where amounts are the same.

use diwan_finance_api::{
    AmountSort, DocumentKind, PayableQuery,
    PayableSort::{self, Amount, AmountDown, Due, DueDown, Newest, Oldest},
    PaymentItemQuery, PaymentRunQuery,
};
use diwan_kernel::{Page, PageRequest};
use diwan_testkit::both;

use super::desk::Desk;
use crate::{documents::tests::office::GOODS, payments};

/// All rows of a list, one a page, by their ids.
fn pages<T>(read: impl Fn(PageRequest) -> Page<T>, id: impl Fn(&T) -> i64) -> Vec<i64> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = read(PageRequest { after, limit: Some(1) });
        found.extend(page.items.iter().map(&id));
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

fn reversed(ids: &[i64]) -> Vec<i64> {
    ids.iter().rev().copied().collect()
}

#[test]
fn payments_are_sorted_by_day_and_amount_both_ways() {
    both(|test| {
        let desk = Desk::on(test.db(), "600");
        let posted = |amount: &str, due: Option<&str>| {
            let mut input = desk.office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, amount, "")]);
            input.due_on = due.map(|day| day.parse().unwrap());
            desk.office.posted(&input)
        };
        let (none, late, soon) =
            (posted("10", None), posted("20", Some("2026-12-20")), posted("10", Some("2026-11-05")));
        let payable = |sort: PayableSort| {
            let read = |page: PageRequest| {
                let query = PayableQuery { sort: Some(sort), page, ..PayableQuery::default() };
                desk.db().read_now(|tx| payments::payable(tx, &desk.payer, &query)).unwrap()
            };
            pages(read, |one| one.id)
        };
        for (up, down, ids) in [
            (Oldest, Newest, [none, late, soon]),
            (Due, DueDown, [soon, late, none]),
            (Amount, AmountDown, [none, soon, late]),
        ] {
            assert_eq!(payable(up), ids, "{up}");
            assert_eq!(payable(down), reversed(&ids), "{down}");
        }

        let (large, small) = (desk.begin(), desk.begin());
        desk.add(large, &[none, late]);
        desk.add(small, &[soon]);
        let runs = |sort: AmountSort| {
            let read = |page: PageRequest| {
                let query = PaymentRunQuery { sort: Some(sort), page, ..PaymentRunQuery::default() };
                desk.db().read_now(|tx| payments::run::list::list(tx, &desk.payer, &query)).unwrap()
            };
            pages(read, |one| one.id)
        };
        assert_eq!(runs(AmountSort::Oldest), [large, small]);
        assert_eq!(runs(AmountSort::Newest), [small, large]);
        assert_eq!(runs(AmountSort::Amount), [small, large]);
        assert_eq!(runs(AmountSort::AmountDown), [large, small]);
        let items = |sort: AmountSort| {
            let read = |page: PageRequest| {
                let query = PaymentItemQuery { sort: Some(sort), page, ..PaymentItemQuery::default() };
                desk.db().read_now(|tx| payments::run::items::list(tx, &desk.payer, large, &query)).unwrap()
            };
            pages(read, |one| one.document_id)
        };
        assert_eq!(items(AmountSort::Amount), [none, late]);
        assert_eq!(items(AmountSort::AmountDown), [late, none]);
        assert_eq!(items(AmountSort::Newest), reversed(&items(AmountSort::Oldest)));
    });
}
