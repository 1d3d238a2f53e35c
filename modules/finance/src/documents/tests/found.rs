//! Documents are found by what their party is called and known by, by their state and by their amount.

use diwan_finance_api::{DocumentKind::PaymentVoucher, DocumentQuery, DocumentState, DocumentView};
use diwan_kernel::text;
use diwan_testkit::both;

use super::{
    super::list,
    office::{GOODS, Office},
};
use crate::ledger::tests::books::sql;

#[test]
fn documents_are_found_by_party_state_and_amount() {
    both(|test| {
        let office = Office::on(test.db());
        for (code, words) in [("S1", "شركة الأفق Al-Ufuq S1"), ("E1", "أحمد علي E1")] {
            let fold = text::fold(words);
            sql(&office.db, &format!("UPDATE parties SET fold = '{fold}' WHERE code = '{code}'")).unwrap();
        }
        office.allot(&[(GOODS, "1000")]);
        let draft = |amount: &str, party: i64| {
            let mut input = office.input(PaymentVoucher, &[("2219", GOODS, amount, "")]);
            input.party_id = Some(party);
            office.draft(&input).unwrap()
        };
        let small = draft("5", office.supplier);
        let large = draft("250.500", office.supplier);
        let other = draft("40", office.employee);
        office.submit(large).unwrap();
        let found = |query: DocumentQuery| -> Vec<i64> {
            let page = office.db.read_now(|tx| list::run(tx, &office.clerk, &query)).unwrap();
            page.items.into_iter().map(|item| item.id).collect()
        };
        let words = |words: &str| found(DocumentQuery { q: Some(words.to_owned()), ..DocumentQuery::default() });
        assert_eq!(words("الأفق"), [large, small]);
        assert_eq!(words("UFUQ s1"), [large, small]);
        // One word is the party's, the other one the subject's.
        assert_eq!(words("احمد تجربة"), [other]);
        assert_eq!(words("أحمد الأفق"), [0_i64; 0]);
        let of_party = Some(office.employee);
        assert_eq!(found(DocumentQuery { party_id: of_party, ..DocumentQuery::default() }), [other]);
        let state = |state| DocumentQuery { state: Some(state), ..DocumentQuery::default() };
        assert_eq!(found(state(DocumentState::InApproval)), [large]);
        assert_eq!(found(state(DocumentState::Draft)), [other, small]);
        // The law and the order of it.
        assert_eq!(found(state(DocumentState::Posted)).len(), 2);
        // Whatever stands against closing: drafts and what is on its way, of anybody.
        let unposted = DocumentQuery { view: Some(DocumentView::Unposted), ..DocumentQuery::default() };
        assert_eq!(found(unposted), [other, large, small]);
        let between = |min, max| DocumentQuery { min, max, ..DocumentQuery::default() };
        assert_eq!(found(between(Some(5_000), Some(40_000))), [other, small]);
        assert_eq!(found(between(Some(250_500), Some(250_500))), [large]);
        assert_eq!(found(between(None, Some(4_999))), [0_i64; 0]);
    });
}
