//! The cockpit of a period (لوحة الإقفال): what stands against closing it, who signed, its figures, and the steps.

use diwan_finance_api::{
    AcceptInput, ClosePeriod, ClosingCheck, Cockpit, FiscalPeriod, FiscalYear, PeriodState, SignOffInput,
};
use diwan_kernel::Permission;
use yew::prelude::*;

use super::ask::{Question, ask};
use super::findings::findings;
use super::reopenings::Reopenings;
use super::sealed::Sealed;
use super::sign_offs::sign_offs;
use super::{amount, path};
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link};
use crate::app::session::use_session;
use crate::client::events::use_gathered;
use crate::client::{self, Call, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::send::use_sending;
use crate::modules::finance::bank::loaded;
use crate::modules::finance::page_path;
use crate::modules::finance::reports::taking;
use crate::modules::finance::years::{Reopen, period_name};
use crate::ui::record::{Steps, steps};
use crate::ui::{
    Alert, Button, Card, Crumb, Facts, Icon, Num, PageHead, Screen, StateDot, StateTone, Tab, Tabs, Tone, Variant,
};

#[derive(Properties, PartialEq)]
pub(super) struct ClosingProps {
    /// The period.
    pub(super) id: i64,
}

/// What is asked of the person.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Close(PeriodState),
    Reopen,
    Seal,
    Sign(i64),
    Accept(ClosingCheck),
}

impl Step {
    fn question(self) -> Option<Question> {
        let (action, text, word) = match self {
            Self::Reopen => return None,
            Self::Close(PeriodState::SoftClosed) => (t!("period-soft-close"), t!("closing-soft-text"), None),
            Self::Close(_) => (t!("period-close"), t!("closing-close-text"), None),
            Self::Seal => (t!("closing-seal"), t!("closing-seal-text"), None),
            Self::Sign(_) => (t!("sign-off-give"), t!("sign-off-text"), Some(("note", false))),
            Self::Accept(_) => (t!("closing-accept"), t!("closing-accept-text"), Some(("reason", true))),
        };
        Some(Question { action, text, word, danger: self == Self::Seal })
    }

    /// What is sent for it; reopening has a form of its own.
    fn call(self, period: &FiscalPeriod, word: String) -> Option<Call> {
        let post = |step: &str| client::post(format!("/api/finance/periods/{}/{step}", period.id));
        Some(match self {
            Self::Reopen => return None,
            Self::Close(to) => post("close").if_match(period.version).json(&ClosePeriod { to }),
            Self::Seal => post("seal").if_match(period.version),
            Self::Sign(rule_id) => post("sign-offs").json(&SignOffInput { rule_id, note: word }),
            Self::Accept(check) => post("accept").json(&AcceptInput { check, reason: word }),
        })
    }
}

/// The cockpit.
#[component]
pub(super) fn Closing(props: &ClosingProps) -> Html {
    let session = use_session();
    let cockpit = use_api::<Cockpit>(Some(client::get(format!("/api/finance/periods/{}/cockpit", props.id))));
    let years = use_api::<Vec<FiscalYear>>(Some(client::get("/api/finance/years")));
    use_gathered(cockpit.reload.clone());
    let opened = use_opened(&cockpit, |_: &Cockpit, _: &Step| None);
    let sending = use_sending();
    let of = match loaded(&cockpit) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let done = {
        let (close, again) = (opened.close.clone(), years.reload.clone());
        Callback::from(move |()| {
            close.emit(());
            again.emit(());
        })
    };
    let begin = &opened.open;
    let usual = {
        let (sending, done) = (sending.clone(), done.clone());
        Callback::from(move |_: MouseEvent| {
            let done = done.clone();
            sending.done(client::post("/api/finance/closing-rules/usual"), move || done.emit(()));
        })
    };
    let answer = |step: Step| {
        let (sending, done, period) = (sending.clone(), done.clone(), of.period.clone());
        Callback::from(move |word: String| {
            let done = done.clone();
            if let Some(call) = step.call(&period, word) {
                sending.done(call, move || done.emit(()));
            }
        })
    };
    let months = years.data.as_ref().and_then(|years| years.iter().find(|year| year.id == of.year_id));
    let sets = session.may(Permission::FinanceClose) && !of.ruled;
    let report = format!("/api/finance/periods/{}/report", props.id);
    let actions = html! {
        <>{ actions(&of, begin) }{ taking(&report, &Query::default(), session.may(Permission::Export)) }</>
    };
    let head = html! {
        <PageHead title={title(&of)} crumbs={crumbs(&of)} {actions}>
            <Steps steps={state_line(of.period.state)} />
            if let Some(year) = months { { periods(year, of.period.id) } }
        </PageHead>
    };
    html! {
        <Screen {head}>
            <div class="dw-stack" data-testid="cockpit" data-state={of.period.state.code()}>
                if opened.shown.is_none() { { sending.alert() } }
                { notices(&of) }
                if !of.ruled && !is_over(&of) {
                    <Alert title={t!("closing-unruled")}>
                        if sets { <Button label={t!("closing-usual")} busy={sending.busy} testid="usual-rules" onclick={usual} /> }
                    </Alert>
                }
                if let Some(root) = of.period.root.clone() { <Sealed period={of.period.clone()} {root} /> }
                <div class="dw-sides">
                    { findings(&of, &begin.reform(Step::Accept)) }
                    <div class="dw-stack">
                        { sign_offs(&of, &begin.reform(Step::Sign)) }
                        { figures(&of) }
                    </div>
                </div>
                if of.reopenings > 0 { <Reopenings key={of.period.version} period={of.period.id} /> }
            </div>
            { match opened.shown {
                Some(Step::Reopen) => html! { <Reopen period={of.period.clone()} {done} /> },
                Some(step) => step.question().map(|question| ask(question, &sending, answer(step), opened.close.clone())).unwrap_or_default(),
                None => Html::default(),
            } }
        </Screen>
    }
}

/// Whether nothing is left to be closed.
fn is_over(of: &Cockpit) -> bool {
    matches!(of.period.state, PeriodState::Closed | PeriodState::Sealed)
}

fn title(of: &Cockpit) -> String {
    let month = period_name(&of.period);
    t!("closing-title", period = format!("{month} {}", format::shape(&of.year.to_string())))
}

fn crumbs(of: &Cockpit) -> Vec<Crumb> {
    let year = t!("closing-year", year = format::shape(&of.year.to_string()));
    vec![
        Crumb::link(t!("fiscal-years"), Route::Finance(String::new()).path()),
        Crumb::link(format!("{}: {year}", t!("year-end")), super::year_path(of.year_id)),
        Crumb::here(t!("closing-cockpit")),
    ]
}

fn state_line(state: PeriodState) -> Vec<crate::ui::record::Step> {
    let at = PeriodState::ALL.iter().position(|one| *one == state).unwrap_or_default();
    steps(PeriodState::ALL.iter().map(|one| i18n::code("period-state", one.code())), at)
}

/// The periods of the year, to go from one to the next.
fn periods(year: &FiscalYear, current: i64) -> Html {
    let tabs: Vec<Tab> = year.periods.iter().map(|one| Tab::new(one.id.to_string(), period_name(one))).collect();
    let onchange = Callback::from(|id: AttrValue| {
        if let Ok(id) = id.parse() {
            router::go(&path(id));
        }
    });
    html! { <Tabs label={t!("fiscal-years")} {tabs} current={current.to_string()} {onchange} /> }
}

/// The steps that the reader may take; the next useful one is filled.
fn actions(of: &Cockpit, begin: &Callback<Step>) -> Html {
    let button = |step: Step, variant: Variant, icon: Option<Icon>, label: String, code: &'static str| {
        let disabled = code == "close" && !of.clear;
        html! { <Button {variant} {icon} {label} {disabled} testid={code} action={code} onclick={begin.reform(move |_: MouseEvent| step)} /> }
    };
    let plain = Variant::Secondary;
    html! {
        <>
            if of.may_reopen { { button(Step::Reopen, plain, Some(Icon::Undo), t!("period-reopen"), "reopen") } }
            if of.may_soft_close { { button(Step::Close(PeriodState::SoftClosed), plain, None, t!("period-soft-close"), "soft-close") } }
            if of.may_close { { button(Step::Close(PeriodState::Closed), Variant::Primary, Some(Icon::Check), t!("period-close"), "close") } }
            if of.may_seal { { button(Step::Seal, Variant::Primary, Some(Icon::Seal), t!("closing-seal"), "seal") } }
        </>
    }
}

/// How the period stands, in a sentence.
fn notices(of: &Cockpit) -> Html {
    let (tone, clear) =
        if of.clear { (Tone::Success, t!("closing-clear")) } else { (Tone::Warning, t!("closing-stopped")) };
    let before = of.unsealed_before.clone().filter(|_| of.period.state == PeriodState::Closed);
    html! {
        <>
            if !is_over(of) { <Alert {tone} title={clear} /> }
            if let Some(at) = of.period.reopened_until { <Alert tone={Tone::Warning} title={t!("period-open-until", at = format::date_time(at))} /> }
            if let Some(period) = before { <Alert title={t!("closing-seal-before", period = period)} /> }
        </>
    }
}

fn figures(of: &Cockpit) -> Html {
    let figures = &of.figures;
    let (tone, word) = if figures.balanced {
        (StateTone::Done, t!("closing-balanced"))
    } else {
        (StateTone::Wait, t!("closing-unbalanced"))
    };
    let days = Query::default().with("from", of.period.starts_on.to_string()).with("to", of.period.ends_on.to_string());
    let opens = |page: &str, shown: Html| html! { <Link to={page_path(page, &days)}>{ shown }</Link> };
    let number = |n: i64| opens("ledger", html! { <Num value={format::number(n)} /> });
    let sum = |page: &str, minor: i64| opens(page, amount(minor));
    let rows: Vec<(AttrValue, Html)> = vec![
        (t!("closing-entries").into(), number(figures.entries)),
        (t!("closing-lines").into(), number(figures.lines)),
        (t!("side-debit").into(), sum("ledger/trial", figures.debit)),
        (t!("side-credit").into(), sum("ledger/trial", figures.credit)),
        (t!("closing-revenue").into(), sum("reports/performance", figures.revenue)),
        (t!("closing-expense").into(), sum("reports/performance", figures.expense)),
        (t!("closing-balance").into(), html! { <StateDot {tone} label={word} /> }),
        (t!("nav-finance-reports").into(), opens("reports/cash", html! { { t!("closing-show") } })),
    ];
    html! { <Card title={t!("closing-figures")} padded=true><Facts {rows} /></Card> }
}
