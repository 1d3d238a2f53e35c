//! The movement `Ntry`, with the single movements of a batch.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::{date, signed};
use crate::{
    amount, currency,
    model::{Line, Part},
    refusal::{Place, Reason, Refusal},
    xml::Element,
};

/// A movement, and what decides whether it counts.
pub(super) struct Movement {
    pub line: Line,
    pub currency: String,
    pub booked: bool,
    pub place: Place,
}

/// Reads a movement. `otherwise` is its day where it has none, for messages that need not book what they tell.
pub(super) fn read(entry: &Element, otherwise: Option<NaiveDate>) -> Result<Movement, Refusal> {
    let (amount, currency) = signed(entry, "Ntry")?;
    let status = entry.text(&["Sts", "Cd"]).or_else(|| entry.text(&["Sts"]));
    let details: Vec<&Element> = entry.all("NtryDtls").flat_map(|details| details.all("TxDtls")).collect();
    let first = details.first().copied();
    let booked_on = date(entry, "BookgDt", "Ntry/BookgDt")?;
    let value_date = date(entry, "ValDt", "Ntry/ValDt")?;
    let Some(booking_date) = booked_on.or(value_date).or(otherwise) else {
        return Err(Refusal::new(Reason::FieldMissing, entry.place("Ntry/BookgDt")));
    };
    let reversal = matches!(entry.text(&["RvslInd"]), Some("true" | "1"));
    let incoming = (amount > 0) != reversal;
    let one = |path: &[&str]| first.filter(|_| details.len() == 1).and_then(|details| text(details, path));
    let batch = |path: &[&str]| entry.find(&["NtryDtls", "Btch"]).and_then(|batch| text(batch, path));
    let (name, account) = match first {
        // Banks do not agree on whether a movement that is taken back keeps its sides.
        Some(only) if details.len() == 1 => match party(only, incoming) {
            (None, None) if reversal => party(only, !incoming),
            found => found,
        },
        _ => (None, None),
    };
    let line = Line {
        ordinal: 0,
        occurrence: 0,
        value_date: value_date.unwrap_or(booking_date),
        booking_date,
        amount,
        kind: kind(entry).unwrap_or_default(),
        reference: one(&["Refs", "EndToEndId"])
            .or_else(|| batch(&["PmtInfId"]))
            .or_else(|| batch(&["MsgId"]))
            .or_else(|| one(&["Refs", "InstrId"]))
            .or_else(|| one(&["Refs", "ChqNb"]))
            .or_else(|| one(&["Refs", "TxId"])),
        bank_reference: text(entry, &["AcctSvcrRef"])
            .or_else(|| one(&["Refs", "AcctSvcrRef"]))
            .or_else(|| text(entry, &["NtryRef"])),
        counterparty: name,
        counterparty_account: account,
        text: said(entry, &details),
        reversal,
        parts: if details.len() > 1 { parts(&details, amount, &currency, incoming)? } else { Vec::new() },
    };
    let booked = status.is_none_or(|status| status == "BOOK");
    Ok(Movement { line, currency, booked, place: entry.place("Ntry") })
}

fn text(element: &Element, path: &[&str]) -> Option<String> {
    element.text(path).filter(|text| !text.eq_ignore_ascii_case("NOTPROVIDED")).map(str::to_owned)
}

/// The code of the domain, else the bank's own.
fn kind(entry: &Element) -> Option<String> {
    let code = entry.find(&["BkTxCd"])?;
    let domain = [&["Domn", "Cd"][..], &["Domn", "Fmly", "Cd"], &["Domn", "Fmly", "SubFmlyCd"]];
    let domain: Vec<&str> = domain.into_iter().filter_map(|path| code.text(path)).collect();
    if domain.is_empty() { text(code, &["Prtry", "Cd"]) } else { Some(domain.join("-")) }
}

/// Name and account of the other side: who pays what comes in, and is paid what goes out.
fn party(details: &Element, incoming: bool) -> (Option<String>, Option<String>) {
    let Some(parties) = details.find(&["RltdPties"]) else { return (None, None) };
    let (side, account, last) =
        if incoming { ("Dbtr", "DbtrAcct", "UltmtDbtr") } else { ("Cdtr", "CdtrAcct", "UltmtCdtr") };
    let name = |side: &str| text(parties, &[side, "Nm"]).or_else(|| text(parties, &[side, "Pty", "Nm"]));
    let account = text(parties, &[account, "Id", "IBAN"]).or_else(|| text(parties, &[account, "Id", "Othr", "Id"]));
    (name(side).or_else(|| name(last)), account)
}

/// Purposes and remarks, each once.
fn said(entry: &Element, details: &[&Element]) -> String {
    let mut said: Vec<&str> = Vec::new();
    for one in details {
        for remittance in one.all("RmtInf") {
            said.extend(remittance.all("Ustrd").map(|free| free.text.trim()));
            for structured in remittance.all("Strd") {
                said.extend(structured.text(&["CdtrRefInf", "Ref"]));
                said.extend(structured.text(&["RfrdDocInf", "Nb"]));
                said.extend(structured.text(&["AddtlRmtInf"]));
            }
        }
        said.extend(one.text(&["AddtlTxInf"]));
    }
    said.extend(entry.text(&["AddtlNtryInf"]));
    let mut once = HashSet::new();
    said.retain(|text| !text.is_empty() && once.insert(*text));
    said.join("\n")
}

/// The single movements of a batch.
fn parts(details: &[&Element], amount: i64, code: &str, incoming: bool) -> Result<Vec<Part>, Refusal> {
    let scale = currency::scale(code).unwrap_or_default();
    let part = |details: &&Element| {
        let stated = details.find(&["Amt"]).or_else(|| details.find(&["AmtDtls", "TxAmt", "Amt"]));
        let stated = stated.filter(|stated| stated.attribute("Ccy") == Some(code));
        let value = stated.map(|stated| {
            let value = amount::plain(stated.text.trim(), '.', scale);
            amount::at(value, || stated.place("TxDtls/Amt"))
        });
        let value = value.transpose()?.map(|value| if amount < 0 { -value } else { value });
        Ok(Part {
            amount: value,
            reference: text(details, &["Refs", "EndToEndId"]).or_else(|| text(details, &["Refs", "InstrId"])),
            counterparty: party(details, incoming).0,
        })
    };
    details.iter().map(part).collect()
}
