//! What the pickers of letters ask the server: agencies, people, units, positions.

use diwan_platform_api::people::Pick;
use diwan_platform_api::records::{Assignee, AssigneeKind};

use crate::client::{self, Call};
use crate::i18n;
use crate::ui::Choice;
use crate::ui::picker::Source;

fn choice(pick: Pick) -> Choice {
    let detail = i18n::name(&pick.detail);
    let choice = Choice::new(pick.id.to_string(), i18n::name(&pick.name));
    if detail.is_empty() { choice } else { choice.hint(detail) }
}

fn source(path: &'static str, narrow: impl Fn(Call) -> Call + 'static) -> Source {
    Source::ask(
        move |typed| narrow(client::get(path).query("q", typed)),
        |found: Vec<Pick>| found.into_iter().map(choice).collect(),
    )
}

/// Agencies of this installation.
pub(super) fn agencies() -> Source {
    source("/api/agencies/pick", |call| call)
}

/// Units of one's own agency.
pub(super) fn units() -> Source {
    source("/api/units/pick", |call| call)
}

/// Positions of one's own agency.
pub(super) fn positions() -> Source {
    source("/api/positions/pick", |call| call)
}

/// Whoever can be given a task: people, positions or units of one's own agency.
pub(super) fn assignees(kind: AssigneeKind) -> Source {
    match kind {
        AssigneeKind::User => source("/api/people/pick", |call| call),
        AssigneeKind::Position => positions(),
        AssigneeKind::Unit => units(),
    }
}

/// The assignee behind a choice.
pub(super) fn assignee(kind: AssigneeKind, choice: &Choice) -> Option<Assignee> {
    Some(Assignee { kind, id: choice.id.parse().ok()?, name: diwan_kernel::Named::default() })
}
