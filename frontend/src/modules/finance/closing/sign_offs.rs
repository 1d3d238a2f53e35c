//! Sign-offs (الإقرارات) of a period: which are asked for, which stand, and a button for whoever may give one.

use diwan_finance_api::{Cockpit, SignOff, SignOffStanding, SignOffVoid};
use yew::prelude::*;

use crate::app::route::Route;
use crate::app::router::Link;
use crate::i18n;
use crate::modules::record::tasks;
use crate::ui::{Button, Card, Icon};

/// The sign-offs; `sign` is told the rule that is signed.
pub(super) fn sign_offs(of: &Cockpit, sign: &Callback<i64>) -> Html {
    let rules = Route::Finance("setup/closing-rules".to_owned()).path();
    html! {
        <Card title={t!("sign-offs")} padded=true actions={html! { <Link to={rules}>{ t!("closing-rules") }</Link> }}>
            if of.sign_offs.is_empty() { <p class="dw-muted">{ t!("sign-offs-none") }</p> }
            <ul class="dw-tree" data-testid="sign-offs">{ for of.sign_offs.iter().map(|one| standing(one, sign)) }</ul>
        </Card>
    }
}

fn standing(one: &SignOffStanding, sign: &Callback<i64>) -> Html {
    let rule = one.rule_id;
    let (class, icon) = match &one.last {
        _ if one.given => ("ok", Icon::Check),
        Some(_) => ("bad", Icon::Warning),
        None => ("", Icon::Sign),
    };
    let what = html! {
        <>
            { i18n::code("permission", one.right.code()) }
            if one.other_person { { t!("list-comma") }{ t!("sign-off-other") } }
        </>
    };
    let when = html! {
        <>
            if let Some(last) = &one.last { { given(last) } } else { <b>{ t!("sign-off-missing") }</b> }
            if one.may_sign { <div><Button label={t!("sign-off-give")} icon={Icon::Sign} action="sign" onclick={sign.reform(move |_: MouseEvent| rule)} /></div> }
        </>
    };
    let given = if one.given { "true" } else { "false" };
    html! {
        <li key={rule} data-code={one.code.clone()} data-given={given}>
            { tasks::node(class, icon.html(), html! { { i18n::name(&one.name) } }, what, when) }
        </li>
    }
}

/// Who gave it and when; why it counts no more.
fn given(last: &SignOff) -> Html {
    html! {
        <>
            { i18n::name(&last.by.name) }{ t!("list-comma") }{ tasks::moment(last.at) }
            if !last.note.is_empty() { <span class="dw-pre dw-quote" dir="auto" style="display:block">{ &last.note }</span> }
            { last.void.map(|void| html! { <div class="dw-b">{ match void {
                SignOffVoid::Posted => t!("sign-off-void-posted", n = last.entries_since),
                SignOffVoid::Reopened => i18n::code("sign-off-void", void.code()),
            } }</div> }) }
        </>
    }
}
