//! The commitments that are open at the end of a year or have slices of later years, and what other modules hold: each is carried
//! forward or lapses, one by one or all at once.

use std::collections::BTreeSet;
use std::rc::Rc;

use diwan_finance_api::{CommitmentDecision, DecideCommitments, YearEnd, YearEndCommitment, YearEndOnly, YearEndState};
use diwan_kernel::{Page, Permission};
use yew::prelude::*;

use super::amount;
use super::ask::{Question, ask};
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::options;
use crate::modules::admin::send::use_sending;
use crate::modules::finance::bank::figures;
use crate::ui::tools::{Export, Finder, Foot, use_paging};
use crate::ui::{Button, Card, Empty, FailureAlert, Num, Select, SelectOption};

/// Rows of one page.
const LIMIT: usize = 50;

/// What is decided on: a hold of another module, or a commitment by its record.
type Own = (bool, i64);

fn own(one: &YearEndCommitment) -> Own {
    one.hold_id.map_or((false, one.id), |hold| (true, hold))
}

#[derive(Properties, PartialEq)]
pub(super) struct CommitmentsProps {
    pub(super) year: i64,
    /// The end of the year as it stands.
    pub(super) of: Rc<YearEnd>,
    pub(super) on_change: Callback<()>,
}

/// The commitments, and what is decided on them.
#[component]
pub(super) fn Commitments(props: &CommitmentsProps) -> Html {
    let session = use_session();
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let path = format!("/api/finance/years/{}/end/commitments", props.year);
    let call = client::get(path.clone()).queries(&query).query("limit", LIMIT.to_string());
    let page = use_api::<Page<YearEndCommitment>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let chosen = use_state_eq(BTreeSet::<Own>::new);
    let asking = use_state_eq(|| None::<CommitmentDecision>);
    let sending = use_sending();
    let of = &props.of;
    let decides = of.may_prepare && of.state == Some(YearEndState::Draft);
    let leave = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    let done = {
        let (chosen, leave, reload, on_change) =
            (chosen.setter(), leave.clone(), page.reload.clone(), props.on_change.clone());
        Callback::from(move |()| {
            chosen.set(BTreeSet::new());
            leave.emit(());
            reload.emit(());
            on_change.emit(());
        })
    };
    let send = |decision: CommitmentDecision| {
        let (sending, done, year) = (sending.clone(), done.clone(), props.year);
        let of = |held: bool| chosen.iter().filter(|one| one.0 == held).map(|one| one.1).collect();
        let body = DecideCommitments { ids: of(false), holds: of(true), decision, reason: String::new() };
        Callback::from(move |reason: String| {
            let done = done.clone();
            let call = client::put(format!("/api/finance/years/{year}/end/decisions"));
            sending.done(call.json(&DecideCommitments { reason, ..body.clone() }), move || done.emit(()));
        })
    };
    let toggle = decides.then(|| {
        let chosen = chosen.clone();
        Callback::from(move |id: Own| {
            let mut next = (*chosen).clone();
            if !next.remove(&id) {
                next.insert(id);
            }
            chosen.set(next);
        })
    });
    let begin = {
        let asking = asking.setter();
        Callback::from(move |decision: CommitmentDecision| asking.set(Some(decision)))
    };
    let row = |one: &YearEndCommitment| row(one, chosen.contains(&own(one)), toggle.as_ref());
    let titles = vec![
        t!("payment-document"),
        t!("voucher-subject"),
        t!("voucher-amount"),
        t!("voucher-open"),
        t!("year-end-only"),
    ];
    let shown = |minor: i64| format::shape(&diwan_kernel::money::format(minor, diwan_kernel::money::JOD_SCALE));
    let standing = t!(
        "year-end-standing",
        undecided = shown(of.undecided.amount),
        carry = shown(of.carry.amount),
        lapse = shown(of.lapse.amount)
    );
    html! {
        <Card title={t!("year-end-commitments")} count={of.open.count} padded=true
            actions={html! { if session.may(Permission::Export) { <Export path={format!("{path}/export")} query={query.clone()} /> } }}>
            <div class="dw-stack">
                <p class="dw-muted dw-sm" role="status" data-testid="standing">{ standing }</p>
                { filters(&query) }
                if decides { { bar(of, chosen.len(), &begin) } }
                <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
                if let Some(data) = &page.data {
                    if data.items.is_empty() { <Empty text={t!("year-end-commitments-none")} /> } else {
                        { figures(t!("year-end-commitments"), "year-end-commitments", (titles, &[2, 3]), data.items.iter().map(row).collect()) }
                    }
                    <Foot rows={data.items.len()} limit={LIMIT} next={data.next.clone()} {paging} />
                }
            </div>
            { (*asking).map(|decision| ask(question(decision), &sending, send(decision), leave)).unwrap_or_default() }
        </Card>
    }
}

fn question(decision: CommitmentDecision) -> Question {
    let text = match decision {
        CommitmentDecision::Carry => t!("year-end-carry-text"),
        CommitmentDecision::Lapse => t!("year-end-lapse-text"),
    };
    Question {
        action: i18n::code("year-end-decision", decision.code()),
        text,
        word: Some(("reason", true)),
        danger: false,
    }
}

/// The filters stand in the address, as those of every list.
fn filters(query: &crate::app::query::Query) -> Html {
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    let codes = YearEndOnly::ALL.iter().map(|only| only.code());
    let choices: Vec<SelectOption> =
        std::iter::once(SelectOption::new("", t!("any"))).chain(options("year-end-only", codes)).collect();
    html! {
        <div class="dw-form two" role="search">
            <Finder label={t!("year-end-find")} value={query.get("q").unwrap_or_default().to_owned()} on_text={set("q")} name="find" />
            <Select label={t!("year-end-only")} value={query.get("only").unwrap_or_default().to_owned()} options={choices} onchange={set("only")} name="only" />
        </div>
    }
}

/// For which commitments, and the two decisions.
fn bar(of: &YearEnd, chosen: usize, begin: &Callback<CommitmentDecision>) -> Html {
    let words =
        if chosen > 0 { t!("year-end-for-chosen", n = chosen) } else { t!("year-end-for-all", n = of.undecided.count) };
    let button = |decision: &CommitmentDecision| {
        let decision = *decision;
        html! {
            <Button label={i18n::code("year-end-decision", decision.code())} action={decision.code()} disabled={chosen == 0 && of.undecided.count == 0}
                onclick={begin.reform(move |_: MouseEvent| decision)} />
        }
    };
    html! { <div class="dw-row"><span role="status">{ words }</span>{ for CommitmentDecision::ALL.iter().map(button) }</div> }
}

fn row(one: &YearEndCommitment, ticked: bool, toggle: Option<&Callback<Own>>) -> Html {
    let (id, number) = (own(one), one.number.clone().unwrap_or_else(|| one.id.to_string()));
    let document = |id: i64| Route::Finance(format!("documents/{id}")).path();
    let party = one.party.as_ref().map(i18n::name);
    html! {
        <tr key={format!("{}-{}", id.0, id.1)} data-row-id={id.1.to_string()} data-held={id.0.to_string()}>
            <td>
                if let Some(toggle) = toggle {
                    <input type="checkbox" class="dw-check" style="margin:0.75rem" checked={ticked} onchange={toggle.reform(move |_: Event| id)} aria-label={t!("year-end-select", number = number.clone())} />
                }
                <Link to={Route::of_record(one.kind, one.id).path()}><Num value={number} /></Link>
                <div class="dw-muted dw-sm"><Num value={format::date(one.day)} /></div>
            </td>
            <td><bdi class="dw-clamp">{ &one.subject }</bdi>if let Some(party) = party { <div class="dw-muted dw-sm"><bdi>{ party }</bdi></div> }</td>
            <td class="dw-amt">{ amount(one.amount) }</td>
            <td class="dw-amt">{ amount(one.open) }
                if one.hold_id.is_some() { <div class="dw-muted dw-sm" dir="auto">{ t!("year-end-other-module") }{ t!("letter-comma") }{ i18n::code("bucket", one.bucket.code()) }</div> }
                if one.later > 0 { <div class="dw-muted dw-sm" dir="auto">{ t!("year-end-later") }{ " " }{ amount(one.later) }</div> }
            </td>
            <td>
                if let Some(decision) = one.decision {
                    <b>{ i18n::code("year-end-decision", decision.code()) }</b>
                    <div class="dw-muted dw-sm"><bdi class="dw-clamp">{ &one.reason }</bdi>{ one.decided_by.as_ref().map(|by| i18n::name(&by.name)) }</div>
                } else { { i18n::code("year-end-only", YearEndOnly::Undecided.code()) } }
                if let Some(carried) = one.carried_id { <Link to={document(carried)}>{ t!("year-end-carried-to") }</Link> }
            </td>
        </tr>
    }
}
