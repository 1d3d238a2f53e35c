//! The screens, one folder per module; each is a composition of the kit.

mod admin;
mod archive;
mod dashboard;
mod finance;
#[cfg(feature = "kit")]
mod kit;
mod letters;
mod record;
pub mod search;
mod verify;
mod work;

use yew::prelude::*;

use crate::app::NotFound;
use crate::app::route::Route;

/// The screen of a route.
pub fn screen(route: &Route) -> Html {
    match route {
        Route::Home => html! { <work::Work /> },
        Route::Dashboard => html! { <dashboard::Dashboard /> },
        Route::Letters(letters) => html! { <letters::Letters letters={*letters} /> },
        Route::LetterNew => html! { <letters::ComposeNew /> },
        Route::Letter(id) => html! { <letters::LetterPage id={*id} key={*id} /> },
        Route::LetterEdit(id) => html! { <letters::ComposeEdit id={*id} key={*id} /> },
        Route::Archive => html! { <archive::Archive /> },
        Route::CheckDesk => html! { <archive::CheckDesk /> },
        Route::ArchivePart(part) => html! { <archive::Part part={part.clone()} key={part.clone()} /> },
        Route::ArchiveItem(id) => html! { <archive::Item id={*id} key={*id} /> },
        Route::Imports => html! { <archive::Imports /> },
        Route::ImportItem(id) => html! { <archive::ImportPage id={*id} key={*id} /> },
        Route::Finance(page) => html! { <finance::Finance page={page.clone()} key={page.clone()} /> },
        Route::Search => html! { <search::Search /> },
        Route::Admin(page) => html! { <admin::Admin page={page.clone()} /> },
        Route::Me => html! { <admin::MyAccount /> },
        Route::Verify(code) => html! { <verify::Verify code={code.clone()} /> },
        #[cfg(feature = "kit")]
        Route::Kit => html! { <kit::Kit /> },
        _ => html! { <NotFound /> },
    }
}
