//! The matching desk (طاولة المطابقة): what the bank has beside what the books have, and between them why they belong together.

use std::collections::BTreeMap;

use diwan_finance_api::{
    AcceptMatches, BankLine, BookLine, BookLineId, ManualMatch, MatchDesk, MatchProposal, Matched, OpenBankLine,
};
use diwan_kernel::Permission;
use yew::prelude::*;

use super::statement::words;
use super::{amount, amount_text, crumbs, filled, loaded, why};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::send::use_sending;
use crate::ui::tools::Finder;
use crate::ui::{Button, Card, Empty, FailureAlert, Icon, Num, PageHead, Screen, Variant, use_toasts};

#[derive(Properties, PartialEq)]
pub(super) struct DeskProps {
    pub(super) id: i64,
}

/// Lines that are ticked on both sides: they stay at hand whatever is searched for then.
type Chosen = (BTreeMap<i64, OpenBankLine>, BTreeMap<BookLineId, BookLine>);

/// The desk of an account.
#[component]
pub(super) fn Desk(props: &DeskProps) -> Html {
    let session = use_session();
    let id = props.id;
    let typed = use_state_eq(String::new);
    let call = client::get(format!("/api/finance/bank/accounts/{id}/desk")).query("q", (*typed).clone());
    let desk = use_api::<MatchDesk>(Some(call));
    let chosen = use_state_eq(Chosen::default);
    let sending = use_sending();
    let toasts = use_toasts();
    let of = match loaded(&desk) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let acts = session.may(Permission::FinanceReconcile);
    let done = {
        let (reload, chosen, toasts) = (desk.reload.clone(), chosen.setter(), toasts);
        Callback::from(move |made: Matched| {
            chosen.set(Chosen::default());
            toasts.done(t!("bank-accepted", n = made.lines));
            reload.emit(());
        })
    };
    let accept = |lines: Vec<i64>| {
        let (sending, done) = (sending.clone(), done.clone());
        Callback::from(move |_: MouseEvent| {
            let done = done.clone();
            let call = client::post(format!("/api/finance/bank/accounts/{id}/accept"));
            sending.answer(call.json(&AcceptMatches { lines: lines.clone() }), move |made: Matched| done.emit(made));
        })
    };
    let by_hand = {
        let (sending, done, chosen) = (sending.clone(), done.clone(), chosen.clone());
        Callback::from(move |_: MouseEvent| {
            let done = done.clone();
            let body =
                ManualMatch { lines: chosen.0.keys().copied().collect(), entries: chosen.1.keys().copied().collect() };
            let call = client::post(format!("/api/finance/bank/accounts/{id}/match"));
            sending.answer(call.json(&body), move |made: Matched| done.emit(made));
        })
    };
    let scale = of.account.scale;
    let name = i18n::name(&of.account.name);
    let title = t!("bank-desk-title", account = name.clone());
    let actions = html! {
        if acts && of.certain > 0 {
            <Button variant={Variant::Primary} icon={Icon::Check} label={t!("bank-accept-all", n = of.certain)} busy={sending.busy} testid="accept-certain" onclick={accept(Vec::new())} />
        }
    };
    let typing = {
        let typed = typed.setter();
        Callback::from(move |text: String| typed.set(text))
    };
    let nothing = of.proposed == 0 && of.lines_left == 0 && typed.is_empty();
    let pair = |one: &MatchProposal| {
        let first = one.lines.iter().take(1).map(|line| line.id).collect();
        pair(one, scale, acts.then(|| accept(first)))
    };
    html! {
        <Screen head={html! { <PageHead title={title} crumbs={crumbs(Some((id, name)), t!("bank-desk"))} {actions} /> }}>
            <div class="dw-stack" data-testid="desk">
                <FailureAlert failure={desk.failure.clone()} retry={Some(desk.reload.clone())} />
                { sending.alert_beside(&[]) }
                <Finder label={t!("bank-desk-find")} value={(*typed).clone()} on_text={typing} name="find" />
                if nothing { <Empty text={t!("bank-desk-done")} /> }
                if !of.proposals.is_empty() {
                    <Card title={t!("bank-desk-proposals")}>
                        <p class="dw-muted dw-sm dw-pad" role="status">{ t!("bank-desk-proposed", n = format::number(of.proposed), certain = format::number(of.certain)) }</p>
                        <ul data-testid="proposals">{ for of.proposals.iter().map(pair) }</ul>
                    </Card>
                }
                <p class="dw-muted dw-sm" role="status">{ t!("bank-desk-left", lines = format::number(of.lines_left), entries = format::number(of.entries_left)) }</p>
                if acts { { chosen_bar(scale, &chosen, sending.busy, by_hand) } }
                <div class="dw-sides">
                    <Card title={t!("bank-desk-bank")}><ul data-testid="desk-bank">{ for at_hand(&chosen.0, &of.lines, |one| one.line.id).map(|one| open_line(one, scale, acts.then_some(&chosen))) }</ul></Card>
                    <Card title={t!("bank-desk-books")}><ul data-testid="desk-books">{ for at_hand(&chosen.1, &of.entries, key).map(|one| open_book(one, scale, acts.then_some(&chosen))) }</ul></Card>
                </div>
            </div>
        </Screen>
    }
}

/// Lines of both sides and, between them, why they belong together.
fn pair(one: &MatchProposal, scale: u8, accept: Option<Callback<MouseEvent>>) -> Html {
    html! {
        <li class="dw-pairing" data-rule={one.why.rule.code()}>
            <div>{ for one.lines.iter().map(|line| bank(line, scale)) }</div>
            <div class="dw-pairing__why">
                <span>{ why(&one.why) }</span>
                if let Some(onclick) = accept { <Button label={t!("bank-accept")} icon={Icon::Check} action="accept" {onclick} /> }
            </div>
            <div>{ for one.entries.iter().map(|line| book(line, scale)) }</div>
        </li>
    }
}

fn bank(line: &BankLine, scale: u8) -> Html {
    html! {
        <div>
            <span class="dw-b">{ amount(line.open, scale) }</span>{ " · " }<Num value={format::date(line.booked_on)} />{ " " }<Num value={line.reference.clone()} />
            <div class="dw-sm">{ words(line) }</div>
        </div>
    }
}

fn book(line: &BookLine, scale: u8) -> Html {
    let party = line.party.as_ref().map(i18n::name).unwrap_or_default();
    html! {
        <div>
            <span class="dw-b">{ amount(line.open, scale) }</span>{ " · " }<Num value={format::date(line.day)} />{ " " }<Num value={line.number.clone()} />
            <div class="dw-sm"><bdi class="dw-clamp">{ &line.subject }</bdi><bdi>{ party }</bdi>{ " " }<bdi>{ &line.note }</bdi></div>
        </div>
    }
}

/// A line with a box to tick, where the reader may match.
fn ticked(on: bool, label: String, toggle: Option<Callback<Event>>, content: Html, id: String) -> Html {
    html! {
        <li class="dw-pad" data-row-id={id}>
            <label class="dw-option">
                if let Some(onchange) = toggle { <input type="checkbox" class="dw-check" checked={on} {onchange} aria-label={label} /> }
                { content }
            </label>
        </li>
    }
}

fn open_line(one: &OpenBankLine, scale: u8, chosen: Option<&UseStateHandle<Chosen>>) -> Html {
    let (id, row) = (one.line.id, one.clone());
    let toggle = chosen.map(|chosen| toggling(chosen, move |both| flip(&mut both.0, id, &row)));
    let content = html! {
        <div>{ bank(&one.line, scale) }<div class="dw-muted dw-sm">{ filled("unmatched", &one.why, &one.args) }</div></div>
    };
    let label = format!("{} {}", amount_text(one.line.open, scale), format::date(one.line.booked_on));
    ticked(chosen.is_some_and(|chosen| chosen.0.contains_key(&id)), label, toggle, content, id.to_string())
}

fn open_book(one: &BookLine, scale: u8, chosen: Option<&UseStateHandle<Chosen>>) -> Html {
    let (key, row) = (key(one), one.clone());
    let toggle = chosen.map(|chosen| toggling(chosen, move |both| flip(&mut both.1, key, &row)));
    let label = format!("{} {}", amount_text(one.open, scale), format::date(one.day));
    let id = format!("{}-{}", key.entry_id, key.seq);
    ticked(chosen.is_some_and(|chosen| chosen.1.contains_key(&key)), label, toggle, book(one, scale), id)
}

fn key(one: &BookLine) -> BookLineId {
    BookLineId { entry_id: one.entry_id, seq: one.seq }
}

/// What is ticked and was found by another search, then what is found now.
fn at_hand<'a, K: Ord, V>(ticked: &'a BTreeMap<K, V>, found: &'a [V], key: fn(&V) -> K) -> impl Iterator<Item = &'a V> {
    let kept = move |one: &&V| !found.iter().any(|other| key(other) == key(one));
    ticked.values().filter(kept).chain(found)
}

fn flip<K: Ord, V: Clone>(ticked: &mut BTreeMap<K, V>, key: K, one: &V) {
    if ticked.remove(&key).is_none() {
        ticked.insert(key, one.clone());
    }
}

fn toggling(chosen: &UseStateHandle<Chosen>, flip: impl Fn(&mut Chosen) + 'static) -> Callback<Event> {
    let chosen = chosen.clone();
    Callback::from(move |_: Event| {
        let mut next = (*chosen).clone();
        flip(&mut next);
        chosen.set(next);
    })
}

/// What is ticked on both sides comes to, and the button that matches it.
fn chosen_bar(scale: u8, (lines, entries): &Chosen, busy: bool, onclick: Callback<MouseEvent>) -> Html {
    let bank: i64 = lines.values().map(|one| one.line.open).sum();
    let books: i64 = entries.values().map(|one| one.open).sum();
    let shown = |minor: i64| amount_text(minor, scale);
    let ready = !lines.is_empty() && !entries.is_empty() && bank == books;
    html! {
        if !lines.is_empty() || !entries.is_empty() {
            <div class="dw-row" role="status">
                <span>{ t!("bank-chosen", bank = shown(bank), books = shown(books), difference = shown(bank - books)) }</span>
                <Button label={t!("bank-match")} icon={Icon::Link} disabled={!ready} {busy} testid="match-chosen" {onclick} />
            </div>
        }
    }
}
