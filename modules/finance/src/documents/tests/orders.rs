//! The list of documents in each of its orders: exact over pages, also where many have the same key.

use diwan_finance_api::{
    DocumentKind::PaymentVoucher,
    DocumentQuery,
    DocumentSort::{self, Amount, AmountDown, Date, DateDown, Newest, Number, NumberDown, Oldest, Party, PartyDown},
};
use diwan_kernel::PageRequest;
use diwan_testkit::both;

use super::{
    super::list,
    office::{GOODS, Office},
};
use crate::ledger::tests::books::{day, sql};

#[test]
fn each_order_of_the_list_goes_on_exactly_where_a_page_ended() {
    both(|test| {
        let office = Office::on(test.db());
        sql(&office.db, "UPDATE parties SET name_ar = 'أحمد' WHERE code = 'E1'").unwrap();
        // The law and the order of it: posted, of October, without a party.
        office.allot(&[(GOODS, "100")]);
        let draft = |amount: &str, on: &str, party: i64| {
            let mut input = office.input(PaymentVoucher, &[("2219", GOODS, amount, "")]);
            (input.effective_on, input.party_id) = (day(on), Some(party));
            office.draft(&input).unwrap()
        };
        let small = draft("5", "2026-03-01", office.supplier);
        let large = draft("250", "2026-01-05", office.employee);
        let twin = draft("5", "2026-03-01", office.supplier);
        let read = |sort: DocumentSort| {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = PageRequest { after, limit: Some(1) };
                let query = DocumentQuery { sort: Some(sort), page, ..DocumentQuery::default() };
                let page = office.db.read_now(|tx| list::run(tx, &office.clerk, &query)).unwrap();
                found.extend(page.items.into_iter().map(|item| item.id));
                after = page.next;
                if after.is_none() {
                    return found;
                }
            }
        };
        let oldest = read(Oldest);
        let [law, order] = [oldest[0], oldest[1]];
        for (up, down, ids) in [
            (Oldest, Newest, [law, order, small, large, twin]),
            (Number, NumberDown, [law, order, small, large, twin]),
            (Date, DateDown, [large, small, twin, law, order]),
            (Amount, AmountDown, [small, twin, law, order, large]),
            (Party, PartyDown, [law, order, large, small, twin]),
        ] {
            assert_eq!(read(up), ids, "{up}");
            assert_eq!(read(down), ids.iter().rev().copied().collect::<Vec<_>>(), "{down}");
        }
    });
}
