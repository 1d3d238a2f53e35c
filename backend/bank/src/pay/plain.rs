//! The same transfers as a table: CSV in UTF-8 with its mark, as spreadsheets and the portals of banks read it.

use super::{Batch, DETAILS_MAX, Fault, NAME_MAX, words};

/// The headings.
const HEADINGS: [&str; 8] = ["No", "Reference", "Beneficiary", "IBAN", "Amount", "Currency", "Date", "Details"];

/// Writes the table.
///
/// # Errors
/// As [`Batch::check`].
pub fn plain(batch: &Batch) -> Result<Vec<u8>, Fault> {
    batch.check()?;
    let mut out = String::from('\u{feff}');
    row(&mut out, &HEADINGS.map(str::to_owned));
    for (at, one) in (1..).zip(&batch.transfers) {
        let cells = [
            i32::to_string(&at),
            one.end_to_end.clone(),
            words::clean(&one.name, NAME_MAX),
            one.iban.clone(),
            words::decimal(one.amount, batch.scale),
            batch.currency.clone(),
            batch.pay_on.to_string(),
            words::clean(&one.details, DETAILS_MAX),
        ];
        row(&mut out, &cells);
    }
    Ok(out.into_bytes())
}

fn row(out: &mut String, cells: &[String; 8]) {
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    out.push_str(&quoted.join(","));
    out.push_str("\r\n");
}

/// A cell in quotes where it needs them; what a spreadsheet would take for a formula is kept from it.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', ';', '\'']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}
