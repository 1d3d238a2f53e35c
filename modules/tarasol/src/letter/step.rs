//! Steps of a letter's life, checked against the declared transitions.

use diwan_kernel::{FieldError, Transition, text};
use diwan_platform::{Outcome, Refusal, records::RecordRow};
use diwan_tarasol_api::{self as api, IncomingAction, IncomingState, OutgoingAction, OutgoingState};

/// The state of an outgoing letter or memo.
pub(crate) fn outgoing_state(record: &RecordRow) -> Outcome<OutgoingState> {
    if record.kind == "incoming" {
        return Err(Refusal::NotFound("letter"));
    }
    Ok(record.state.parse()?)
}

/// The state of an incoming letter.
pub(crate) fn incoming_state(record: &RecordRow) -> Outcome<IncomingState> {
    if record.kind != "incoming" {
        return Err(Refusal::NotFound("letter"));
    }
    Ok(record.state.parse()?)
}

/// The move, or why there is none.
pub(crate) fn outgoing(
    state: OutgoingState,
    action: OutgoingAction,
) -> Outcome<&'static Transition<OutgoingState, OutgoingAction>> {
    api::outgoing(state, action)
        .ok_or_else(|| Refusal::WrongState { state: state.code().to_owned(), action: action.code().to_owned() })
}

/// The move, or why there is none.
pub(crate) fn incoming(
    state: IncomingState,
    action: IncomingAction,
) -> Outcome<&'static Transition<IncomingState, IncomingAction>> {
    api::incoming(state, action)
        .ok_or_else(|| Refusal::WrongState { state: state.code().to_owned(), action: action.code().to_owned() })
}

/// A word that may go with a step.
pub(crate) fn optional_note(note: Option<&str>) -> Result<Option<String>, FieldError> {
    match note.map(str::trim).filter(|note| !note.is_empty()) {
        Some(note) => text::lines("note", note, text::NOTE_MAX).map(Some),
        None => Ok(None),
    }
}

/// A word that has to go with a step: why something is sent back, voided, recalled.
pub(crate) fn required_note(note: Option<&str>) -> Result<String, FieldError> {
    text::lines("note", note.unwrap_or_default(), text::NOTE_MAX)
}
