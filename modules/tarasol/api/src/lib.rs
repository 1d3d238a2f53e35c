//! What letters say over the wire, and their states.

mod body;
mod letter;
mod states;

pub use body::{
    Align, Block, BlockAttrs, Body, BodyError, Cell, CellAttrs, Dir, HeadingAttrs, Inline, Item, ListAttrs, Mark, Row,
    fill_text,
};
pub use letter::*;
pub use states::{IncomingAction, IncomingState, OutgoingAction, OutgoingState, incoming, outgoing};
