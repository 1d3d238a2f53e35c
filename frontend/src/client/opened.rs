//! What is open over a list: the dialog of one of its rows, or of a new one.

use yew::prelude::*;

use super::ApiState;

/// What is open over a list, and how it is opened and closed.
pub struct Opened<T> {
    /// What is open.
    pub shown: Option<T>,
    /// Opens something.
    pub open: Callback<T>,
    /// Closes it, and loads the list anew.
    pub close: Callback<()>,
}

impl<T: Clone + 'static> Opened<T> {
    /// What a button does that opens `what`.
    pub fn button(&self, what: T) -> Callback<MouseEvent> {
        self.open.reform(move |_| what.clone())
    }
}

/// Opens dialogs over `list`. What is asked for while the list is on its way waits for it and is then taken out of
/// it by `newest`: right after a change no dialog shows, and none sends, what was there before.
#[hook]
pub fn use_opened<D, T>(list: &ApiState<D>, newest: fn(&D, &T) -> Option<T>) -> Opened<T>
where
    D: 'static,
    T: Clone + PartialEq + 'static,
{
    let asked = use_state_eq(|| None::<T>);
    let shown = use_state_eq(|| None::<T>);
    {
        let (shown, data) = (shown.clone(), list.data.clone());
        use_effect_with(((*asked).clone(), list.loading), move |(asked, loading)| match asked {
            None => shown.set(None),
            // What is open stays as it was opened, however often the list is loaded meanwhile.
            Some(what) if shown.is_none() && !loading => {
                shown.set(data.and_then(|data| newest(&data, what)).or_else(|| Some(what.clone())));
            }
            Some(_) => {}
        });
    }
    let open = {
        let asked = asked.setter();
        use_callback((), move |what: T, ()| asked.set(Some(what)))
    };
    let close = {
        let (asked, reload) = (asked.setter(), list.reload.clone());
        Callback::from(move |()| {
            asked.set(None);
            reload.emit(());
        })
    };
    Opened { shown: (*shown).clone(), open, close }
}

/// A row of a list as it is now, or that of a new one, by what tells the rows apart: the `newest` of a list whose rows are
/// changed by the dialog that makes new ones.
pub fn newest<T: Clone>(all: &[T], asked: Option<&T>, id: fn(&T) -> i64) -> Option<Option<T>> {
    let asked = id(asked?);
    all.iter().find(|one| id(one) == asked).cloned().map(Some)
}
