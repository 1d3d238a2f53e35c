//! MT940: every file of the shared data against what another reader found in it, and the dialects one by one.

use diwan_bank::{Draft, Line, Message, Options, currency::scale};
use serde_json::Value;

use crate::support::{
    Outcome::{Read, Refused},
    dense, drafts, file, minor, one, outcomes, refused,
};

/// Pieces of messages, as tests of readers have them: no message begins.
const PIECE: crate::support::Outcome = Refused("field_missing", "line=1 place=:20:");

#[test]
fn every_file_is_read_or_refused_for_its_reason() {
    outcomes(
        "mt940",
        &Options::default(),
        &[
            ("ASNB_mt940.txt", Read(31, 8)),
            ("betterplace_amount_formats.sta", PIECE),
            ("betterplace_currency_in_25.sta", PIECE),
            ("betterplace_empty_86.sta", PIECE),
            ("betterplace_empty_line.sta", Refused("field_missing", "line=2 place=:25: statement=TELEREPORTING")),
            ("betterplace_missing_crlf_at_end.sta", PIECE),
            ("betterplace_sepa_mt9401.sta", Read(20, 97)),
            (
                "betterplace_sepa_snippet.sta",
                Refused(
                    "totals_differ",
                    "opening=-1,970,431.87 sum=-2,501,917.30 closing=-4,472,049.09 statement=T089414096000001",
                ),
            ),
            (
                "betterplace_sepa_snippet_broken.sta",
                Refused("field_twice", "line=6 place=:25: statement=T089414086000001"),
            ),
            ("citi_mt940.txt", Read(1, 5)),
            ("cmxl_account_balance_credit.sta", PIECE),
            ("cmxl_account_balance_debit.sta", PIECE),
            ("cmxl_account_identification_iban.sta", PIECE),
            ("cmxl_available_balance.sta", PIECE),
            ("cmxl_mt940.sta", Read(3, 16)),
            ("cmxl_statement_details.sta", PIECE),
            ("cmxl_statement_number.sta", PIECE),
            (
                "jejik_abnamro.sta",
                Refused("totals_differ", "opening=3,236.28 sum=-321.44 closing=876.84 statement=ABN AMRO BANK NV"),
            ),
            (
                "jejik_postfinance.sta",
                Refused("totals_differ", "opening=0.00 sum=159.40 closing=159.60 statement=2014040708285927"),
            ),
            ("mBank_mt942.sta", Refused("not_a_statement", "message=MT942 statement=ST170119CYC/0001")),
            ("sberbank_171011_01234945.sta", Read(1, 3)),
            ("self-provided_account_identification.sta", Refused("no_balance", "which=opening statement=0003478756")),
            ("self-provided_empty_non_swift.sta", PIECE),
            ("self-provided_gv_codes.sta", Refused("no_balance", "which=closing statement=STARTUMS")),
            ("self-provided_long_statement_number.sta", Read(1, 0)),
            (
                "self-provided_malformed_details.sta",
                Refused("totals_differ", "opening=12,345.12 sum=-233.15 closing=12,345.98 statement=STARTUMS"),
            ),
            ("self-provided_mt942.sta", Refused("not_a_statement", "message=MT942 statement=CGNGHKLI0290980")),
            (
                "self-provided_raiffeisen-cmi.sta",
                Refused(
                    "totals_differ",
                    "opening=25,170,637.10 sum=-1,012,213.50 closing=25,281,687.60 statement=STARTUMS",
                ),
            ),
            ("self-provided_sparkassen.sta", PIECE),
        ],
    );
}

/// What is expected of a file. The other reader joins all messages of a file into one: account and closing balance are
/// those of the last one, and the movements those of all.
#[test]
fn values_are_those_that_are_expected() {
    let text = String::from_utf8(file("mt940/expected.jsonl")).unwrap();
    let mut compared = 0;
    for line in text.lines() {
        let expected: Value = serde_json::from_str(line).unwrap();
        let name = expected["file"].as_str().unwrap();
        let bytes = file(&format!("mt940/{name}"));
        // Pieces of messages, and the one with a field twice, cannot be read at all.
        let Ok(drafts) = diwan_bank::parse(&bytes, &Options::default()) else { continue };
        heads(name, &drafts, &expected);
        let lines: Vec<(&Line, u8)> = drafts
            .iter()
            .flat_map(|draft| draft.lines.iter().map(|line| (line, scale(draft.currency.as_ref().unwrap()).unwrap())))
            .collect();
        let transactions = expected["transactions"].as_array().unwrap();
        assert_eq!(lines.len(), transactions.len(), "{name}");
        for ((line, scale), transaction) in lines.into_iter().zip(transactions) {
            movement(name, line, scale, transaction);
            compared += 1;
        }
    }
    assert!(compared > 150, "{compared} movements compared");
}

fn heads(name: &str, drafts: &[Draft], expected: &Value) {
    let last = drafts.last().unwrap();
    assert_eq!(last.account.as_deref(), expected["account"].as_str(), "{name}");
    // The other reader cuts a number of ten digits.
    if let Some(number) = expected["statement"].as_str().filter(|_| !name.contains("long_statement_number")) {
        assert_eq!(last.sequence, number.parse().ok(), "{name}");
    }
    let of = |value: &Value, scale: u8| value["amount"].as_str().map(|amount| minor(amount, scale));
    let code = |value: &Value| value["currency"].as_str().map(str::to_owned);
    // Intermediate balances the other reader keeps apart.
    let whole = |draft: &&Draft| draft.opening.as_ref().is_some_and(|balance| !balance.intermediate);
    if let Some(opening) = drafts.iter().rfind(whole).and_then(|draft| draft.opening.as_ref()) {
        let places = scale(&opening.currency).unwrap();
        assert_eq!(Some(opening.amount), of(&expected["opening"], places), "{name}");
        assert_eq!(Some(&opening.currency), code(&expected["opening"]).as_ref(), "{name}");
        assert_eq!(
            opening.date.map(|date| date.to_string()).as_deref(),
            expected["opening"]["date"].as_str(),
            "{name}"
        );
    }
    let whole = |draft: &&Draft| draft.closing.as_ref().is_some_and(|balance| !balance.intermediate);
    if let Some(closing) = drafts.iter().rfind(whole).and_then(|draft| draft.closing.as_ref()) {
        assert_eq!(Some(closing.amount), of(&expected["closing"], scale(&closing.currency).unwrap()), "{name}");
        assert_eq!(
            closing.date.map(|date| date.to_string()).as_deref(),
            expected["closing"]["date"].as_str(),
            "{name}"
        );
    }
}

fn movement(name: &str, line: &Line, scale: u8, expected: &Value) {
    let text = |key: &str| expected[key].as_str().unwrap_or_default();
    let amount = minor(text("amount"), scale);
    // The other reader takes the reversal of a credit for a credit; the totals of its statement prove that it is not.
    let sign = if line.reversal && line.kind == "NRTI" { -1 } else { 1 };
    assert_eq!(line.amount, sign * amount, "{name}");
    assert_eq!(line.value_date.to_string(), text("date"), "{name}");
    assert_eq!(line.kind, text("type").trim(), "{name}");
    let reference = text("customer_reference");
    // It takes what the details say for the reference where they have a key.
    if !["", "NONREF"].contains(&reference) && !reference.starts_with("KREF+") {
        assert_eq!(line.reference.as_deref(), Some(reference.trim()), "{name}");
    }
    let reference = text("bank_reference");
    let none = ["", "NONREF"].contains(&reference);
    assert_eq!(line.bank_reference.as_deref(), (!none).then_some(reference), "{name}");
    let details = dense(text("details"));
    assert!(dense(&line.text).contains(&details), "{name}: {:?} in {:?}", text("details"), line.text);
}

/// A message with the given lines between its balances.
fn message(opening: &str, lines: &str, closing: &str) -> String {
    format!(
        ":20:STMT1\r\n:25:JO94CBJO0010000000000131000302\r\n:28C:7/1\r\n:60F:{opening}\r\n{lines}\r\n:62F:{closing}\r\n-\r\n"
    )
}

#[test]
fn dinars_have_three_decimals_and_arabic_text() {
    let lines = ":61:2603020303D1250,750NCHK000417//BJ991\r\nشيك مسحوب\r\n:86:صرف شيك رقم 417 - وزارة المالية";
    let text = message("C260301JOD10000,", lines, "C260303JOD8749,25");
    let windows = encoding_rs::WINDOWS_1256.encode(&text).0.into_owned();
    for bytes in [text.into_bytes(), windows] {
        let statement = one(&bytes, &Options::default());
        assert_eq!((statement.message, statement.scale, statement.sequence), (Message::Mt940, 3, Some(7)));
        assert_eq!((statement.opening, statement.closing), (10_000_000, 8_749_250));
        let line = &statement.lines[0];
        assert_eq!((line.amount, line.kind.as_str()), (-1_250_750, "NCHK"));
        assert_eq!((line.reference.as_deref(), line.bank_reference.as_deref()), (Some("000417"), Some("BJ991")));
        assert_eq!(
            (line.value_date.to_string(), line.booking_date.to_string()),
            ("2026-03-02".into(), "2026-03-03".into())
        );
        assert_eq!(line.text, "شيك مسحوب\nصرف شيك رقم 417 - وزارة المالية");
    }
}

#[test]
fn marks_give_the_sign_and_reversals_turn_it() {
    let lines =
        ":61:260302C10,NTRFA\n:61:260302D20,NTRFB\n:61:260302RC40,NTRFC\n:61:260302RD80,NTRFD\n:61:260302RDR1,NTRFE";
    let statement = one(message("C260301USD0,", lines, "C260302USD31,").as_bytes(), &Options::default());
    let found: Vec<_> = statement.lines.iter().map(|line| (line.amount, line.reversal)).collect();
    assert_eq!(found, [(1000, false), (-2000, false), (-4000, true), (8000, true), (100, true)]);
}

#[test]
fn an_entry_belongs_to_the_nearest_year() {
    let lines = ":61:2512310102C1,NTRFA\n:61:2601021231C1,NTRFB\n:61:2402280229C1,NTRFC";
    let statement = one(message("C260301USD0,", lines, "C260302USD3,").as_bytes(), &Options::default());
    let booked: Vec<_> = statement.lines.iter().map(|line| line.booking_date.to_string()).collect();
    assert_eq!(booked, ["2026-01-02", "2025-12-31", "2024-02-29"]);
}

#[test]
fn structured_details_give_the_other_side_and_its_reference() {
    let lines = ":61:260302C1,NTRFNONREF\n:86:166?00GUTSCHRIFT?20EREF+PV-2026-000123?21SVWZ+Invoice 55 and a long t\n?22ext?30ARABJOAX?31JO71CBJO0000000000001234567890?32Modern Supplies?33 Company";
    let statement = one(message("C260301USD0,", lines, "C260302USD1,").as_bytes(), &Options::default());
    let line = &statement.lines[0];
    assert_eq!(line.reference.as_deref(), Some("PV-2026-000123"));
    assert_eq!(line.counterparty.as_deref(), Some("Modern Supplies  Company"));
    assert_eq!(line.counterparty_account.as_deref(), Some("JO71CBJO0000000000001234567890"));
    assert_eq!(line.text, "EREF+PV-2026-000123 SVWZ+Invoice 55 and a long text");
}

#[test]
fn text_is_kept_without_what_could_make_it_read_otherwise() {
    let lines = ":61:260302C1,NTRFA\u{202e}1\n:86:one\u{7}\tcafe\u{301}\u{200f}\ntwo";
    let statement = one(message("C260301USD0,", lines, "C260302USD1,").as_bytes(), &Options::default());
    assert_eq!(statement.lines[0].reference.as_deref(), Some("A1"));
    assert_eq!(statement.lines[0].text, "one caf\u{e9}\ntwo");
}

#[test]
fn equal_lines_of_one_day_are_all_kept_and_counted() {
    let lines = ":61:260302D1,NCHGFEE\n:61:260302D1,NCHGFEE\n:61:260302D1,NCHGOTHER\n:61:260302D1,NCHGFEE";
    let statement = one(message("C260301USD10,", lines, "C260302USD6,").as_bytes(), &Options::default());
    let counted: Vec<_> = statement.lines.iter().map(|line| line.occurrence).collect();
    assert_eq!(counted, [1, 2, 1, 3]);
}

/// A page of statement 9.
fn page(number: u32, opening: &str, line: &str, closing: &str) -> String {
    format!(":20:P\n:25:ACC\n:28C:9/{number}\n:60{opening}\n{line}\n:62{closing}\n-\n")
}

#[test]
fn pages_join_and_a_missing_one_is_told() {
    let first = page(1, "F:C260301USD10,", ":61:260301C5,NTRFA", "M:C260301USD15,");
    let second = page(2, "M:C260301USD15,", ":61:260301C5,NTRFB", "M:C260301USD20,");
    let third = page(3, "M:C260301USD20,", ":61:260301D1,NTRFC", "F:C260301USD19,");
    let all = one(format!("{first}{second}{third}").as_bytes(), &Options::default());
    assert_eq!((all.pages, all.lines.len(), all.opening, all.closing), (3, 3, 1000, 1900));
    let refusal = |text: String| refused(text.as_bytes(), &Options::default());
    assert_eq!(refusal(format!("{first}{third}")), ("pages_missing", "expected=2 found=0 statement=P".into()));
    assert_eq!(refusal(format!("{first}{second}")), ("pages_missing", "expected=3 found=0 statement=P".into()));
    assert_eq!(refusal(format!("{second}{third}")), ("pages_missing", "expected=1 found=2 statement=P".into()));
    let other = second.replace("M:C260301USD15,", "M:C260301USD16,");
    let args = "expected_opening=15.00 found=16.00 statement=P";
    assert_eq!(refusal(format!("{first}{other}{third}")), ("gap", args.into()));
}

#[test]
fn statements_of_one_account_follow_one_another_in_either_order() {
    let first = message("C260301USD10,", ":61:260301C5,NTRFA", "C260301USD15,");
    let second = message("C260302USD15,", ":61:260302C5,NTRFB", "C260302USD20,").replace("STMT1", "STMT2");
    let third = message("C260303USD20,", ":61:260303C5,NTRFB", "C260303USD25,").replace("STMT1", "STMT3");
    for text in [format!("{first}{second}{third}"), format!("{third}{second}{first}")] {
        let statements = diwan_bank::read(text.as_bytes(), &Options::default()).unwrap();
        let ids: Vec<_> = statements.iter().map(|statement| statement.id.as_str()).collect();
        assert_eq!(ids, ["STMT1", "STMT2", "STMT3"]);
        assert!(diwan_bank::check_continuity(1500, &statements[1]).is_ok());
        assert_eq!(diwan_bank::check_continuity(1499, &statements[1]).unwrap_err().code(), "gap");
    }
    let gap = refused(format!("{first}{third}").as_bytes(), &Options::default());
    assert_eq!(gap, ("gap", "expected_opening=15.00 found=20.00 statement=STMT3".into()));
}

#[test]
fn what_a_piece_says_is_read_where_it_is_in_a_message() {
    // The one folded before its amount.
    let folded = String::from_utf8(file("mt940/self-provided_sparkassen.sta")).unwrap();
    let statement = one(message("C181125EUR0,", folded.trim_end(), "C181126EUR30,").as_bytes(), &Options::default());
    assert_eq!((statement.lines[0].amount, statement.lines[0].text.as_str()), (3_000, ":\nSVWZ+Test"));
    let details = String::from_utf8(file("mt940/cmxl_statement_details.sta")).unwrap();
    let statement = one(message("C140831EUR2,", details.trim_end(), "C140901EUR0,38").as_bytes(), &Options::default());
    let line = &statement.lines[0];
    assert_eq!((line.amount, line.kind.as_str()), (-162, "NTRF"));
    assert_eq!(line.bank_reference.as_deref(), Some("025498557/000001"));
    // An interim report is readable, though no statement.
    assert_eq!(drafts(&file("mt940/mBank_mt942.sta"))[0].lines.len(), 3);
}
