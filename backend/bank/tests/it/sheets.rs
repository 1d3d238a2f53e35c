//! Tables: the files of the shared data, and what banks in Jordan write.

use std::io::{Cursor, Write};

use diwan_bank::{DateOrder, Field, Message, Options, Template, View};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::support::{
    Outcome::{Read, Refused},
    file, one, outcomes, refused,
};

/// What the office knows of the account.
fn of_account(currency: &str) -> Options {
    Options { account: Some("JO00-08088804068".into()), currency: Some(currency.into()), ..Options::default() }
}

#[test]
fn every_file_is_read_or_refused_for_its_reason() {
    outcomes(
        "sheet",
        &of_account("EUR"),
        &[
            ("balance.csv", Read(1, 2)),
            ("debit_credit_amount.csv", Read(1, 4)),
            (
                "meta_data_separated_credit_debit.xlsx",
                Refused("totals_differ", "opening=30,000.77 sum=1,069.32 closing=31,070.11"),
            ),
            ("original_currency.csv", Refused("no_balance", "which=opening")),
            ("sample_statement_en.csv", Refused("no_balance", "which=opening")),
        ],
    );
}

#[test]
fn files_have_the_values_that_stand_in_them() {
    let statement = one(&file("sheet/balance.csv"), &of_account("USD"));
    assert_eq!((statement.message, statement.opening, statement.closing), (Message::Csv, 1_000, 151_000));
    let [first, second] = statement.lines.as_slice() else { panic!("two lines") };
    assert_eq!((first.amount, first.counterparty.as_deref()), (-3_350, Some("John Doe")));
    assert_eq!(
        (first.booking_date.to_string().as_str(), first.counterparty_account.as_deref()),
        ("2018-12-15", Some("123456789"))
    );
    assert_eq!((second.amount, second.text.as_str()), (153_350, "Your payment"));
    // Debits come in: the balances leave no other reading.
    let statement = one(&file("sheet/debit_credit_amount.csv"), &of_account("USD"));
    let amounts: Vec<_> = statement.lines.iter().map(|line| line.amount).collect();
    assert_eq!((statement.opening, amounts, statement.closing), (1_000, vec![-2_000, -1_350, 3_350, 150_000], 151_000));
    // The currency of these is that of the order; the account's is what the office knows.
    let paper = |opening, closing| Options { opening: Some(opening), closing: Some(closing), ..of_account("USD") };
    let statement = one(&file("sheet/sample_statement_en.csv"), &paper(100, 149_250));
    assert_eq!(statement.lines.iter().map(|line| line.amount).collect::<Vec<_>>(), [-3_350, 152_500]);
    let wrong = refused(&file("sheet/original_currency.csv"), &paper(0, 1));
    assert_eq!(wrong, ("totals_differ", "opening=0.00 sum=1,525.00 closing=0.01".into()));
    let drafts = diwan_bank::parse(&file("sheet/meta_data_separated_credit_debit.xlsx"), &Options::default()).unwrap();
    assert_eq!((drafts[0].account.as_deref(), drafts[0].currency.as_deref()), (Some("08088804068"), Some("EUR")));
    let amounts: Vec<_> = drafts[0].lines.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, [-5_000, -10_000, -8_068, 130_000]);
    assert_eq!(drafts[0].lines[0].bank_reference.as_deref(), Some("UNIQUE OP 1"));
    assert_eq!(drafts[0].lines[0].text, "LABEL 1\nDETAILS 1");
}

const ARABIC: &str = "\
بنك الأردن - كشف حساب\n\
رقم الحساب:;0131000302\n\
العملة;دينار أردني\n\
\n\
التاريخ;تاريخ الحق;البيان;المرجع;مدين;دائن;الرصيد\n\
٠١/٠٣/٢٠٢٦;;رصيد سابق;;;;١٬٠٠٠٫٥٠٠\n\
٠٢/٠٣/٢٠٢٦;٠٣/٠٣/٢٠٢٦;صرف شيك;٠٠٠٤١٧;٢٥٠٫٢٥٠;;٧٥٠٫٢٥٠\n\
;;تتمة البيان;;;;\n\
٠٥/٠٣/٢٠٢٦;٠٥/٠٣/٢٠٢٦;إيداع نقدي;;;١٬٢٠٠;١٬٩٥٠٫٢٥٠\n\
المجموع;;;;٢٥٠٫٢٥٠;١٬٢٠٠;\n";

#[test]
fn a_table_in_arabic_is_read_in_every_encoding() {
    let windows = encoding_rs::WINDOWS_1256.encode(&ARABIC.replace(['٬', '٫'], "")).0.into_owned();
    let statement = one(ARABIC.as_bytes(), &Options::default());
    assert_eq!((statement.account.as_str(), statement.currency.as_str(), statement.scale), ("0131000302", "JOD", 3));
    assert_eq!((statement.opening, statement.closing), (1_000_500, 1_950_250));
    let [cheque, deposit] = statement.lines.as_slice() else { panic!("two lines") };
    assert_eq!((cheque.amount, cheque.reference.as_deref()), (-250_250, Some("٠٠٠٤١٧")));
    assert_eq!(
        (cheque.booking_date.to_string(), cheque.value_date.to_string()),
        ("2026-03-02".into(), "2026-03-03".into())
    );
    assert_eq!(cheque.text, "صرف شيك\nتتمة البيان");
    assert_eq!(deposit.amount, 1_200_000);
    // Arabic digits are not in windows-1256: what cannot be written there becomes a reference of HTML, and is refused.
    assert!(diwan_bank::read(&windows, &Options::default()).is_err());
    let latin =
        "التاريخ,البيان,المبلغ,الرصيد\n2026-03-02,دفعة من وزارة المالية,-5.250,94.750\n2026-03-03,تحويل,1.000,95.750\n";
    let bytes = encoding_rs::WINDOWS_1256.encode(latin).0.into_owned();
    let statement = one(&bytes, &of_account("JOD"));
    assert_eq!((statement.opening, statement.lines[0].text.as_str()), (100_000, "دفعة من وزارة المالية"));
}

#[test]
fn the_latest_movement_may_come_first() {
    let by_day = "Date;Description;Debit;Credit;Balance\n03/03/2026;c;;5.000;12.000\n02/03/2026;b;3.000;;7.000\n01/03/2026;a;;10.000;10.000\n";
    let one_day = by_day.replace("03/03/", "01/03/").replace("02/03/", "01/03/");
    for text in [by_day.to_owned(), one_day] {
        let statement = one(text.as_bytes(), &of_account("JOD"));
        assert_eq!((statement.opening, statement.closing), (0, 12_000));
        assert_eq!(statement.lines.iter().map(|line| line.text.as_str()).collect::<String>(), "abc");
    }
}

#[test]
fn directions_and_signs_are_understood() {
    let directions =
        "Date|Description|Amount|Dr/Cr|Balance\n2026-03-01|a|10.00|CR|10.00 CR\n2026-03-02|b|25.00|DR|15.00 DR\n";
    let statement = one(directions.as_bytes(), &of_account("USD"));
    assert_eq!((statement.opening, statement.closing), (0, -1_500));
    let arabic = "التاريخ,المبلغ,مدين/دائن,الرصيد\n2026-03-01,10.00,دائن,10.00\n2026-03-02,4.00,مدين,6.00\n";
    assert_eq!(one(arabic.as_bytes(), &of_account("USD")).closing, 600);
    let minus = "Date,Debit,Credit,Balance\n2026-03-01,-4.00,,6.00\n2026-03-02,,1.00,7.00\n";
    assert_eq!(one(minus.as_bytes(), &of_account("USD")).opening, 1_000);
    let taken_back = "Date,Debit,Credit,Balance\n2026-03-01,4.00,,6.00\n2026-03-02,-4.00,,10.00\n";
    assert_eq!(one(taken_back.as_bytes(), &of_account("USD")).closing, 1_000);
}

#[test]
fn a_template_says_what_the_table_does_not() {
    let names = [
        (Field::Date, vec!["Buchung".to_owned()]),
        (Field::Amount, vec!["Betrag".to_owned()]),
        (Field::Balance, vec!["Stand".to_owned()]),
    ];
    let template = Template {
        names: names.into_iter().collect(),
        date_order: Some(DateOrder::MonthFirst),
        decimal_mark: Some(','),
        view: None,
        delimiter: Some('\t'),
    };
    let json = serde_json::to_string(&template).unwrap();
    assert_eq!(serde_json::from_str::<Template>(&json).unwrap(), template);
    assert_eq!(serde_json::from_str::<Template>("{}").unwrap(), Template::default());
    let text = "Buchung\tBetrag\tStand\n03/01/2026\t1,500\t2,500\n03/02/2026\t0,250\t2,750\n";
    let statement = one(text.as_bytes(), &Options { template, ..of_account("JOD") });
    assert_eq!((statement.opening, statement.closing, statement.to.to_string()), (1_000, 2_750, "2026-03-02".into()));
    let holder = Template { view: Some(View::Holder), ..Template::default() };
    let text = "Date,Debit,Credit\n2026-03-01,4.00,\n";
    let options = Options { opening: Some(0), closing: Some(400), template: holder, ..of_account("USD") };
    assert_eq!(one(text.as_bytes(), &options).lines[0].amount, 400);
}

#[test]
fn tables_are_refused_where_they_go_wrong() {
    let of = |text: &str, currency: &str| {
        let (code, args) = refused(text.as_bytes(), &of_account(currency));
        format!("{code} {args}")
    };
    assert_eq!(of("Date,Description,Balance\n2026-03-01,a,1\n", "USD"), "columns_missing columns=amount line=1");
    assert_eq!(of("Label,Debit,Balance\na,1,1\n", "USD"), "columns_missing columns=date line=1");
    assert_eq!(of("Dear customer,\nyour statement follows.\n", "USD"), "unknown_format ");
    assert_eq!(
        of("Date,Amount,Balance\n2026-03-01,1.00,1.00\n2026-03-02,1.00,2.01\n", "USD"),
        "balance_differs expected=2.00 found=2.01 line=3 place=balance"
    );
    assert_eq!(
        of("Opening balance:,5.00\nDate,Amount,Balance\n2026-03-01,1.00,1.00\n", "USD"),
        "balance_differs expected=6.00 found=1.00 line=3 place=balance"
    );
    assert_eq!(
        of("Closing balance:,5.00\nDate,Amount,Balance\n2026-03-01,1.00,1.00\n", "USD"),
        "balance_differs expected=5.00 found=1.00 place=closing"
    );
    assert_eq!(
        of("Date,Amount,Balance\n2026-03-01,1.005,1\n", "USD"),
        "amount_ambiguous text=1.005 line=2 place=amount"
    );
    assert_eq!(
        of("Date,Amount,Balance\n2026-03-01,1.0005,1.00\n", "JOD"),
        "decimals text=1.0005 max=3 line=2 place=amount"
    );
    assert_eq!(of("Date,Amount,Balance\n2026-03-01,1;5,1.00\n", "JOD"), "amount_form text=1;5 line=2 place=amount");
    assert_eq!(of("Date,Amount,Balance\n31/02/2026,1,1\n", "JOD"), "date_form text=31/02/2026 line=2 place=date");
    assert_eq!(
        of("Date,Amount,Balance\n13/12/2026,1,1\n12/13/2026,1,2\n", "JOD"),
        "date_form text=12/13/2026 line=3 place=date"
    );
    assert_eq!(of("Date,Amount,Balance\n,5,1\n", "JOD"), "date_form text= line=2 place=date");
    assert_eq!(of("Date,Amount,Balance\n2026-03-01,,1\n", "JOD"), "field_missing line=2 place=amount");
    assert_eq!(of("Date,Debit,Credit,Balance\n2026-03-01,1,2,1\n", "JOD"), "both_sides line=2");
    assert_eq!(of("Date,Amount,Dr/Cr,Balance\n2026-03-01,1,?,1\n", "JOD"), "field_form text=? line=2 place=direction");
    assert_eq!(
        of("Date,Amount,Currency,Balance\n2026-03-01,1,JOD,1\n2026-03-01,1,USD,2\n", "JOD"),
        "currency_mixed expected=JOD found=USD line=3 place=currency"
    );
    assert_eq!(
        of("Currency:,USD\nDate,Amount,Balance\n2026-03-01,1,1\n", "JOD"),
        "currency_mixed expected=JOD found=USD"
    );
    assert_eq!(
        of("Account No:,777\nDate,Amount,Balance\n2026-03-01,1,1\n", "JOD"),
        "account_differs expected=JO00-08088804068 found=777"
    );
    let table = "Date,Amount,Balance\n2026-03-01,1,1\n";
    assert_eq!(refused(table.as_bytes(), &Options::default()).0, "no_currency");
    let no_account = Options { account: None, ..of_account("USD") };
    assert_eq!(refused(table.as_bytes(), &no_account).0, "no_account");
    let balances = Options { opening: Some(5), closing: Some(5), ..of_account("USD") };
    assert_eq!(refused(b"Date,Amount\n", &balances).0, "date_form");
}

/// A workbook of one sheet whose rows are given as XML; styles: 0 plain, 1 a date of its own, 2 a date of Excel's.
fn workbook(rows: &str) -> Vec<u8> {
    let parts = [
        ("xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>".to_owned()),
        ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>".to_owned()),
        ("xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_owned()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ];
    packed(&parts)
}

fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn row(number: u32, cells: &[&str]) -> String {
    let cells: String =
        ('A'..).zip(cells).map(|(column, cell)| format!("<c r=\"{column}{number}\"{cell}</c>")).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

const HEAD: [&str; 4] = [
    " t=\"inlineStr\"><is><t>Date</t></is>",
    " t=\"inlineStr\"><is><r><t>Des</t></r><r><t>cription</t></r></is>",
    " t=\"inlineStr\"><is><t>Amount</t></is>",
    " t=\"inlineStr\"><is><t>Balance</t></is>",
];

#[test]
fn numbers_and_days_of_a_workbook_are_exact() {
    let rows = [
        row(2, &HEAD),
        // 46082 is 1 March 2026. The third balance is what a formula leaves: 0.1 + 0.2.
        row(4, &[" s=\"1\"><v>46082</v>", " t=\"str\"><v>a</v>", "><v>0.1</v>", "><v>0.1</v>"]),
        row(5, &[" s=\"2\"><v>46083.75</v>", " t=\"str\"><v>b</v>", "><v>0.2</v>", "><v>0.30000000000000004</v>"]),
        row(6, &[" t=\"d\"><v>2026-03-03</v>", " t=\"str\"><v>c</v>", "><v>1.2E3</v>", "><v>1200.3</v>"]),
    ];
    let statement = one(&workbook(&rows.concat()), &of_account("JOD"));
    assert_eq!((statement.message, statement.opening, statement.closing), (Message::Xlsx, 0, 1_200_300));
    assert_eq!(statement.lines.iter().map(|line| line.amount).collect::<Vec<_>>(), [100, 200, 1_200_000]);
    let days: Vec<_> = statement.lines.iter().map(|line| line.booking_date.to_string()).collect();
    assert_eq!(days, ["2026-03-01", "2026-03-02", "2026-03-03"]);
    let fine = row(2, &HEAD) + &row(3, &[" s=\"1\"><v>46082</v>", "><v></v>", "><v>0.0005</v>", "><v>1</v>"]);
    assert_eq!(
        refused(&workbook(&fine), &of_account("JOD")),
        ("decimals", "text=0.0005 max=3 line=3 place=amount".into())
    );
}

#[test]
fn damaged_and_swollen_workbooks_are_refused() {
    let none = Options::default();
    assert_eq!(refused(b"PK\x03\x04 and no more", &none).0, "damaged");
    assert_eq!(refused(&packed(&[("readme.txt", "not a workbook".into())]), &none).0, "damaged");
    assert_eq!(refused(&workbook(""), &none), ("columns_missing", "columns=date, amount".into()));
    let text = " ".repeat(140 * 1024 * 1024);
    let start = std::time::Instant::now();
    let bomb = packed(&[("xl/workbook.xml", text)]);
    let made = start.elapsed();
    assert_eq!(refused(&bomb, &none), ("too_large", "what=bytes limit=134217728".into()));
    assert!(start.elapsed() - made < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
    let doctype = packed(&[("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".into())]);
    assert_eq!(refused(&doctype, &none).0, "xml_entities");
}
