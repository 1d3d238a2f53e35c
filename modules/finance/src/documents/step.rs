//! Steps of a document's life, checked against the declared transitions.

use diwan_finance_api::{DocumentAction, DocumentKind, document_step};
use diwan_kernel::Permission;
use diwan_platform::{Actor, Outcome, Refusal, records::RecordRow};

use super::store;

/// Goes on only where the kind and the state of the document know the action.
///
/// # Errors
/// Wrong state; the right of the step is missing.
pub(crate) fn check(record: &RecordRow, kind: DocumentKind, action: DocumentAction) -> Outcome<()> {
    match document_step(kind, store::state(record)?, action) {
        Some(_) => Ok(()),
        None => Err(Refusal::WrongState { state: record.state.clone(), action: action.code().to_owned() }),
    }
}

/// A draft is its preparer's alone: the duty of preparing is one person's.
///
/// # Errors
/// `not_your_draft`.
pub(crate) fn own(actor: &Actor, record: &RecordRow) -> Outcome<()> {
    if record.created_by == actor.user_id { Ok(()) } else { Err(Refusal::rule("not_your_draft", [])) }
}

/// Its preparer gives it up, and so may who closes the books: it would stop them for good once its preparer has left.
///
/// # Errors
/// `not_your_draft`.
pub(crate) fn gives_up(actor: &Actor, record: &RecordRow) -> Outcome<()> {
    if actor.can(Permission::FinanceClose) { Ok(()) } else { own(actor, record) }
}
