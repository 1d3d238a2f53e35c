//! ISO 20022 pain.001.001.09, `CustomerCreditTransferInitiation`: one group of payments from one account.

use quick_xml::escape::partial_escape;

use super::{Batch, DETAILS_MAX, Fault, NAME_MAX, Transfer, words};

/// The form of the message.
const FORM: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

/// Writes the message.
///
/// # Errors
/// As [`Batch::check`].
pub fn pain(batch: &Batch) -> Result<Vec<u8>, Fault> {
    let sum = words::decimal(batch.check()?, batch.scale);
    let count = batch.transfers.len().to_string();
    let mut xml = Xml { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() };
    xml.begin_with("Document", &format!(" xmlns=\"{FORM}\""));
    xml.begin("CstmrCdtTrfInitn");
    xml.begin("GrpHdr");
    xml.leaf("MsgId", &batch.message);
    xml.leaf("CreDtTm", &batch.made_at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    xml.leaf("NbOfTxs", &count);
    xml.leaf("CtrlSum", &sum);
    xml.named("InitgPty", &batch.debtor.name);
    xml.end();
    xml.begin("PmtInf");
    xml.leaf("PmtInfId", &batch.message);
    xml.leaf("PmtMtd", "TRF");
    xml.leaf("NbOfTxs", &count);
    xml.leaf("CtrlSum", &sum);
    xml.begin("ReqdExctnDt");
    xml.leaf("Dt", &batch.pay_on.to_string());
    xml.end();
    xml.named("Dbtr", &batch.debtor.name);
    xml.account("DbtrAcct", &batch.debtor.iban, Some(&batch.currency));
    xml.bank("DbtrAgt", Bank::of_debtor(&batch.debtor.bic));
    for one in &batch.transfers {
        transfer(&mut xml, batch, one);
    }
    while xml.end() {}
    Ok(xml.out.into_bytes())
}

fn transfer(xml: &mut Xml, batch: &Batch, one: &Transfer) {
    xml.begin("CdtTrfTxInf");
    xml.begin("PmtId");
    xml.leaf("EndToEndId", &one.end_to_end);
    xml.end();
    xml.begin("Amt");
    let currency = format!(" Ccy=\"{}\"", partial_escape(batch.currency.as_str()));
    xml.leaf_with("InstdAmt", &currency, &words::decimal(one.amount, batch.scale));
    xml.end();
    xml.bank("CdtrAgt", Bank::of_iban(&one.iban));
    xml.named("Cdtr", &one.name);
    xml.account("CdtrAcct", &one.iban, None);
    let details = words::clean(&one.details, DETAILS_MAX);
    if !details.is_empty() {
        xml.begin("RmtInf");
        xml.leaf("Ustrd", &details);
        xml.end();
    }
    xml.end();
}

/// How a bank is named.
enum Bank<'a> {
    /// By its code (BIC).
    Bic(&'a str),
    /// By the code that IBANs of Jordan have of it.
    Member(&'a str),
    /// Whoever knows the IBAN knows it.
    Unnamed,
}

impl<'a> Bank<'a> {
    fn of_debtor(bic: &'a str) -> Self {
        if bic.is_empty() { Self::Unnamed } else { Self::Bic(bic) }
    }

    fn of_iban(iban: &'a str) -> Self {
        match iban.starts_with("JO").then(|| iban.get(4..8)).flatten() {
            Some(code) => Self::Member(code),
            None => Self::Unnamed,
        }
    }
}

/// Elements, each on a line of its own.
struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.open.len()));
    }

    fn begin(&mut self, name: &'static str) {
        self.begin_with(name, "");
    }

    fn begin_with(&mut self, name: &'static str, attributes: &str) {
        self.indent();
        self.out.push_str(&format!("<{name}{attributes}>\n"));
        self.open.push(name);
    }

    /// Ends the innermost element; false where none is open.
    fn end(&mut self) -> bool {
        let Some(name) = self.open.pop() else { return false };
        self.indent();
        self.out.push_str(&format!("</{name}>\n"));
        true
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.leaf_with(name, "", text);
    }

    fn leaf_with(&mut self, name: &str, attributes: &str, text: &str) {
        self.indent();
        self.out.push_str(&format!("<{name}{attributes}>{}</{name}>\n", partial_escape(text)));
    }

    fn named(&mut self, element: &'static str, name: &str) {
        self.begin(element);
        self.leaf("Nm", &words::clean(name, NAME_MAX));
        self.end();
    }

    fn account(&mut self, element: &'static str, iban: &str, currency: Option<&str>) {
        self.begin(element);
        self.begin("Id");
        self.leaf("IBAN", iban);
        self.end();
        if let Some(currency) = currency {
            self.leaf("Ccy", currency);
        }
        self.end();
    }

    fn bank(&mut self, element: &'static str, bank: Bank<'_>) {
        self.begin(element);
        self.begin("FinInstnId");
        match bank {
            Bank::Bic(bic) => self.leaf("BICFI", bic),
            Bank::Member(code) => {
                self.begin("ClrSysMmbId");
                self.leaf("MmbId", code);
                self.end();
            }
            Bank::Unnamed => {
                self.begin("Othr");
                self.leaf("Id", "NOTPROVIDED");
                self.end();
            }
        }
        self.end();
        self.end();
    }
}
