//! camt: every file of the shared data against what another reader found in it, and what its messages allow.

use diwan_bank::{Message, Options};
use serde_json::Value;

use crate::support::{
    Outcome::{Read, Refused},
    day, drafts, file, json, names, one, outcomes, refused,
};

#[test]
fn every_file_is_read_or_refused_for_its_reason() {
    let report = || Refused("not_a_statement", "message=camt.052 statement=AAAASESS-FP-ACCR001");
    let advice = || Refused("not_a_statement", "message=camt.054 statement=AAAASESS-FP-ACCR001");
    let mixed = || Refused("currency_mixed", "expected=EUR found=SEK statement=253EURNL26VAYB8060476890");
    outcomes(
        "camt",
        &Options::default(),
        &[
            ("camt052.v2.with-account-name.xml", report()),
            ("camt052.v4.xml", report()),
            ("camt052.v6.Amt-zero.xml", report()),
            ("camt052.v6.xml", report()),
            (
                "camt053.v2.all-balance-types.xml",
                Refused("totals_differ", "opening=1.01 sum=8.85 closing=4.04 statement=CAMT0532015012200001"),
            ),
            (
                "camt053.v2.five.decimals.xml",
                Refused("totals_differ", "opening=18.15 sum=8.85 closing=27.05 statement=253EURNL26VAYB8060476890"),
            ),
            ("camt053.v2.minimal.ultimate.xml", mixed()),
            (
                "camt053.v2.with-account-name.xml",
                Refused("no_balance", "which=opening statement=253EURCH2801234000123456789"),
            ),
            ("camt053.v2.with-party-ids.xml", mixed()),
            ("camt053.v2.wrong.xml", Refused("no_statement", "")),
            ("camt053.v4.xml", mixed()),
            ("camt054.v2.xml", advice()),
            ("camt054.v4.xml", advice()),
            ("camt054.v8-with-UETR.xml", advice()),
            ("camt054.v8-with-financial-institution.xml", advice()),
            ("camt054.v8.xml", advice()),
            (
                "camt53.only-Dt-with-DtTm.xml",
                Refused("no_balance", "which=closing statement=I38y0h4YyLnQiOV6P7nEd44r2"),
            ),
            (
                "oca_camt053.xml",
                Refused("totals_differ", "opening=15,568.27 sum=-12.99 closing=15,121.12 statement=1234Test/1"),
            ),
            ("oca_camt053_no_ntry.xml", Read(1, 0)),
        ],
    );
    let ofx = Refused("format_unsupported", "format=OFX");
    outcomes("ofx", &Options::default(), &[("test_ofx.ofx", ofx)]);
}

#[test]
fn values_are_those_that_are_expected() {
    let mut compared = 0;
    for name in names("camt") {
        let path = format!("camt/{}", name.replace(".xml", ".expected.json"));
        if name.starts_with("oca") || name.contains("wrong") {
            continue;
        }
        let expected = json(&path);
        let drafts = drafts(&file(&format!("camt/{name}")));
        // What is in two places is written out in the first of them.
        let records = expected["getRecords"].as_array().cloned();
        let records = records.filter(|records| records.iter().all(Value::is_object));
        let records = records.unwrap_or_else(|| vec![expected["getEntries"][0]["getRecord"].clone()]);
        assert_eq!(drafts.len(), records.len(), "{name}");
        for (draft, record) in drafts.iter().zip(&records) {
            assert_eq!(draft.account.as_deref(), record["getAccount"]["getIdentification"].as_str(), "{name}");
            assert_eq!(draft.id.as_deref(), record["getId"].as_str(), "{name}");
            let number = record["getElectronicSequenceNumber"].as_str().and_then(|number| number.parse().ok());
            assert_eq!(draft.sequence, number, "{name}");
            for (kind, balance) in [("opening", &draft.opening), ("closing", &draft.closing)] {
                let stated = record["getBalances"].as_array().into_iter().flatten();
                let stated = stated.into_iter().find(|balance| balance["getType"] == kind);
                let found = balance.as_ref().map(|one| (one.amount, one.currency.as_str(), one.date));
                assert_eq!(found, stated.map(|one| money(one, "getDate")), "{name}: {kind}");
            }
        }
        let lines: Vec<_> = drafts.iter().flat_map(|draft| &draft.lines).collect();
        let entries = expected["getEntries"].as_array().unwrap();
        assert_eq!(lines.len(), entries.len(), "{name}");
        for (line, entry) in lines.into_iter().zip(entries) {
            assert_eq!(line.amount, money(entry, "getBookingDate").0, "{name}");
            if let Some(booked) = day(&entry["getBookingDate"]["0"]) {
                assert_eq!(line.booking_date, booked, "{name}");
            }
            if let Some(value) = day(&entry["getValueDate"]["0"]) {
                assert_eq!(line.value_date, value, "{name}");
            }
            assert_eq!(line.reversal, entry["getReversalIndicator"] == true, "{name}");
            let servicer = entry["getAccountServicerReference"].as_str();
            assert!(servicer.is_none() || line.bank_reference.as_deref() == servicer, "{name}");
            let own = entry["getTransactionDetail"]["getReference"]["getEndToEndId"].as_str();
            assert!(own.is_none() || line.parts.len() > 1 || line.reference.as_deref() == own, "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 14, "{compared} movements compared");
}

/// Amount in minor units, currency and day of what the other reader found.
fn money<'a>(value: &'a Value, date: &str) -> (i64, &'a str, Option<chrono::NaiveDate>) {
    let amount = &value["getAmount"];
    (
        amount["getAmount"].as_str().unwrap().parse().unwrap(),
        amount["getCurrency"]["getCode"].as_str().unwrap(),
        day(&value[date]["0"]),
    )
}

/// A statement in dinars with the given content after its balances.
pub fn statement(opening: &str, entries: &str, closing: &str) -> String {
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"JOD\">{amount}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n\
         <BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S1</Id>\
         <Acct><Id><IBAN>JO94CBJO0010000000000131000302</IBAN></Id><Ccy>JOD</Ccy></Acct>{}{}\n{entries}</Stmt>\
         </BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing),
    )
}

/// A booked movement.
pub fn entry(amount: &str, sign: &str, more: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"JOD\">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-03-02</Dt></BookgDt>{more}</Ntry>\n"
    )
}

#[test]
fn a_statement_is_read_with_its_parties_and_batches() {
    let party = "<NtryDtls><TxDtls><Refs><EndToEndId>PV-2026/17</EndToEndId></Refs><RltdPties><Cdtr><Pty><Nm>شركة &amp; \
                 أولاده</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>JO1</IBAN></Id></CdtrAcct></RltdPties>\
                 <RmtInf><Ustrd>دفعة</Ustrd></RmtInf></TxDtls></NtryDtls>";
    let batch = "<NtryDtls><Btch><PmtInfId>RUN-9</PmtInfId></Btch><TxDtls><Refs><EndToEndId>A1</EndToEndId></Refs>\
                 <Amt Ccy=\"JOD\">1.5</Amt></TxDtls><TxDtls><Refs><EndToEndId>A2</EndToEndId></Refs>\
                 <Amt Ccy=\"JOD\">0.500</Amt></TxDtls></NtryDtls>";
    let pending = entry("99", "CRDT", "").replace("BOOK", "PDNG");
    let entries = [entry("10.250", "DBIT", party), entry("2", "DBIT", batch), pending].concat();
    let statement = one(statement("100", &entries, "87.75000").as_bytes(), &Options::default());
    assert_eq!((statement.message, statement.currency.as_str(), statement.scale), (Message::Camt053, "JOD", 3));
    assert_eq!((statement.opening, statement.closing, statement.unbooked), (100_000, 87_750, 1));
    let [payment, batch] = statement.lines.as_slice() else { panic!("two lines") };
    assert_eq!((payment.amount, payment.reference.as_deref()), (-10_250, Some("PV-2026/17")));
    assert_eq!((payment.counterparty.as_deref(), payment.text.as_str()), (Some("شركة & أولاده"), "دفعة"));
    assert_eq!((batch.reference.as_deref(), batch.parts.len()), (Some("RUN-9"), 2));
    assert_eq!(batch.parts.iter().map(|part| part.amount).collect::<Vec<_>>(), [Some(-1_500), Some(-500)]);
}

#[test]
fn entities_are_refused_at_once() {
    let mut bomb = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE Document [\n<!ENTITY a0 \"ha\">\n");
    for level in 1..30 {
        let last = level - 1;
        bomb += &format!("<!ENTITY a{level} \"{}\">\n", format!("&a{last};").repeat(10));
    }
    bomb += "]>\n<Document><BkToCstmrStmt>&a29;</BkToCstmrStmt></Document>";
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><Document><BkToCstmrStmt/></Document>";
    let start = std::time::Instant::now();
    assert_eq!(refused(bomb.as_bytes(), &Options::default()).0, "xml_entities");
    assert_eq!(refused(outside.as_bytes(), &Options::default()).0, "xml_entities");
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
    let unknown = statement("1", &entry("1", "CRDT", "<AddtlNtryInf>&xxe;</AddtlNtryInf>"), "2");
    assert_eq!(refused(unknown.as_bytes(), &Options::default()), ("xml_entities", "line=4".into()));
}

#[test]
fn broken_messages_are_refused_where_they_break() {
    let none = Options::default();
    let sound = statement("1", &entry("1", "CRDT", ""), "2");
    assert_eq!(one(sound.as_bytes(), &none).lines.len(), 1);
    for (from, to, expected) in [
        (
            "<Amt Ccy=\"JOD\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            "<CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            ("field_missing", "line=4 place=Ntry/Amt statement=S1"),
        ),
        (
            "Ccy=\"JOD\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            "Ccy=\"JOD\">1,5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            ("amount_form", "text=1,5 line=4 place=Ntry/Amt statement=S1"),
        ),
        (
            "Ccy=\"JOD\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            "Ccy=\"JOD\">1.0005</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            ("decimals", "text=1.0005 max=3 line=4 place=Ntry/Amt statement=S1"),
        ),
        (
            "Ccy=\"JOD\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            "Ccy=\"USD\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            ("currency_mixed", "expected=JOD found=USD line=4 place=Ntry statement=S1"),
        ),
        (
            "<CdtDbtInd>CRDT</CdtDbtInd><Sts>",
            "<CdtDbtInd>BOTH</CdtDbtInd><Sts>",
            ("field_form", "text=BOTH line=4 place=Ntry/CdtDbtInd statement=S1"),
        ),
        ("2026-03-02", "2026-02-30", ("date_form", "text=2026-02-30 line=4 place=Ntry/BookgDt statement=S1")),
        ("<BookgDt><Dt>2026-03-02</Dt></BookgDt>", "", ("field_missing", "line=4 place=Ntry/BookgDt statement=S1")),
        ("<IBAN>JO94CBJO0010000000000131000302</IBAN>", "", ("no_account", "statement=S1")),
        ("CLBD", "CLAV", ("no_balance", "which=closing statement=S1")),
        ("</Stmt>", "", ("xml_form", "line=5")),
        (">2</Amt>", ">3</Amt>", ("totals_differ", "opening=1.000 sum=1.000 closing=3.000 statement=S1")),
    ] {
        assert!(sound.contains(from), "{from}");
        let (code, args) = refused(sound.replace(from, to).as_bytes(), &none);
        assert_eq!((code, args.as_str()), expected, "{from} → {to}");
    }
    let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
    assert_eq!(refused(deep.as_bytes(), &none), ("too_large", "what=depth limit=64 line=1".into()));
    assert_eq!(refused(b"<html><body>Sorry</body></html>", &none).0, "unknown_format");
}
