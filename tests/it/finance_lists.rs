//! Lists of cheque books, statements and reconciliations over HTTP: found, sorted, paged, taken along as sheets.

use diwan_finance_api::{ChequeBook, ChequeBookInput};
use diwan_kernel::{Page, Permission};
use diwan_tests::{TestApp, encode};
use serde_json::Value;

/// Beside a closed book of the numbers 0041 to 0050 a new one is entered: both are found, sorted, paged and taken along.
pub async fn books(app: &TestApp, (staff, treasurer): (i64, i64), bank_account_id: i64, closed: i64) {
    let open = ChequeBookInput { bank_account_id, series: "ن".to_owned(), first: 1_001, last: 1_050 };
    let open: ChequeBook = app.post(treasurer, "/api/finance/cheques/books", &open).await.created();
    let found = async |query: &str| {
        let page: Page<ChequeBook> = app.get(staff, &format!("/api/finance/cheques/books?{query}")).await.ok();
        (page.items.iter().map(|book| book.id).collect::<Vec<_>>(), page.next)
    };
    let of_account = format!("bank_account_id={bank_account_id}");
    for (query, ids) in [
        ("", vec![open.id, closed]),
        ("sort=oldest", vec![closed, open.id]),
        ("state=open", vec![open.id]),
        ("state=closed", vec![closed]),
        ("state=used_up", vec![]),
        ("q=1025", vec![open.id]),
        ("q=0050", vec![closed]),
        ("q=1051", vec![]),
        (of_account.as_str(), vec![open.id, closed]),
        ("bank_account_id=1000000", vec![]),
    ] {
        assert_eq!(found(query).await.0, ids, "{query}");
    }
    let (first, next) = found("limit=1").await;
    assert_eq!(first, [open.id]);
    assert_eq!(found(&format!("limit=1&after={}", next.unwrap())).await, (vec![closed], None));
    let export = "/api/finance/cheques/books/export?lang=ar&state=open";
    app.get(staff, export).await.refused(403, "forbidden");
    app.grant(staff, Permission::Export);
    assert_eq!(&app.get(staff, export).await.body[..2], b"PK");
}

/// The one statement of March and its approved reconciliation are found by what they are, and taken along as sheets.
pub async fn bank(app: &TestApp, treasurer: i64, at: &str, number: &str) {
    let (statements, reconciliations) = (format!("{at}/statements"), "/api/finance/bank/reconciliations".to_owned());
    for (list, query, found) in [
        (&statements, "q=march".to_owned(), 1),
        (&statements, "q=april".to_owned(), 0),
        (&statements, "from=2026-03-05&to=2026-03-06&sort=oldest".to_owned(), 1),
        (&statements, "from=2026-05-01".to_owned(), 0),
        (&statements, "to=2026-01-31".to_owned(), 0),
        (&reconciliations, format!("q={}", encode(number)), 1),
        (&reconciliations, format!("q={}", encode("حساب الخزينة")), 1),
        (&reconciliations, format!("q={}", encode("لا شيء")), 0),
        (&reconciliations, "state=approved&sort=oldest".to_owned(), 1),
        (&reconciliations, "state=draft".to_owned(), 0),
        (&reconciliations, "from=2026-05-01".to_owned(), 0),
        (&reconciliations, "bank_account_id=1000000".to_owned(), 0),
    ] {
        let page: Page<Value> = app.get(treasurer, &format!("{list}?{query}")).await.ok();
        assert_eq!(page.items.len(), found, "{list}?{query}");
    }
    for list in [statements, reconciliations] {
        for lang in ["ar", "en"] {
            assert_eq!(&app.get(treasurer, &format!("{list}/export?lang={lang}")).await.body[..2], b"PK", "{list}");
        }
        let wrong = app.get(treasurer, &format!("{list}?after=x")).await.wrong_fields();
        assert_eq!(wrong, [("after".to_owned(), "bad_cursor".to_owned())]);
    }
}
