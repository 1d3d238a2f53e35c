//! The register of cheques (سجل الشيكات), and a cheque: handed over, cleared, cancelled, given up.

use diwan_finance_api::{Cheque, ChequeAction, ChequeState};
use serde_json::Value;
use yew::prelude::*;

use super::ask::{Ask, Field, Step};
use super::lines::{Col, Line, Lines, any, use_lines};
use super::runs::{filters, who};
use super::{crumbs, day, document, entry, in_currency, path, tabs};
use crate::app::router::{self, Link, use_place};
use crate::client::{self, use_api, use_opened};
use crate::i18n;
use crate::modules::finance::bank::loaded;
use crate::ui::record::{Actions, RecordAction};
use crate::ui::{Card, Empty, Facts, Icon, Num, PageHead, Screen, StateDot, StateTone, use_toasts};

/// Where cheques are asked for.
const CHEQUES: &str = "/api/finance/cheques";

pub(super) const COLS: &[Col] = &[
    ("cheque-number", "c-no", None),
    ("payment-payee", "c-subj", None),
    ("payment-document", "c-agency", None),
    ("cheque-day", "c-due", Some("date")),
    ("bank-account", "c-to", None),
    ("voucher-amount", "c-sec", Some("amount")),
    ("state", "c-state", None),
];

/// Each step, whether it asks for words, and what these are.
const STEPS: [(ChequeAction, Icon, &[Field]); 5] = [
    (ChequeAction::HandOver, Icon::Forward, &[Field::Day("on", "payment-day"), Field::Words("note", "cheque-taker")]),
    (ChequeAction::Clear, Icon::Check, &[Field::Day("on", "payment-day")]),
    (ChequeAction::Unclear, Icon::Undo, &[Field::Day("on", "payment-day"), Field::Words("note", "reason")]),
    (ChequeAction::Cancel, Icon::Trash, &[Field::Day("on", "payment-day"), Field::Words("note", "reason")]),
    (ChequeAction::Stale, Icon::Clock, &[Field::Day("on", "payment-day"), Field::Words("note", "reason")]),
];

fn state(state: ChequeState) -> Html {
    let tone = match state {
        ChequeState::Issued => StateTone::New,
        ChequeState::HandedOver => StateTone::Wait,
        _ => StateTone::Done,
    };
    html! { <StateDot {tone} label={i18n::code("cheque-state", state.code())} /> }
}

/// The document that a cheque pays; a spoilt leaf pays none.
fn paid(cheque: &Cheque) -> Html {
    cheque.document_id.map(|id| document(id, &cheque.document)).unwrap_or_default()
}

fn line(cheque: &Cheque) -> Line {
    let number = cheque.number.clone();
    let cells = vec![
        html! { <Link to={path(format!("cheques/{}", cheque.id))}><Num value={number} /></Link> },
        html! { <bdi>{ &cheque.payee }</bdi> },
        paid(cheque),
        day(Some(cheque.issued_on)),
        html! { { i18n::name(&cheque.account) } },
        in_currency(cheque.amount, cheque.scale, &cheque.currency),
        state(cheque.state),
    ];
    Line(cheque.id, cells)
}

/// The register.
#[component]
pub(super) fn Cheques() -> Html {
    let query = use_place().query;
    let answer = use_lines::<Cheque, _>(Some(CHEQUES.to_owned()), query.clone(), line);
    let states = any("cheque-state", ChequeState::ALL.iter().map(|state| state.code()));
    let write = format!("{}?method=cheque", path("payable"));
    let open = Callback::from(|id: i64| router::go(&path(format!("cheques/{id}"))));
    html! {
        <div class="dw-screen">
            <PageHead title={t!("nav-finance-payments")}>{ tabs("cheques") }</PageHead>
            <Lines name="cheques" label={t!("cheques")} cols={COLS} {answer} {query} ask={Callback::from(|query| router::replace_query(&query))}
                filters={filters(states)} export={format!("{CHEQUES}/export")} on_open={open}
                empty={html! { <Empty text={t!("cheques-empty")}><Link to={write}>{ t!("cheques-write") }</Link></Empty> }} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ChequeProps {
    pub(super) id: i64,
}

fn step(id: i64, code: &str) -> Option<Step> {
    let (action, _, fields) = STEPS.into_iter().find(|(action, ..)| action.code() == code)?;
    Some(Step {
        code: action.code(),
        danger: matches!(action, ChequeAction::Cancel | ChequeAction::Stale),
        fields,
        path: format!("{CHEQUES}/{id}/{}", code.replace('_', "-")),
        ..Step::default()
    })
}

/// A cheque's page.
#[component]
pub(super) fn OneCheque(props: &ChequeProps) -> Html {
    let id = props.id;
    let cheque = use_api::<Cheque>(Some(client::get(format!("{CHEQUES}/{id}"))));
    let opened = use_opened(&cheque, |_: &Cheque, _: &Step| None);
    let toasts = use_toasts();
    let of = match loaded(&cheque) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let action = |(action, icon, _): (ChequeAction, Icon, _)| {
        let code = action.code();
        let there = of.actions.iter().any(|one| one == code);
        let danger = action == ChequeAction::Cancel;
        there.then(|| RecordAction { danger, ..RecordAction::new(code, i18n::code("payment-act", code), icon) })
    };
    let actions: Vec<RecordAction> = STEPS.into_iter().filter_map(action).collect();
    let on_action = {
        let open = opened.open.clone();
        Callback::from(move |code: AttrValue| {
            if let Some(step) = step(id, &code) {
                open.emit(step);
            }
        })
    };
    let done = {
        let close = opened.close.clone();
        let code = opened.shown.as_ref().map(|step| step.code).unwrap_or_default();
        Callback::from(move |_: Value| {
            toasts.done(t!("payment-done", act = i18n::code("payment-act", code)));
            close.emit(());
        })
    };
    let title = t!("cheque", number = of.number.as_str());
    html! {
        <Screen head={html! { <PageHead title={title.clone()} crumbs={crumbs("cheques", title)} marks={state(of.state)} actions={html! { <Actions {actions} {on_action} /> }} /> }}>
            <Card title={t!("details")} padded=true><div data-testid="cheque"><Facts rows={facts(&of)} /></div></Card>
            if let Some(step) = opened.shown { <Ask {step} on_done={done} on_close={opened.close} /> }
        </Screen>
    }
}

fn facts(of: &Cheque) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("bank-account").into(), html! { { i18n::name(&of.account) } }),
        (t!("payment-payee").into(), html! { <bdi>{ &of.payee }</bdi> }),
        (t!("payment-document").into(), paid(of)),
        (t!("voucher-amount").into(), in_currency(of.amount, of.scale, &of.currency)),
        (t!("cheque-day").into(), day(Some(of.issued_on))),
        (t!("payment-prepared").into(), who(&of.issued_by, Some(of.issued_at))),
    ];
    if let Some(on) = of.handed_on {
        rows.push((t!("cheque-handed").into(), html! { <>{ day(Some(on)) }{ " · " }<bdi>{ &of.handed_to }</bdi></> }));
    }
    if let Some(on) = of.ended_on {
        rows.push((i18n::code("cheque-state", of.state.code()).into(), day(Some(on))));
    }
    if !of.reason.is_empty() {
        rows.push((t!("reason").into(), html! { <span dir="auto">{ &of.reason }</span> }));
    }
    rows.extend(entry(of.entry_id));
    rows
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::ChequeStep;

    use super::super::ask::tests::read;
    use super::*;
    use crate::i18n::format;

    #[test]
    fn every_step_of_a_cheque_sends_what_the_server_reads() {
        for action in ChequeAction::ALL {
            let step = step(4, action.code()).unwrap();
            let input: ChequeStep = read(&step);
            assert_eq!(input.on, format::today());
            assert_eq!(input.note.is_empty(), *action == ChequeAction::Clear, "{action:?}");
        }
        assert_eq!(step(4, "hand_over").unwrap().path, "/api/finance/cheques/4/hand-over");
    }
}
