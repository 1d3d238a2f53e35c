//! Who can sign in to a demonstration: only `diwan demo` tells it, elsewhere nothing is drawn.

use std::rc::Rc;

use diwan_kernel::Named;
use diwan_platform_api::people::{DemoUser, DemoUsers};
use yew::prelude::*;

use crate::client::{self, use_api};
use crate::i18n;
use crate::ui::Num;

/// A name and password for the form. Choosing the same person again is another choice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filled {
    pub(super) username: String,
    pub(super) password: String,
    /// Counts the choices.
    pub(super) round: u32,
}

#[derive(Properties, PartialEq)]
pub(super) struct DemoUserListProps {
    /// Told who was chosen.
    pub(super) on_choose: Callback<Filled>,
}

/// The people of a demonstration, agency by agency.
#[component]
pub(super) fn DemoUserList(props: &DemoUserListProps) -> Html {
    let told = use_api::<DemoUsers>(Some(client::get("/api/demo/users").without_gate()));
    let round = use_mut_ref(|| 0_u32);
    let Some(told) = told.data.filter(|told| !told.users.is_empty()) else { return Html::default() };
    let mut agencies: Vec<(&Named, Vec<&DemoUser>)> = Vec::new();
    for user in &told.users {
        match agencies.last_mut() {
            Some((agency, users)) if **agency == user.agency => users.push(user),
            _ => agencies.push((&user.agency, vec![user])),
        }
    }
    let line = |user: &DemoUser| {
        let (told, round, on_choose) = (Rc::clone(&told), Rc::clone(&round), props.on_choose.clone());
        let username = user.username.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            *round.borrow_mut() += 1;
            let round = *round.borrow();
            on_choose.emit(Filled { username: username.clone(), password: told.password.clone(), round });
        });
        html! {
            <li><button type="button" class="dw-menu__item" {onclick} data-demo-user={user.username.clone()}>
                <span><span class="dw-b">{ i18n::name(&user.position) }</span>
                    <span class="hint">{ i18n::name(&user.name) }{ " · " }<Num value={user.username.clone()} /></span></span>
            </button></li>
        }
    };
    html! {
        <section class="dw-login__card dw-demo" aria-labelledby="demo-users">
            <h2 class="dw-h2" id="demo-users">{ t!("demo-users") }</h2>
            <p class="dw-muted dw-sm">{ t!("demo-users-text") }</p>
            { for agencies.iter().enumerate().map(|(at, (agency, users))| html! {
                <details open={at < OPEN}>
                    <summary>{ i18n::name(agency) }</summary>
                    <ul>{ for users.iter().map(|user| line(user)) }</ul>
                </details>
            }) }
        </section>
    }
}

/// Agencies whose people are shown at once: those of the letter the demonstration is about.
const OPEN: usize = 2;
