//! States as declared tables: the server enforces them, the UI draws its buttons from them.

use crate::Permission;

/// One allowed move of a record's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition<S, A> {
    /// The state it starts in.
    pub from: S,
    /// What is done.
    pub action: A,
    /// The state it ends in.
    pub to: S,
    /// The right it takes; none where holding the task is the right.
    pub permission: Option<Permission>,
}

/// The move that `action` makes from `state`, or none where it is not allowed there.
pub fn allowed<S: Copy + PartialEq, A: Copy + PartialEq>(
    table: &'static [Transition<S, A>],
    state: S,
    action: A,
) -> Option<&'static Transition<S, A>> {
    table.iter().find(|t| t.from == state && t.action == action)
}
