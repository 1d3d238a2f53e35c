//! What documents of finance tell the search index: what they refer to, their amounts, the notes of their lines.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_archive::port::{Content, SearchSource};
use diwan_db::ReadTx;
use diwan_kernel::money;
use diwan_platform::Outcome;
use diwan_platform_api::records::RecordKind;
use diwan_schema::finance::{finance_documents, finance_lines};

/// All kinds of documents.
pub struct Documents;

type Row = (i64, String, NaiveDate, i64);

impl SearchSource for Documents {
    fn kinds(&self) -> &'static [RecordKind] {
        &[
            RecordKind::BudgetLaw,
            RecordKind::Supplementary,
            RecordKind::Virement,
            RecordKind::FinancialOrder,
            RecordKind::Release,
            RecordKind::Freeze,
            RecordKind::Commitment,
            RecordKind::PaymentVoucher,
            RecordKind::Receipt,
            RecordKind::JournalVoucher,
            RecordKind::Advance,
            RecordKind::AdvanceSettlement,
            RecordKind::Deposit,
            RecordKind::DepositRefund,
            RecordKind::BankNotice,
        ]
    }

    fn contents(&self, tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Content>> {
        let rows: Vec<Row> = finance_documents::table
            .filter(finance_documents::record_id.eq_any(ids))
            .select((
                finance_documents::record_id,
                finance_documents::reference,
                finance_documents::effective_on,
                finance_documents::base_amount,
            ))
            .load(tx.conn())?;
        let mut notes = BTreeMap::<i64, Vec<String>>::new();
        let lines: Vec<(i64, String)> = finance_lines::table
            .filter(finance_lines::record_id.eq_any(ids))
            .filter(finance_lines::note.ne(""))
            .order((finance_lines::record_id, finance_lines::seq))
            .select((finance_lines::record_id, finance_lines::note))
            .load(tx.conn())?;
        for (id, note) in lines {
            notes.entry(id).or_default().push(note);
        }
        let content = |(id, reference, day, amount): Row| {
            let mut body = notes.remove(&id).unwrap_or_default();
            // As it is printed and as it is typed.
            let printed = money::format(amount, money::JOD_SCALE);
            body.extend([printed.replace(',', ""), printed]);
            let content = Content {
                parties: Vec::new(),
                counterpart_id: None,
                numbers: Some(reference).filter(|reference| !reference.is_empty()).into_iter().collect(),
                date: Some(day),
                body: body.join("\n"),
            };
            (id, content)
        };
        Ok(rows.into_iter().map(content).collect())
    }
}
