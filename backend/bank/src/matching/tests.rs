//! What a line offers to be matched by.

use super::*;
use crate::model::Part;

#[test]
fn a_line_offers_all_of_its_references() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let part = |reference: &str| Part { reference: Some(reference.to_owned()), ..Part::default() };
    let line = Line {
        ordinal: 1,
        occurrence: 1,
        value_date: day.succ_opt().unwrap(),
        booking_date: day,
        amount: -5,
        kind: "NTRF".to_owned(),
        reference: Some("A".to_owned()),
        bank_reference: Some("B".to_owned()),
        counterparty: Some("C".to_owned()),
        counterparty_account: None,
        text: "D".to_owned(),
        reversal: false,
        parts: vec![part("E"), part("F")],
    };
    let open = OpenLine::of(7, &line);
    assert_eq!((open.id, open.date, open.amount, open.party.as_deref()), (7, day, -5, Some("C")));
    assert_eq!(open.references, ["A", "B", "E", "F", "D"]);
}
