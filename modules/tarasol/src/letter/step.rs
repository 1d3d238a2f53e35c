//! Steps of a letter's life, checked against the declared transitions.

use diwan_kernel::Transition;
pub(crate) use diwan_platform::records::notes::{optional as optional_note, required as required_note};
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
