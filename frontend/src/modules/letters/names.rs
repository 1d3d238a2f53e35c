//! Words, colours and pictures of letters: states, actions, kinds.

use diwan_platform_api::records::{Task, TaskState};
use diwan_tarasol_api::Direction;

use crate::i18n;
use crate::ui::{Icon, StateTone};

/// The colour group of a state, of either direction.
pub(super) fn state_tone(state: &str) -> StateTone {
    match state {
        "received" | "draft" => StateTone::New,
        "in_review" | "in_signature" | "registered" | "referred" => StateTone::Work,
        "returned" | "issued" => StateTone::Wait,
        _ => StateTone::Done,
    }
}

/// The word of a state.
pub(super) fn state_word(state: &str) -> String {
    i18n::code("state", state)
}

/// Whether nothing is owed any more, so that no due date is late.
pub(super) fn is_ended(state: &str) -> bool {
    matches!(state, "answered" | "closed" | "void" | "refused" | "recalled")
}

/// The picture of an action.
pub(super) fn action_icon(action: &str) -> Icon {
    match action {
        "edit" => Icon::Edit,
        "submit" | "pass_up" => Icon::Send,
        "return" | "refuse" => Icon::Back,
        "withdraw" | "recall" => Icon::Undo,
        "sign" => Icon::Sign,
        "close" => Icon::Archive,
        "void" => Icon::Trash,
        "refer" => Icon::Refer,
        "answer" => Icon::Reply,
        "reopen" => Icon::Refresh,
        _ => Icon::Check,
    }
}

/// The actions a reader may take, the next useful step first.
///
/// `tasks` says what is asked of the reader: a referral for information is finished, one for a reply is answered.
pub(super) fn ordered(actions: &[String], tasks: &[Task]) -> Vec<String> {
    let mine = tasks.iter().filter(|task| task.mine && task.state == TaskState::Open);
    let wants_reply = mine.filter_map(|task| task.instruction).any(|asked| asked.code().contains("reply"));
    let has_task = actions.iter().any(|action| action == "finish");
    let rank = |action: &str| match action {
        "sign" | "register" | "submit" => 0,
        "pass_up" => 1,
        "answer" if wants_reply => 2,
        "finish" => 3,
        "return" | "edit" => 4,
        "refer" if !has_task => 4,
        "refer" => 5,
        "answer" => 6,
        "reopen" => 6,
        "close" => 7,
        "withdraw" => 8,
        "recall" | "refuse" => 9,
        _ => 10,
    };
    let mut ordered = actions.to_vec();
    ordered.sort_by_key(|action| rank(action));
    ordered
}

/// The address of the list a letter stands in.
pub(super) fn list_of(direction: Direction) -> crate::app::route::LetterBox {
    use crate::app::route::LetterBox;
    match direction {
        Direction::Incoming => LetterBox::Incoming,
        Direction::Outgoing => LetterBox::Outgoing,
        Direction::InternalMemo => LetterBox::Memos,
    }
}

#[cfg(test)]
mod tests {
    use super::ordered;

    fn codes(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    #[test]
    fn the_next_useful_step_is_first() {
        let first = |actions: &[&str]| ordered(&codes(actions), &[]).into_iter().next();
        assert_eq!(first(&["edit", "submit", "void"]).as_deref(), Some("submit"));
        assert_eq!(first(&["return", "sign"]).as_deref(), Some("sign"));
        assert_eq!(first(&["register", "refuse"]).as_deref(), Some("register"));
        assert_eq!(first(&["refer", "answer", "close"]).as_deref(), Some("refer"));
        assert_eq!(first(&["refer", "answer", "close", "finish"]).as_deref(), Some("finish"));
        assert_eq!(first(&["pass_up", "return"]).as_deref(), Some("pass_up"));
        assert_eq!(first(&["recall", "close", "void"]).as_deref(), Some("close"));
    }
}
