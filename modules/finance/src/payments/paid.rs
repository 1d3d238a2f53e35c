//! What pays a document, for its page and its print.

use diwan_db::ReadTx;
use diwan_finance_api::{DocumentPayment, PayMethod};
use diwan_platform::Outcome;

use super::{cheques, in_cash, run};

/// The payment that holds a document which is paid in this way; none before there is one that was approved, and none once it came
/// back.
///
/// # Errors
/// The database fails.
pub(crate) fn of(tx: &mut ReadTx<'_>, method: PayMethod, document_id: i64) -> Outcome<Option<DocumentPayment>> {
    match method {
        PayMethod::Transfer => run::items::paid(tx, document_id),
        PayMethod::Cheque => cheques::paid(tx, document_id),
        PayMethod::Cash => in_cash::paid(tx, document_id),
        PayMethod::None => Ok(None),
    }
}
