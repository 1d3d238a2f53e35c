//! What a dialog was opened with: a change rests on what its user has seen.

use std::rc::Rc;

use yew::prelude::*;

use super::Failure;

/// What a dialog over `now` was opened with, however often the page behind it is loaded meanwhile: what is sent bears its
/// `version`. Once the server refused (`refused`) because something else is there, `reload` brings that; after a refusal as
/// too old it then takes the place of what was seen, so that the next try rests on it.
#[hook]
pub fn use_seen<T: 'static>(
    now: &Rc<T>,
    version: fn(&T) -> i64,
    refused: Option<&Failure>,
    reload: &Callback<()>,
) -> Rc<T> {
    let seen = use_mut_ref(|| Rc::clone(now));
    let conflict = refused.filter(|why| why.status() == 409).cloned();
    {
        let reload = reload.clone();
        use_effect_with(conflict, move |conflict| {
            if conflict.is_some() {
                reload.emit(());
            }
        });
    }
    let mut held = seen.borrow_mut();
    if next(version(&held), version(now), refused.and_then(Failure::current)) {
        *held = Rc::clone(now);
    }
    Rc::clone(&held)
}

/// Whether what is there now takes the place of what was seen: only the version a refusal told of, or a later one.
fn next(seen: i64, now: i64, told: Option<i64>) -> bool {
    told.is_some_and(|told| seen < told && told <= now)
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn what_came_behind_an_open_dialog_counts_only_once_it_was_told_of() {
        // A live event brought a change, and nothing was sent yet.
        assert!(!next(1, 2, None));
        // The refusal tells of it.
        assert!(next(1, 2, Some(2)));
        // Told of it, and what is there now is still on its way.
        assert!(!next(1, 1, Some(2)));
        // A further change, after the one that was told of, was not seen.
        assert!(!next(2, 3, Some(2)));
    }
}
