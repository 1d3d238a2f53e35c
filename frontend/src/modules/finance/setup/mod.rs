//! What documents name, and the rules of closing (الإعداد): lists that one component draws from their descriptions.

mod describe;
mod form;
mod list;
mod lists;

use yew::prelude::*;

use self::list::Setup;
pub(super) use self::list::{ImportList, TakeCsv};
use self::lists::LISTS;
use crate::app::NotFound;
use crate::ui::Tab;

/// The tabs beside years and accounts.
pub(super) fn tabs() -> Vec<Tab> {
    LISTS.iter().map(|list| Tab::new(list.tab, t!(list.text))).collect()
}

/// The screen of a page.
pub(super) fn screen(page: &[&str]) -> Html {
    match LISTS.iter().find(|list| page == [list.code]) {
        Some(list) => html! { <Setup key={list.code} list={list} /> },
        None => html! { <NotFound /> },
    }
}
