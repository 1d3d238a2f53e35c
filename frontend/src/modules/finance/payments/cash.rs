//! The register of payments in cash (سجل الصرف النقدي), and a payment: its receipt is printed, its money taken back.

use diwan_finance_api::{CashBox, CashPayment, CashPaymentAction, CashPaymentState, PayableDocument};
use diwan_kernel::Page;
use serde_json::Value;
use yew::prelude::*;

use super::ask::{Ask, Field, Step, given};
use super::lines::{Col, Line, Lines, any, use_lines};
use super::runs::{filters, who};
use super::{crumbs, day, document, entry, in_currency, path, tabs};
use crate::app::router::{self, Link, use_place};
use crate::client::{self, download, use_api, use_opened};
use crate::i18n;
use crate::modules::finance::bank::{loaded, table};
use crate::ui::record::{Actions, RecordAction};
use crate::ui::{Card, Empty, Facts, Icon, Num, PageHead, Screen, SelectOption, StateDot, StateTone, use_toasts};

/// Where payments in cash are asked for.
const CASH: &str = "/api/finance/cash";
/// Where the boxes are asked for.
pub(super) const BOXES: &str = "/api/finance/cash/boxes";
/// The codes of the texts of its steps.
pub(super) const HAND_OUT: &str = "pay_cash";
pub(super) const CANCEL: &str = "cancel_cash";

pub(super) const COLS: &[Col] = &[
    ("cash-number", "c-no", None),
    ("cash-taker", "c-subj", None),
    ("payment-document", "c-agency", None),
    ("cash-day", "c-due", Some("date")),
    ("cash-box", "c-to", None),
    ("voucher-amount", "c-sec", Some("amount")),
    ("state", "c-state", None),
];

const TAKER: &[Field] = &[
    Field::Choice("bank_account_id", "cash-box"),
    Field::Line("taken_by", "cash-taker"),
    Field::Code("identity", "cash-identity"),
    Field::Note("note", "cash-note"),
    Field::Day("on", "cash-day"),
];
const BACK: &[Field] = &[Field::Day("on", "payment-day"), Field::Words("reason", "reason")];

/// Paying a document in cash, where a box has its currency. Who is paid takes the money, unless somebody else is named.
pub(super) fn hand_out(of: &PayableDocument, boxes: &[CashBox]) -> Option<Step> {
    let fitting = boxes.iter().filter(|one| one.currency == of.currency);
    let choices: Vec<SelectOption> =
        fitting.map(|one| SelectOption::new(one.id.to_string(), i18n::name(&one.name))).collect();
    if choices.is_empty() {
        return None;
    }
    let payee = of.party.as_ref().map(|party| party.name.ar.clone()).unwrap_or_default();
    Some(Step {
        code: HAND_OUT,
        fields: TAKER,
        choices,
        path: CASH.to_owned(),
        given: given([("document_id", of.id.into()), ("taken_by", payee.into())]),
        ..Step::default()
    })
}

fn state(state: CashPaymentState) -> Html {
    let tone = if state == CashPaymentState::Paid { StateTone::Work } else { StateTone::Done };
    html! { <StateDot {tone} label={i18n::code("cash-payment-state", state.code())} /> }
}

fn number(of: &CashPayment) -> Html {
    html! { <Link to={path(format!("cash/{}", of.id))}><Num value={of.number.clone()} /></Link> }
}

fn line(of: &CashPayment) -> Line {
    let cells = vec![
        number(of),
        html! { <bdi>{ &of.taken_by }</bdi> },
        document(of.document_id, &of.document),
        day(Some(of.paid_on)),
        html! { { i18n::name(&of.account) } },
        in_currency(of.amount, of.scale, &of.currency),
        state(of.state),
    ];
    Line(of.id, cells)
}

/// The register.
#[component]
pub(super) fn Register() -> Html {
    let query = use_place().query;
    let answer = use_lines::<CashPayment, _>(Some(CASH.to_owned()), query.clone(), line);
    let states = any("cash-payment-state", CashPaymentState::ALL.iter().map(|state| state.code()));
    let pay = format!("{}?method=cash", path("payable"));
    let open = Callback::from(|id: i64| router::go(&path(format!("cash/{id}"))));
    html! {
        <div class="dw-screen">
            <PageHead title={t!("nav-finance-payments")}>{ tabs("cash") }</PageHead>
            <Lines name="cash-payments" label={t!("cash-payments")} cols={COLS} {answer} {query} ask={Callback::from(|query| router::replace_query(&query))}
                filters={filters(states)} export={format!("{CASH}/export")} on_open={open}
                empty={html! { <Empty text={t!("cash-payments-empty")}><Link to={pay}>{ t!("cash-payments-pay") }</Link></Empty> }} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct PaymentProps {
    pub(super) id: i64,
}

fn cancelling(id: i64) -> Step {
    Step { code: CANCEL, danger: true, fields: BACK, path: format!("{CASH}/{id}/cancel"), ..Step::default() }
}

/// A payment's page.
#[component]
pub(super) fn OnePayment(props: &PaymentProps) -> Html {
    let id = props.id;
    let payment = use_api::<CashPayment>(Some(client::get(format!("{CASH}/{id}"))));
    let opened = use_opened(&payment, |_: &CashPayment, _: &Step| None);
    let toasts = use_toasts();
    let of = match loaded(&payment) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let mut actions = vec![RecordAction::new("print", i18n::code("payment-act", "print"), Icon::Print)];
    let cancel = CashPaymentAction::Cancel.code();
    if of.actions.iter().any(|one| one == cancel) {
        let action = RecordAction::new(cancel, i18n::code("payment-act", CANCEL), Icon::Trash);
        actions.push(RecordAction { danger: true, ..action });
    }
    let on_action = {
        let open = opened.open.clone();
        Callback::from(move |code: AttrValue| match code.as_str() {
            "print" => download::save(&format!("{CASH}/{id}/print?lang={}", i18n::lang().code())),
            _ => open.emit(cancelling(id)),
        })
    };
    let done = {
        let close = opened.close.clone();
        Callback::from(move |_: Value| {
            toasts.done(t!("payment-done", act = i18n::code("payment-act", CANCEL)));
            close.emit(());
        })
    };
    let title = t!("cash-payment", number = of.number.as_str());
    html! {
        <Screen head={html! { <PageHead title={title.clone()} crumbs={crumbs("cash", title)} marks={state(of.state)} actions={html! { <Actions {actions} {on_action} /> }} /> }}>
            <Card title={t!("details")} padded=true><div data-testid="cash-payment"><Facts rows={facts(&of)} /></div></Card>
            if let Some(step) = opened.shown { <Ask {step} on_done={done} on_close={opened.close} /> }
        </Screen>
    }
}

fn facts(of: &CashPayment) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("cash-box").into(), html! { { i18n::name(&of.account) } }),
        (t!("payment-document").into(), document(of.document_id, &of.document)),
        (t!("payment-payee").into(), html! { <bdi>{ &of.payee }</bdi> }),
        (t!("voucher-amount").into(), in_currency(of.amount, of.scale, &of.currency)),
        (t!("cash-day").into(), day(Some(of.paid_on))),
        (t!("cash-cashier").into(), who(&of.paid_by, Some(of.paid_at))),
        (t!("cash-taker").into(), html! { <bdi>{ &of.taken_by }</bdi> }),
    ];
    if !of.identity.is_empty() {
        rows.push((t!("cash-identity").into(), html! { <Num value={of.identity.clone()} /> }));
    }
    if !of.note.is_empty() {
        rows.push((t!("cash-note").into(), html! { <span dir="auto">{ &of.note }</span> }));
    }
    if let (Some(on), Some(by)) = (of.ended_on, &of.ended_by) {
        let label = i18n::code("cash-payment-state", of.state.code());
        rows.push((label.into(), html! { <>{ day(Some(on)) }{ " · " }{ i18n::name(by) }</> }));
        rows.push((t!("reason").into(), html! { <span dir="auto">{ &of.reason }</span> }));
    }
    rows.extend(entry(Some(of.entry_id)));
    rows.extend(entry(of.return_entry_id));
    rows
}

#[derive(Properties, PartialEq)]
pub(crate) struct DocumentProps {
    /// The document.
    pub(crate) id: i64,
}

/// The payments in cash of a document, on its page; nothing where there are none.
#[component]
pub(crate) fn OfDocument(props: &DocumentProps) -> Html {
    let call = client::get(CASH).query("document_id", props.id.to_string()).query("limit", "50");
    let payments = use_api::<Page<CashPayment>>(Some(call));
    let Some(page) = payments.data.clone().filter(|page| !page.items.is_empty()) else { return Html::default() };
    let row = |of: &CashPayment| {
        html! {
            <tr key={of.id}>
                <td>{ number(of) }</td>
                <td>{ day(Some(of.paid_on)) }</td>
                <td><bdi>{ &of.taken_by }</bdi></td>
                <td>{ in_currency(of.amount, of.scale, &of.currency) }</td>
                <td>{ state(of.state) }</td>
            </tr>
        }
    };
    let titles = vec![t!("cash-number"), t!("cash-day"), t!("cash-taker"), t!("voucher-amount"), t!("state")];
    let rows = html! { { for page.items.iter().map(row) } };
    html! { <Card title={t!("cash-payments")}>{ table(t!("cash-payments"), "cash-payments", titles, rows) }</Card> }
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{CashPaymentCancel, CashPaymentInput};
    use serde_json::json;

    use super::super::ask::tests::read;
    use super::*;
    use crate::i18n::format;

    fn payable() -> PayableDocument {
        serde_json::from_value(json!({
            "id": 9, "kind": "payment_voucher", "number": "ص/2026/1", "subject": "x",
            "party": { "id": 2, "code": "S1", "name": { "ar": "شركة الأفق", "en": "" } }, "iban": "", "payable": false,
            "effective_on": "2026-10-20", "due_on": null, "method": "cash", "currency": "JOD", "scale": 3,
            "amount": 1000, "base_amount": 1000,
        }))
        .unwrap()
    }

    #[test]
    fn a_payment_is_handed_out_of_a_box_of_its_currency_and_taken_back() {
        let of = |id: i64, currency: &str| -> CashBox {
            let name = json!({ "ar": "صندوق", "en": "Box" });
            serde_json::from_value(json!({ "id": id, "code": "C", "name": name, "currency": currency })).unwrap()
        };
        assert!(hand_out(&payable(), &[of(3, "USD")]).is_none());
        let step = hand_out(&payable(), &[of(3, "USD"), of(4, "JOD")]).unwrap();
        assert_eq!(step.given["taken_by"], "شركة الأفق");
        let input: CashPaymentInput = read(&step);
        assert_eq!((input.bank_account_id, input.document_id, input.on), (4, 9, format::today()));
        assert_eq!((input.taken_by.as_str(), input.identity.as_str(), input.note.as_str()), ("x", "x", "x"));
        let input: CashPaymentCancel = read(&cancelling(7));
        assert_eq!(
            (input.on, input.reason.as_str(), cancelling(7).path.as_str()),
            (format::today(), "x", "/api/finance/cash/7/cancel")
        );
    }
}
