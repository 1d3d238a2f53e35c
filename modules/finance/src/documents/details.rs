//! What single kinds say besides, as stored: one narrow row where anything is said.

use chrono::NaiveDate;
use diesel::prelude::*;
use diwan_db::{ReadTx, WriteTx, each_backend};
use diwan_finance_api::{Detail, DocumentDetails, OrderKind, ReceivedAs, Shape};
use diwan_kernel::{FieldError, text};
use diwan_platform::{Fields, Outcome};
use diwan_schema::finance::{finance_details, parties};

/// The longest of these words: a number, the name of a bank, an article of a law.
const WORDS_MAX: usize = 100;

/// What a document says besides, as a row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = finance_details)]
struct DetailRow {
    record_id: i64,
    agency_id: i64,
    purchase_order: String,
    goods_receipt: String,
    requester: String,
    received_as: Option<String>,
    cheque_bank: String,
    cheque_no: String,
    cheque_on: Option<NaiveDate>,
    reason: Option<String>,
    reverse_on: Option<NaiveDate>,
    advance_kind: Option<String>,
    guarantor_id: Option<i64>,
    legal_article: String,
    proof: String,
    order_kind: Option<String>,
    payer: String,
    deposit_slip: String,
}

/// Checks it against what the kind asks for and the day of the document; answers it clean.
///
/// # Errors
/// The database fails.
pub(super) fn check(
    tx: &mut ReadTx<'_>,
    agency_id: i64,
    (input, shape, day): (&DocumentDetails, Shape, NaiveDate),
    fields: &mut Fields,
) -> Outcome<DocumentDetails> {
    let said = |text: &str| !text.trim().is_empty();
    for (detail, field, given) in [
        (Detail::PurchaseOrder, "purchase_order", said(&input.purchase_order)),
        (Detail::GoodsReceipt, "goods_receipt", said(&input.goods_receipt)),
        (Detail::Requester, "requester", said(&input.requester)),
        (Detail::Payer, "payer", said(&input.payer)),
        (Detail::DepositSlip, "deposit_slip", said(&input.deposit_slip)),
        (Detail::ReceivedAs, "received_as", input.received_as.is_some()),
        (Detail::Reason, "reason", input.reason.is_some()),
        (Detail::ReverseOn, "reverse_on", input.reverse_on.is_some()),
        (Detail::AdvanceKind, "advance_kind", input.advance_kind.is_some()),
        (Detail::Guarantor, "guarantor_id", input.guarantor_id.is_some()),
        (Detail::OrderKind, "order_kind", input.order_kind.is_some()),
        (Detail::LegalArticle, "legal_article", said(&input.legal_article)),
        (Detail::Proof, "proof", said(&input.proof)),
    ] {
        if given && !shape.details.contains(&detail) {
            fields.push(wrong(field, "not_asked"));
        }
    }
    cheque(input, fields);
    if input.reverse_on.is_some_and(|on| on <= day) {
        fields.push(wrong("reverse_on", "reverse_after").with("day", day));
    }
    if input.order_kind == Some(OrderKind::Special) && !said(&input.legal_article) {
        fields.push(wrong("legal_article", "required"));
    }
    if let Some(id) = input.guarantor_id {
        let of_agency = parties::table.find(id).filter(parties::agency_id.eq(agency_id));
        let active: Option<bool> = of_agency.select(parties::active).first(tx.conn()).optional()?;
        if active != Some(true) {
            fields.push(wrong("guarantor_id", "unknown"));
        }
    }
    let mut words = |field: &str, value: &str| match value.trim() {
        "" => String::new(),
        value => fields.take(text::line(&format!("details.{field}"), value, WORDS_MAX)),
    };
    Ok(DocumentDetails {
        purchase_order: words("purchase_order", &input.purchase_order),
        goods_receipt: words("goods_receipt", &input.goods_receipt),
        requester: words("requester", &input.requester),
        payer: words("payer", &input.payer),
        deposit_slip: words("deposit_slip", &input.deposit_slip),
        cheque_bank: words("cheque_bank", &input.cheque_bank),
        cheque_no: words("cheque_no", &input.cheque_no),
        legal_article: words("legal_article", &input.legal_article),
        proof: words("proof", &input.proof),
        ..input.clone()
    })
}

/// A cheque is known by its bank and its number; what is no cheque has neither.
fn cheque(input: &DocumentDetails, fields: &mut Fields) {
    let cheque = input.received_as == Some(ReceivedAs::Cheque);
    for (field, said, must) in [
        ("cheque_bank", !input.cheque_bank.trim().is_empty(), true),
        ("cheque_no", !input.cheque_no.trim().is_empty(), true),
        ("cheque_on", input.cheque_on.is_some(), false),
    ] {
        if cheque && must && !said {
            fields.push(wrong(field, "required"));
        } else if !cheque && said {
            fields.push(wrong(field, "not_asked"));
        }
    }
}

fn wrong(field: &str, code: &str) -> FieldError {
    FieldError::new(format!("details.{field}"), code)
}

/// Writes what is said of a draft that has no row yet.
///
/// # Errors
/// The database fails.
pub(super) fn write(
    tx: &mut WriteTx<'_>,
    (agency_id, record_id): (i64, i64),
    details: &DocumentDetails,
) -> Outcome<()> {
    if *details == DocumentDetails::default() {
        return Ok(());
    }
    let details = details.clone();
    let row = DetailRow {
        record_id,
        agency_id,
        purchase_order: details.purchase_order,
        goods_receipt: details.goods_receipt,
        requester: details.requester,
        received_as: details.received_as.map(|way| way.code().to_owned()),
        cheque_bank: details.cheque_bank,
        cheque_no: details.cheque_no,
        cheque_on: details.cheque_on,
        reason: details.reason.map(|reason| reason.code().to_owned()),
        reverse_on: details.reverse_on,
        advance_kind: details.advance_kind.map(|kind| kind.code().to_owned()),
        guarantor_id: details.guarantor_id,
        legal_article: details.legal_article,
        proof: details.proof,
        order_kind: details.order_kind.map(|kind| kind.code().to_owned()),
        payer: details.payer,
        deposit_slip: details.deposit_slip,
    };
    each_backend!(tx.conn(), c => diesel::insert_into(finance_details::table).values(row).execute(c))?;
    Ok(())
}

/// Takes away what a draft said, because it says something else now.
///
/// # Errors
/// The database fails.
pub(super) fn clear(tx: &mut WriteTx<'_>, record_id: i64) -> Outcome<()> {
    diesel::delete(finance_details::table.find(record_id)).execute(tx.conn())?;
    Ok(())
}

/// What a document says besides.
///
/// # Errors
/// The database fails or holds an unknown code.
pub(super) fn load(tx: &mut ReadTx<'_>, record_id: i64) -> Outcome<DocumentDetails> {
    let found: Option<DetailRow> =
        finance_details::table.find(record_id).select(DetailRow::as_select()).first(tx.conn()).optional()?;
    let Some(row) = found else { return Ok(DocumentDetails::default()) };
    Ok(DocumentDetails {
        purchase_order: row.purchase_order,
        goods_receipt: row.goods_receipt,
        requester: row.requester,
        payer: row.payer,
        deposit_slip: row.deposit_slip,
        received_as: row.received_as.map(|code| code.parse()).transpose()?,
        cheque_bank: row.cheque_bank,
        cheque_no: row.cheque_no,
        cheque_on: row.cheque_on,
        reason: row.reason.map(|code| code.parse()).transpose()?,
        reverse_on: row.reverse_on,
        advance_kind: row.advance_kind.map(|code| code.parse()).transpose()?,
        guarantor_id: row.guarantor_id,
        order_kind: row.order_kind.map(|code| code.parse()).transpose()?,
        legal_article: row.legal_article,
        proof: row.proof,
    })
}
