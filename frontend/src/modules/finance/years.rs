//! Fiscal years and their periods (السنوات والفترات المالية): opening a year, closing and reopening its months.

use chrono::Datelike;
use diwan_finance_api::{
    COMPLEMENTARY, ClosePeriod, DocumentKind, FiscalPeriod, FiscalYear, NewFiscalYear, PeriodState, ReopenPeriod,
};
use diwan_kernel::Permission;
use yew::prelude::*;

use super::closing;
use super::kinds::Kinds;
use super::setup::{ImportList, TakeCsv};
use crate::app::query::Query;
use crate::app::router::Link;
use crate::app::session::use_session;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{PageProps, changing, save_footer};
use crate::modules::admin::send::{Sending, use_sending};
use crate::ui::tools::Export;
use crate::ui::{
    Button, Card, Dialog, Empty, FailureAlert, Icon, Num, PageHead, Screen, StateDot, StateTone, TextArea, TextField,
    Variant,
};

/// What is asked of the person.
#[derive(Clone, PartialEq)]
enum Asking {
    Year,
    Import,
    Reopen(FiscalPeriod),
    Kinds(FiscalPeriod),
}

impl Asking {
    /// The same period as it is now.
    fn newest(&self, years: &[FiscalYear]) -> Option<Self> {
        let now = |asked: &FiscalPeriod| {
            years.iter().flat_map(|year| &year.periods).find(|period| period.id == asked.id).cloned()
        };
        match self {
            Self::Year | Self::Import => None,
            Self::Reopen(asked) => now(asked).map(Self::Reopen),
            Self::Kinds(asked) => now(asked).map(Self::Kinds),
        }
    }
}

/// The years.
#[component]
pub(super) fn Years(props: &PageProps) -> Html {
    let session = use_session();
    let list = use_api::<Vec<FiscalYear>>(Some(client::get("/api/finance/years")));
    let opened = use_opened(&list, |years: &Vec<FiscalYear>, asked: &Asking| asked.newest(years));
    let sending = use_sending();
    let waits = sending.busy || list.loading;
    let closes = session.may(Permission::FinanceClose);
    let structures = session.may(Permission::FinanceStructure);
    let actions = html! {
        <>
            if session.may(Permission::Export) {
                <Export path="/api/finance/years/export" query={Query::default()} />
                <TakeCsv path="/api/finance/years/export" query={Query::default()} />
            }
            if structures {
                <Button icon={Icon::Upload} label={t!("setup-import")} testid="import-years" onclick={opened.button(Asking::Import)} />
                <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("fiscal-year-open")} testid="open-year" onclick={opened.button(Asking::Year)} />
            }
        </>
    };
    let next =
        list.data.as_ref().and_then(|years| years.first()).map_or_else(|| format::today().year(), |year| year.year + 1);
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            { sending.alert() }
            if let Some(years) = &list.data {
                if years.is_empty() { <Empty text={if structures { t!("fiscal-years-empty") } else { t!("fiscal-years-none") }} /> }
                { for years.iter().map(|year| html! { <Year key={year.id} year={year.clone()} {closes} {waits} sending={Sent(sending.clone())} done={opened.close.clone()} ask={opened.open.clone()} /> }) }
            }
            { match opened.shown {
                Some(Asking::Year) => html! { <Open {next} done={opened.close} /> },
                Some(Asking::Import) => html! { <ImportList code="years" title={t!("fiscal-years")} on_close={opened.close} /> },
                Some(Asking::Reopen(period)) => html! { <Reopen {period} done={opened.close} /> },
                Some(Asking::Kinds(period)) => html! { <Kinds {period} done={opened.close} /> },
                None => Html::default(),
            } }
        </Screen>
    }
}

/// Sending is the same as long as nothing is on its way.
#[derive(Clone)]
struct Sent(Sending);

impl PartialEq for Sent {
    fn eq(&self, other: &Self) -> bool {
        self.0.busy == other.0.busy
    }
}

#[derive(Properties, PartialEq)]
struct YearProps {
    year: FiscalYear,
    closes: bool,
    /// What is there is about to change: no step is begun from it.
    waits: bool,
    sending: Sent,
    done: Callback<()>,
    ask: Callback<Asking>,
}

/// One year: a row for each period.
#[component]
fn Year(props: &YearProps) -> Html {
    let title = t!("fiscal-year", year = props.year.year.to_string());
    html! {
        <Card title={title.clone()} actions={html! { <Link to={closing::year_path(props.year.id)}>{ t!("year-end") }</Link> }}>
            <div class="dw-scroll" tabindex="0" role="region" aria-label={title.clone()}>
                <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={title} data-testid={format!("periods-{}", props.year.year)}>
                    <thead><tr>
                        <th scope="col">{ t!("period") }</th><th scope="col">{ t!("period-days") }</th>
                        <th scope="col">{ t!("state") }</th><th scope="col"></th>
                    </tr></thead>
                    <tbody>{ for props.year.periods.iter().map(|period| row(props, period)) }</tbody>
                </table>
            </div>
        </Card>
    }
}

/// What a period is called within its year.
pub(super) fn period_name(period: &FiscalPeriod) -> String {
    if period.number == COMPLEMENTARY { t!("period-complementary") } else { format::month_short(period.starts_on) }
}

fn row(props: &YearProps, period: &FiscalPeriod) -> Html {
    let tone = match period.state {
        PeriodState::Open => StateTone::New,
        PeriodState::SoftClosed => StateTone::Wait,
        PeriodState::Closed | PeriodState::Sealed => StateTone::Done,
    };
    let close = |to: PeriodState| {
        let (sending, done, period) = (props.sending.0.clone(), props.done.clone(), period.clone());
        Callback::from(move |_: MouseEvent| {
            let call = client::post(format!("/api/finance/periods/{}/close", period.id)).if_match(period.version);
            let done = done.clone();
            sending.answer(call.json(&ClosePeriod { to }), move |_: FiscalPeriod| done.emit(()));
        })
    };
    let ask = |what: Asking| {
        let ask = props.ask.clone();
        Callback::from(move |_: MouseEvent| ask.emit(what.clone()))
    };
    let disabled = props.waits;
    let (open, soft, closed) = (
        period.state == PeriodState::Open,
        period.state == PeriodState::SoftClosed,
        period.state == PeriodState::Closed,
    );
    html! {
        <tr key={period.id} data-row-id={period.id.to_string()} data-number={period.number.to_string()}>
            <td><Link to={closing::path(period.id)}>{ period_name(period) }</Link></td>
            <td><Num value={format::date(period.starts_on)} />{ " – " }<Num value={format::date(period.ends_on)} /></td>
            <td>
                <StateDot {tone} label={i18n::code("period-state", period.state.code())} />
                if open && !period.closed_kinds.is_empty() { <div class="dw-muted dw-sm" data-testid="closed-kinds">{ t!("period-closed-kinds", kinds = words(&period.closed_kinds)) }</div> }
                if let Some(until) = period.reopened_until { <div class="dw-muted dw-sm">{ t!("period-open-until", at = format::date_time(until)) }</div> }
            </td>
            <td>
                if props.closes {
                    if open { <Button variant={Variant::Link} label={t!("period-kinds")} action="kinds" onclick={ask(Asking::Kinds(period.clone()))} /> }
                    if open { <Button variant={Variant::Link} label={t!("period-soft-close")} action="soft-close" {disabled} onclick={close(PeriodState::SoftClosed)} /> }
                    if open || soft { <Button variant={Variant::Link} label={t!("period-close")} action="close" {disabled} onclick={close(PeriodState::Closed)} /> }
                    if (closed || soft) && !props.year.ended { <Button variant={Variant::Link} label={t!("period-reopen")} action="reopen" onclick={ask(Asking::Reopen(period.clone()))} /> }
                }
            </td>
        </tr>
    }
}

/// The kinds in words.
fn words(kinds: &[DocumentKind]) -> String {
    let words: Vec<String> = kinds.iter().map(|kind| i18n::code("record-kind", kind.code())).collect();
    words.join(&t!("list-comma"))
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    next: i32,
    done: Callback<()>,
}

/// Opens a year.
#[component]
fn Open(props: &OpenProps) -> Html {
    let year = use_state_eq(|| props.next.to_string());
    let sending = use_sending();
    let submit = {
        let (year, sending, done) = (year.clone(), sending.clone(), props.done.clone());
        Callback::from(move |()| {
            let done = done.clone();
            let call = client::post("/api/finance/years")
                .json(&NewFiscalYear { year: year.trim().parse().unwrap_or_default() });
            sending.answer(call, move |_: FiscalYear| done.emit(()));
        })
    };
    html! {
        <Dialog title={t!("fiscal-year-open")} on_close={Some(props.done.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.done)}>
            { sending.alert() }
            <p class="dw-muted">{ t!("fiscal-year-brings") }</p>
            <div class="dw-form">
                <TextField label={t!("fiscal-year-field")} value={(*year).clone()} inputmode="numeric" required=true error={sending.error("year")} name="year"
                    oninput={changing(&year, |year: &mut String, text| *year = text)} />
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ReopenProps {
    pub(super) period: FiscalPeriod,
    pub(super) done: Callback<()>,
}

/// Opens a closed period once more.
#[component]
pub(super) fn Reopen(props: &ReopenProps) -> Html {
    let edit = use_state_eq(|| ("24".to_owned(), String::new()));
    let sending = use_sending();
    let submit = {
        let (edit, sending, done, period) = (edit.clone(), sending.clone(), props.done.clone(), props.period.clone());
        Callback::from(move |()| {
            let (hours, reason) = (*edit).clone();
            let body = ReopenPeriod { hours: hours.trim().parse().unwrap_or_default(), reason };
            let call = client::post(format!("/api/finance/periods/{}/reopen", period.id)).if_match(period.version);
            let done = done.clone();
            sending.answer(call.json(&body), move |_: FiscalPeriod| done.emit(()));
        })
    };
    html! {
        <Dialog title={t!("period-reopen")} on_close={Some(props.done.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.done)}>
            { sending.alert() }
            <p class="dw-muted">{ t!("period-reopen-means") }</p>
            <div class="dw-form">
                <TextField label={t!("period-hours")} value={edit.0.clone()} inputmode="numeric" required=true error={sending.error("hours")} name="hours"
                    oninput={changing(&edit, |edit: &mut (String, String), text| edit.0 = text)} />
                <TextArea label={t!("reason")} value={edit.1.clone()} required=true error={sending.error("reason")} name="reason" maxlength={4000}
                    oninput={changing(&edit, |edit: &mut (String, String), text| edit.1 = text)} />
            </div>
        </Dialog>
    }
}
