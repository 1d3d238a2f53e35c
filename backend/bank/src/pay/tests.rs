//! The files that the bank gets: what is in them is what was ordered, whatever the names are.

use proptest::prelude::*;

use super::{Batch, Debtor, Fault, Transfer, pain, plain};
use crate::xml::{self, Element};

const IBAN: &str = "JO94CBJO0010000000000131000302";

fn transfer(at: usize, amount: i64, name: &str, details: &str) -> Transfer {
    Transfer {
        end_to_end: format!("PAY7-{at:05}"),
        amount,
        name: name.to_owned(),
        iban: IBAN.to_owned(),
        details: details.to_owned(),
    }
}

fn batch(transfers: Vec<Transfer>) -> Batch {
    Batch {
        message: "PAY7".to_owned(),
        made_at: "2026-11-02T08:30:00".parse().unwrap(),
        pay_on: "2026-11-03".parse().unwrap(),
        currency: "JOD".to_owned(),
        scale: 3,
        debtor: Debtor {
            name: "وزارة المالية".to_owned(), iban: IBAN.to_owned(), bic: "CBJOJOAX".to_owned()
        },
        transfers,
    }
}

/// The message as a tree.
fn tree(bytes: &[u8]) -> Element {
    let mut root = None;
    xml::read(std::str::from_utf8(bytes).unwrap(), &mut |open, element| {
        if open.is_empty() {
            root = Some(element);
            return Ok(None);
        }
        Ok(Some(element))
    })
    .unwrap();
    root.unwrap()
}

#[test]
fn the_message_says_what_was_ordered() {
    let order = batch(vec![
        transfer(1, 1_250_500, "شركة الأفق للتجارة", "ص/2026/12"),
        transfer(2, 7, "Smith & Sons <Ltd> \"A\"", "INV-1\nsecond"),
    ]);
    let bytes = pain(&order).unwrap();
    assert_eq!(bytes, pain(&order).unwrap(), "the same batch gives the same bytes");
    let root = tree(&bytes);
    assert_eq!(root.name, "Document");
    let text = |path: &[&str]| root.text(&[&["CstmrCdtTrfInitn"], path].concat()).unwrap_or_default().to_owned();
    assert_eq!(text(&["GrpHdr", "MsgId"]), "PAY7");
    assert_eq!(text(&["GrpHdr", "CreDtTm"]), "2026-11-02T08:30:00Z");
    assert_eq!((text(&["GrpHdr", "NbOfTxs"]), text(&["GrpHdr", "CtrlSum"])), ("2".to_owned(), "1250.507".to_owned()));
    assert_eq!(text(&["PmtInf", "ReqdExctnDt", "Dt"]), "2026-11-03");
    assert_eq!(text(&["PmtInf", "Dbtr", "Nm"]), "وزارة المالية");
    assert_eq!(text(&["PmtInf", "DbtrAcct", "Id", "IBAN"]), IBAN);
    assert_eq!(text(&["PmtInf", "DbtrAgt", "FinInstnId", "BICFI"]), "CBJOJOAX");
    let info = root.find(&["CstmrCdtTrfInitn", "PmtInf"]).unwrap();
    let all: Vec<&Element> = info.all("CdtTrfTxInf").collect();
    let of = |at: usize, path: &[&str]| all[at].text(path).unwrap().to_owned();
    assert_eq!(of(0, &["Cdtr", "Nm"]), "شركة الأفق للتجارة");
    assert_eq!(of(0, &["PmtId", "EndToEndId"]), "PAY7-00001");
    assert_eq!(of(0, &["Amt", "InstdAmt"]), "1250.500");
    assert_eq!(all[0].find(&["Amt", "InstdAmt"]).unwrap().attribute("Ccy"), Some("JOD"));
    assert_eq!(of(0, &["CdtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId"]), "CBJO");
    assert_eq!(of(1, &["Cdtr", "Nm"]), "Smith & Sons <Ltd> \"A\"");
    assert_eq!(of(1, &["Amt", "InstdAmt"]), "0.007");
    assert_eq!(of(1, &["RmtInf", "Ustrd"]), "INV-1 second");
}

#[test]
fn texts_keep_their_lengths_and_amounts_the_scale_of_the_currency() {
    let long = "ش".repeat(200);
    let mut order = batch(vec![transfer(1, 12_345, &long, &format!("\u{202e}{long}"))]);
    order.currency = "JPY".to_owned();
    order.scale = 0;
    order.debtor.bic = String::new();
    order.transfers[0].iban = "GB82WEST12345698765432".to_owned();
    let root = tree(&pain(&order).unwrap());
    let one = root.find(&["CstmrCdtTrfInitn", "PmtInf", "CdtTrfTxInf"]).unwrap();
    assert_eq!(one.text(&["Cdtr", "Nm"]).unwrap().chars().count(), 140);
    assert_eq!(one.text(&["RmtInf", "Ustrd"]).unwrap(), "ش".repeat(140));
    assert_eq!(one.text(&["Amt", "InstdAmt"]), Some("12345"));
    assert_eq!(one.text(&["CdtrAgt", "FinInstnId", "Othr", "Id"]), Some("NOTPROVIDED"));
}

#[test]
fn what_no_bank_would_take_is_not_written() {
    let good = || transfer(1, 1, "A", "");
    let with = |change: fn(&mut Batch)| {
        let mut order = batch(vec![good()]);
        change(&mut order);
        assert_eq!(pain(&order).unwrap_err(), plain(&order).unwrap_err());
        pain(&order).unwrap_err()
    };
    assert_eq!(with(|order| order.transfers.clear()), Fault::Empty);
    assert_eq!(with(|order| order.transfers[0].amount = 0), Fault::Amount(0));
    assert_eq!(with(|order| order.transfers[0].name = " \u{200f}".to_owned()), Fault::Name);
    assert!(matches!(with(|order| order.message = "د ص/1".to_owned()), Fault::Identifier(_)));
    assert!(matches!(with(|order| order.message = "A//B".to_owned()), Fault::Identifier(_)));
    assert!(matches!(with(|order| order.transfers[0].end_to_end = "x".repeat(36)), Fault::Identifier(_)));
    assert!(matches!(with(|order| order.transfers.push(order.transfers[0].clone())), Fault::Twice(_)));
    let much = |order: &mut Batch| {
        order.transfers.push(transfer(2, i64::MAX, "B", ""));
    };
    assert_eq!(with(much), Fault::Amount(i64::MAX));
}

#[test]
fn the_table_is_read_back_as_it_was_ordered() {
    let order =
        batch(vec![transfer(1, 1_250_500, "شركة \"الأفق\", م.ع.م", "ص/2026/12"), transfer(2, 1, "=cmd()", "a;b")]);
    let bytes = plain(&order).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbf"));
    let mut reader = csv::Reader::from_reader(&bytes[3..]);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0].iter().collect::<Vec<_>>(),
        ["1", "PAY7-00001", "شركة \"الأفق\", م.ع.م", IBAN, "1250.500", "JOD", "2026-11-03", "ص/2026/12"]
    );
    assert_eq!(rows[1].get(2), Some("'=cmd()"), "no spreadsheet takes it for a formula");
}

proptest! {
    #[test]
    fn any_names_and_amounts_are_read_back_and_the_sums_are_equal(
        orders in prop::collection::vec((1_i64..1_000_000_000, "\\PC{1,60}", "\\PC{0,200}"), 1..12),
    ) {
        let transfers: Vec<Transfer> =
            orders.iter().enumerate().map(|(at, (amount, name, details))| transfer(at, *amount, name, details)).collect();
        let order = batch(transfers);
        prop_assume!(order.check().is_ok());
        let root = tree(&pain(&order).unwrap());
        let info = root.find(&["CstmrCdtTrfInitn", "PmtInf"]).unwrap();
        let mut sum = 0;
        for (found, (amount, ..)) in info.all("CdtTrfTxInf").zip(&orders) {
            let read = diwan_kernel::money::parse("amount", found.text(&["Amt", "InstdAmt"]).unwrap(), 3).unwrap();
            prop_assert_eq!(read, *amount);
            sum += read;
        }
        let stated = diwan_kernel::money::parse("sum", info.text(&["CtrlSum"]).unwrap(), 3).unwrap();
        prop_assert_eq!((sum, info.all("CdtTrfTxInf").count()), (stated, orders.len()));
    }
}
