//! The end of a fiscal year (إقفال السنة): what it will do, its conditions, the decision on each commitment, and its two steps.

use diwan_finance_api::{BeginYearEnd, ConditionStanding, NominalAccount, YearEnd, YearEndCondition, YearEndState};
use yew::prelude::*;

use super::amount;
use super::ask::{Question, ask};
use super::commitments::Commitments;
use super::sealed::who;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::parts::changing;
use crate::modules::admin::send::use_sending;
use crate::modules::finance::bank::{figures, loaded};
use crate::modules::finance::{page_path, record_path};
use crate::modules::record::tasks;
use crate::ui::record::{Steps, steps};
use crate::ui::{Alert, Button, Card, Crumb, Dialog, Facts, Icon, Num, PageHead, Screen, TextField, Tone, Variant};

#[derive(Properties, PartialEq)]
pub(super) struct EndProps {
    /// The fiscal year.
    pub(super) id: i64,
}

/// What is asked of the person.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Begin,
    Prepare,
    Return,
    Confirm,
}

impl Step {
    /// The last part of its address, and what the button says.
    fn code(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Prepare => "prepare",
            Self::Return => "return",
            Self::Confirm => "confirm",
        }
    }
}

/// The end of a year.
#[component]
pub(super) fn EndOfYear(props: &EndProps) -> Html {
    let id = props.id;
    let end = use_api::<YearEnd>(Some(client::get(format!("/api/finance/years/{id}/end"))));
    let opened = use_opened(&end, |_: &YearEnd, _: &Step| None);
    let sending = use_sending();
    let of = match loaded(&end) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let send = |step: Step| {
        let (sending, done, version) = (sending.clone(), opened.close.clone(), of.version);
        Callback::from(move |()| {
            let done = done.clone();
            let call = client::post(format!("/api/finance/years/{id}/end/{}", step.code())).if_match(version);
            sending.done(call, move || done.emit(()));
        })
    };
    let button = |step: Step, variant: Variant, label: String| {
        let disabled = end.loading || step == Step::Prepare && !of.conditions.iter().all(|one| one.met);
        // Nothing is asked before a step that can be taken back.
        let onclick = match step {
            Step::Begin | Step::Confirm => opened.button(step),
            Step::Prepare | Step::Return => send(step).reform(|_: MouseEvent| ()),
        };
        html! { <Button {variant} {label} {disabled} busy={sending.busy} testid={format!("year-end-{}", step.code())} {onclick} /> }
    };
    let draft = of.state == Some(YearEndState::Draft);
    let actions = html! {
        <>
            if of.may_return { { button(Step::Return, Variant::Secondary, t!("year-end-return")) } }
            if of.may_prepare && of.state.is_none() { { button(Step::Begin, Variant::Primary, t!("year-end-begin")) } }
            if of.may_prepare && draft { { button(Step::Prepare, Variant::Primary, t!("year-end-prepare")) } }
            if of.may_confirm { { button(Step::Confirm, Variant::Primary, t!("year-end-confirm")) } }
        </>
    };
    let title = t!("year-end-title", year = format::shape(&of.year.to_string()));
    let crumbs =
        vec![Crumb::link(t!("fiscal-years"), Route::Finance(String::new()).path()), Crumb::here(t!("year-end"))];
    let text = if sending.busy { t!("year-end-running") } else { t!("year-end-confirm-text") };
    let question = Question { action: t!("year-end-confirm"), text, word: None, danger: true };
    html! {
        <Screen head={html! { <PageHead {title} {crumbs} {actions}><Steps steps={state_line(&of)} /></PageHead> }}>
            <div class="dw-stack" data-testid="year-end" data-state={of.state.map_or("", |state| state.code())}>
                if opened.shown.is_none() { { sending.alert() } }
                { notices(&of) }
                <div class="dw-sides">
                    if !of.conditions.is_empty() { { conditions(&of) } }
                    { result(&of) }
                    { budget(&of) }
                </div>
                { accounts(&of) }
                <Commitments key={of.state.map_or("", |state| state.code())} year={id} of={of.clone()} on_change={end.reload.clone()} />
                <Link to={year_page(&of, "reports/obligations")}>{ t!("statement-obligations") }</Link>
            </div>
            { match opened.shown {
                Some(Step::Begin) => html! { <Begin {id} done={opened.close} /> },
                Some(step) => {
                    let confirm = send(step).reform(|_: String| ());
                    ask(question, &sending, confirm, opened.close)
                }
                None => Html::default(),
            } }
        </Screen>
    }
}

fn state_line(of: &YearEnd) -> Vec<crate::ui::record::Step> {
    let at = match of.state {
        None | Some(YearEndState::Draft) => 0,
        Some(YearEndState::Prepared) => 1,
        Some(YearEndState::Ended) => 3,
    };
    steps([t!("year-end-step-decide"), t!("year-end-step-confirm"), t!("year-end-step-done")], at)
}

fn notices(of: &YearEnd) -> Html {
    match of.state {
        None => html! { <Alert title={t!("year-end-begin-text")} /> },
        Some(YearEndState::Prepared) if !of.may_confirm => html! { <Alert title={t!("year-end-waits")} /> },
        Some(YearEndState::Ended) => html! { <Alert tone={Tone::Success} title={t!("year-end-ended")} /> },
        _ => Html::default(),
    }
}

fn conditions(of: &YearEnd) -> Html {
    let one = |one: &ConditionStanding| {
        let (class, icon) = if one.met { ("ok", Icon::Check) } else { ("bad", Icon::CircleAlert) };
        let name = i18n::code("year-end-condition", one.condition.code());
        let title = match dealt_with(one.condition, of).filter(|_| !one.met) {
            Some(to) => html! { <Link {to}>{ name }</Link> },
            None => html! { { name } },
        };
        let left = if one.count > 0 { t!("year-end-left", n = one.count) } else { String::new() };
        html! {
            <li data-condition={one.condition.code()} data-met={one.met.to_string()}>
                { tasks::node(class, icon.html(), title, html! { { left } }, Html::default()) }
            </li>
        }
    };
    html! {
        <Card title={t!("year-end-conditions")} padded=true>
            <ul class="dw-tree" data-testid="conditions">{ for of.conditions.iter().map(one) }</ul>
        </Card>
    }
}

/// The days of the year, as lists and reports are asked for them.
fn days(of: &YearEnd) -> Query {
    Query::default().with("from", format!("{}-01-01", of.year)).with("to", format!("{}-12-31", of.year))
}

/// Where what stands against it is dealt with.
fn dealt_with(condition: YearEndCondition, of: &YearEnd) -> Option<String> {
    match condition {
        YearEndCondition::DocumentsDone => Some(page_path("documents", &days(of).with("view", "unposted"))),
        YearEndCondition::Decisions | YearEndCondition::Over => None,
        // Periods and years.
        _ => Some(page_path("", &Query::default())),
    }
}

fn result(of: &YearEnd) -> Html {
    let flow = |minor: i64| {
        html! { <Link to={page_path("reports/performance", &days(of))}>{ amount(minor) }</Link> }
    };
    let name = if of.surplus < 0 { t!("year-end-deficit") } else { t!("year-end-surplus") };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("closing-revenue").into(), flow(of.revenue)),
        (t!("closing-expense").into(), flow(of.expense)),
        (name.into(), html! { <b>{ amount(of.surplus) }</b> }),
    ];
    rows.extend(of.surplus_account.as_ref().map(|account| {
        let account = html! { <><Num value={account.code.clone()} />{ " " }{ i18n::name(&account.name) }</> };
        (t!("year-end-account").into(), account)
    }));
    rows.extend(of.prepared_by.as_ref().map(|by| (t!("year-end-prepared-by").into(), who(by, of.prepared_at))));
    rows.extend(of.confirmed_by.as_ref().map(|by| (t!("year-end-confirmed-by").into(), who(by, of.confirmed_at))));
    rows.extend(of.record_id.map(|id| {
        let to = record_path("", id);
        let number = of.number.clone().unwrap_or_default();
        (t!("year-end-entry").into(), html! { <Link {to}><Num value={number} /></Link> })
    }));
    html! { <Card title={t!("year-end-result")} padded=true><Facts {rows} /></Card> }
}

/// A page of finance as of the last day of the year.
fn year_page(of: &YearEnd, page: &str) -> String {
    page_path(page, &Query::default().with("to", format!("{}-12-31", of.year)))
}

fn budget(of: &YearEnd) -> Html {
    let budget = &of.budget;
    let row = |label: String, minor: i64| (AttrValue::from(label), amount(minor));
    let line = |label: String, minor: i64| {
        (AttrValue::from(label), html! { <Link to={year_page(of, "position")}>{ amount(minor) }</Link> })
    };
    let mut rows = vec![
        line(t!("year-end-revised"), budget.revised),
        line(t!("year-end-paid"), budget.paid),
        line(t!("year-end-owed"), budget.obligated),
        row(t!("year-end-carried"), budget.carried),
        row(t!("year-end-reserved"), budget.pre_committed),
        row(t!("year-end-lapsed"), budget.lapsed),
    ];
    if of.held.count > 0 {
        rows.push(row(t!("year-end-held", n = of.held.count), of.held.amount));
    }
    html! { <Card title={t!("year-end-budget")} padded=true><Facts {rows} /></Card> }
}

/// The accounts that begin the next year at nothing, folded away: a chart has hundreds.
fn accounts(of: &YearEnd) -> Html {
    if of.accounts.is_empty() {
        return Html::default();
    }
    let row = |one: &NominalAccount| {
        let to = page_path(&format!("ledger/account/{}", one.account.id), &days(of));
        html! {
            <tr key={one.account.id}>
                <td><Link {to}><Num value={one.account.code.clone()} /></Link></td>
                <td>{ i18n::name(&one.account.name) }</td>
                <td><Num value={one.gfsm.clone()} /></td>
                <td class="dw-amt">{ amount(one.balance) }</td>
            </tr>
        }
    };
    let titles = vec![t!("code"), t!("account-name"), t!("account-gfsm"), t!("year-end-balance")];
    html! {
        <details data-testid="nominal">
            <summary class="dw-b">{ t!("year-end-accounts", n = of.accounts.len()) }</summary>
            { figures(t!("year-end-result"), "nominal-accounts", (titles, &[3]), of.accounts.iter().map(row).collect()) }
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct BeginProps {
    id: i64,
    done: Callback<()>,
}

/// Begins it, with the account that takes the result.
#[component]
fn Begin(props: &BeginProps) -> Html {
    let edit = use_state_eq(BeginYearEnd::default);
    let sending = use_sending();
    let submit = {
        let (edit, sending, done, id) = (edit.clone(), sending.clone(), props.done.clone(), props.id);
        Callback::from(move |()| {
            let done = done.clone();
            let call = client::post(format!("/api/finance/years/{id}/end")).json(&*edit);
            sending.done(call, move || done.emit(()));
        })
    };
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} label={t!("year-end-begin")} busy={sending.busy} testid="confirm" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={props.done.reform(|_: MouseEvent| ())} />
        </>
    };
    html! {
        <Dialog title={t!("year-end-begin")} on_close={Some(props.done.clone())} on_submit={Some(submit)} {footer}>
            { sending.alert() }
            <p class="dw-muted">{ t!("year-end-begin-text") }</p>
            <TextField label={t!("year-end-account")} value={edit.surplus_account.clone()} hint={t!("year-end-account-hint")} dir="ltr" maxlength={20}
                error={sending.error("surplus_account")} name="surplus_account" oninput={changing(&edit, |edit: &mut BeginYearEnd, code| edit.surplus_account = code)} />
        </Dialog>
    }
}
