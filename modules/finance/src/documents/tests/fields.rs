//! What single kinds ask for besides: kept, shown, sealed, fixed with the document; and what a form keeps of a document.

use diesel::prelude::*;
use diwan_finance_api::{
    AdvanceKind, DocumentDetails, DocumentInput, DocumentKind, DocumentQuery, JournalReason, LineInput, OrderKind,
    PayMethod, ReceivedAs,
};
use diwan_platform::Refusal;
use diwan_schema::platform::seals;
use diwan_testkit::both;
use serde_json::{Value, json};

use super::{
    super::{list, save},
    office::{GOODS, Office, code, refusal},
};
use crate::ledger::tests::books::{act, day, sql};

#[test]
fn each_kind_keeps_what_it_asks_for_and_refuses_the_rest() {
    both(|test| {
        let office = Office::on(test.db());
        let receipt = office.input(DocumentKind::Receipt, &[("1421", "", "", "20")]);
        let wrong = |details: DocumentDetails, of: &DocumentInput| {
            refusal(office.draft(&DocumentInput { details, ..of.clone() }))
        };
        let none = DocumentDetails::default();
        let cheque = DocumentDetails { received_as: Some(ReceivedAs::Cheque), ..none.clone() };
        assert_eq!(wrong(cheque.clone(), &receipt), "details.cheque_bank:required details.cheque_no:required");
        let odd = DocumentDetails { received_as: Some(ReceivedAs::Cash), cheque_no: "7".to_owned(), ..none.clone() };
        assert_eq!(wrong(odd, &receipt), "details.cheque_no:not_asked");
        let odd = DocumentDetails { reason: Some(JournalReason::Accrual), ..none.clone() };
        assert_eq!(wrong(odd, &receipt), "details.reason:not_asked");
        let advance = office.input(DocumentKind::Advance, &[("620801", "", "5", "")]);
        let odd = DocumentDetails { guarantor_id: Some(999_999), ..none.clone() };
        assert_eq!(wrong(odd, &advance), "details.guarantor_id:unknown");
        let long = DocumentDetails { requester: "م".repeat(101), ..none.clone() };
        let commitment = office.input(DocumentKind::Commitment, &[]);
        assert_eq!(wrong(long, &commitment), "details.requester:too_long");

        let cheque = DocumentDetails {
            cheque_bank: "البنك العربي".to_owned(),
            cheque_no: "004411".to_owned(),
            cheque_on: Some(day("2026-10-19")),
            ..cheque
        };
        let id = office.draft(&DocumentInput { details: cheque.clone(), ..receipt.clone() }).unwrap();
        assert_eq!(office.view(id).details, cheque);
        assert_eq!(office.view(id).form().details, cheque);
        assert_eq!(cheque.lasting(), none, "the next receipt has a cheque of its own");
        // Written again without it, nothing is left of it.
        let version = office.version(id);
        act(&office.db, &office.clerk, |tx| save::update(tx, &office.clerk, id, version, &receipt)).unwrap();
        assert_eq!(office.view(id).details, none);
        // A special financial order names the decision it rests on.
        let order = office.input(DocumentKind::FinancialOrder, &[]);
        let special = DocumentDetails { order_kind: Some(OrderKind::Special), ..none.clone() };
        assert_eq!(wrong(special.clone(), &order), "details.legal_article:required");
        assert_eq!(wrong(special.clone(), &receipt), "details.order_kind:not_asked details.legal_article:required");
        let special = DocumentDetails { legal_article: "قرار 12".to_owned(), ..special };
        let order = office.draft(&DocumentInput { details: special.clone(), ..order }).unwrap();
        assert_eq!(office.view(order).details, special);
        let surety = DocumentDetails {
            advance_kind: Some(AdvanceKind::Permanent),
            guarantor_id: Some(office.employee),
            ..none.clone()
        };
        let advance = office.draft(&DocumentInput { details: surety.clone(), ..advance }).unwrap();
        assert_eq!(code(&office.view(advance).guarantor), "E1");
        assert_eq!(surety.lasting(), surety);
    });
}

#[test]
fn a_receipt_names_who_paid_and_the_slip_of_the_bank() {
    both(|test| {
        let office = Office::on(test.db());
        let none = DocumentDetails::default();
        let receipt = office.input(DocumentKind::Receipt, &[("1421", "", "", "20")]);
        let deposit = office.input(DocumentKind::Deposit, &[("630815", "", "", "40")]);
        let commitment = office.input(DocumentKind::Commitment, &[]);
        let said = DocumentDetails {
            payer: "محمد العبادي".to_owned(),
            received_as: Some(ReceivedAs::Cash),
            deposit_slip: "SL-77".to_owned(),
            ..none.clone()
        };
        let draft = |of: &DocumentInput, details: &DocumentDetails| {
            office.draft(&DocumentInput { details: details.clone(), ..of.clone() })
        };
        let odd = DocumentDetails { received_as: None, ..said.clone() };
        assert_eq!(refusal(draft(&commitment, &odd)), "details.payer:not_asked details.deposit_slip:not_asked");
        let long = DocumentDetails { payer: "م".repeat(101), deposit_slip: "7".repeat(101), ..none.clone() };
        assert_eq!(refusal(draft(&receipt, &long)), "details.payer:too_long details.deposit_slip:too_long");
        for of in [&receipt, &deposit] {
            assert_eq!(office.view(draft(of, &said).unwrap()).details, said);
        }
        let lasting = DocumentDetails { deposit_slip: String::new(), ..said.clone() };
        assert_eq!(said.lasting(), lasting, "the next receipt is brought to the bank by a slip of its own");
        // The list names who paid, or the party where there is one; what is written again follows.
        let named = |id: i64| {
            let page = office.db.read_now(|tx| list::run(tx, &office.clerk, &DocumentQuery::default())).unwrap();
            page.items.into_iter().find(|item| item.id == id).unwrap().party.map(|party| party.ar)
        };
        let (id, other) = (draft(&receipt, &said).unwrap(), draft(&deposit, &said).unwrap());
        assert_eq!((named(id).as_deref(), named(other).as_deref()), (Some("محمد العبادي"), Some("شركة الأفق")));
        let version = office.version(id);
        act(&office.db, &office.clerk, |tx| save::update(tx, &office.clerk, id, version, &receipt)).unwrap();
        assert_eq!((named(id), office.view(id).details), (None, none));

        let id = office.posted(&DocumentInput { details: said.clone(), ..receipt });
        let canonical: String = office
            .db
            .read_now(|tx| Ok::<_, Refusal>(seals::table.find(id).select(seals::canonical).first(tx.conn())?))
            .unwrap();
        let canonical: Value = serde_json::from_str(&canonical).unwrap();
        let sealed = &canonical["content"]["details"];
        assert_eq!((&sealed["payer"], &sealed["deposit_slip"]), (&json!("محمد العبادي"), &json!("SL-77")));
        let content = &canonical["content"];
        assert_eq!((&content["year"], &content["complementary"]), (&json!(2026), &json!(false)));
        assert_eq!((&content["due_on"], &canonical["v"]), (&Value::Null, &json!(2)));
        assert_eq!(canonical["recipients"][0]["ar"], json!("محمد العبادي"));
        assert!(sql(&office.db, &format!("UPDATE finance_details SET payer = 'x' WHERE record_id = {id}")).is_err());
    });
}

#[test]
fn what_a_posted_document_says_is_sealed_and_stays() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "100")]);
        let contract = office.posted(&office.input(DocumentKind::Commitment, &[("", GOODS, "40", "")]));
        let mut input =
            office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "30", ""), ("630811", "", "", "1")]);
        input.source_id = Some(contract);
        input.method = PayMethod::Cheque;
        input.lines[0] = LineInput { party: "E1".to_owned(), ..input.lines[0].clone() };
        input.details.purchase_order = "أ ش 12/2026".to_owned();
        input.details.goods_receipt = "م س 7".to_owned();
        let id = office.posted(&input);
        let canonical: String = office
            .db
            .read_now(|tx| Ok::<_, Refusal>(seals::table.find(id).select(seals::canonical).first(tx.conn())?))
            .unwrap();
        let canonical: Value = serde_json::from_str(&canonical).unwrap();
        let content = &canonical["content"];
        assert_eq!(content["method"], json!("cheque"));
        assert_eq!(content["counter"], json!("630803"));
        assert_eq!(content["source"], json!("ل/2026/1"));
        assert_eq!(content["lines"][0]["party"], json!("E1"));
        assert_eq!(content["lines"][1]["party"], Value::Null);
        assert_eq!(content["details"]["purchase_order"], json!("أ ش 12/2026"));
        assert_eq!(canonical["signed_for"], Value::Null);
        let seen = office.view(id);
        assert_eq!((seen.lines[0].gfsm.as_str(), seen.lines[0].cofog.as_str()), ("22", "70112"));
        for statement in [
            format!("UPDATE finance_details SET purchase_order = 'x' WHERE record_id = {id}"),
            format!("DELETE FROM finance_details WHERE record_id = {id}"),
            format!(
                "INSERT INTO finance_details
                 (record_id, agency_id, purchase_order, goods_receipt, requester, cheque_bank, cheque_no, legal_article, proof)
                 SELECT record_id, agency_id, '', '', 'x', '', '', '', '' FROM finance_documents WHERE record_id = {contract}"
            ),
        ] {
            assert!(sql(&office.db, &statement).is_err(), "went through: {statement}");
        }
        assert_eq!(office.view(id).details, seen.details);
    });
}

#[test]
fn a_draft_that_is_written_again_keeps_its_rate() {
    both(|test| {
        let office = Office::on(test.db());
        office.allot(&[(GOODS, "1000")]);
        let mut input = office.input(DocumentKind::PaymentVoucher, &[("2219", GOODS, "100", "")]);
        (input.currency, input.rate) = ("USD".to_owned(), "0.7".to_owned());
        let id = office.draft(&input).unwrap();
        let seen = office.view(id);
        assert_eq!((seen.base_amount, seen.form().rate.as_str()), (70_000, "0.7"), "the table has 0.709");
        let (version, form) = (seen.head.version, seen.form());
        act(&office.db, &office.clerk, |tx| save::update(tx, &office.clerk, id, version, &form)).unwrap();
        assert_eq!(office.view(id).base_amount, 70_000);
        let dinars = office.draft(&office.input(DocumentKind::Receipt, &[("1421", "", "", "1")])).unwrap();
        assert_eq!(office.view(dinars).form().rate, "", "a dinar is a dinar");
    });
}
