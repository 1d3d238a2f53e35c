//! What waits to be paid (مستحقات الدفع): by itself, where cheques are written, and as the proposal for a run.

use std::collections::BTreeSet;
use std::rc::Rc;

use diwan_finance_api::{
    AddedPayments, CashBox, ChequeBook, DocumentKind, PayMethod, PayableDocument, PaymentRefusal, PaymentRun,
};
use diwan_kernel::{Page, Permission, page::MAX_PAGE, problem::Args};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::ask::{Ask, Field, Step, given};
use super::lines::{Col, Filter, Line, Lines, Narrow, any, use_lines};
use super::runs::RUNS;
use super::{cash, crumbs, day, document, in_currency, path, tabs};
use crate::app::query::Query;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::options;
use crate::modules::admin::send::use_sending;
use crate::modules::finance::bank::{loaded, table};
use crate::ui::{Alert, Button, Empty, Icon, Num, PageHead, SelectOption, Tone, Variant, use_toasts};

const PAYABLE: &str = "/api/finance/payments/payable";

pub(super) const COLS: &[Col] = &[
    ("document-number", "c-no", Some("date")),
    ("voucher-subject", "c-subj", None),
    ("voucher-party", "c-agency", None),
    ("voucher-due", "c-due", Some("due")),
    ("voucher-kind", "c-to", None),
    ("voucher-to-pay", "c-sec", Some("amount")),
    ("payment-how", "c-prio", None),
];

/// A row; `pay` stands where the document can be paid at once.
fn line(of: &PayableDocument, pay: Html) -> Line {
    let party = of.party.as_ref().map(|party| i18n::name(&party.name));
    let how = html! {
        if of.method == PayMethod::Transfer {
            if of.payable { <Num value={of.iban.clone()} /> } else { <span class="dw-due late">{ Icon::CircleAlert }{ t!("payment-no-iban") }</span> }
        }
    };
    let cells = vec![
        document(of.id, &of.number),
        html! { <span class="dw-clamp" dir="auto">{ &of.subject }</span> },
        html! { <bdi>{ party }</bdi> },
        day(of.due_on),
        html! { { i18n::code("record-kind", of.kind.code()) } },
        in_currency(of.amount, of.scale, &of.currency),
        html! { <>{ how }{ pay }</> },
    ];
    Line(of.id, cells)
}

fn filters() -> Vec<Filter> {
    let kinds = DocumentKind::ALL.iter().filter(|kind| kind.shape().pays).map(|kind| kind.code());
    vec![
        Filter { name: "kind", label: t!("voucher-kind"), kind: any("record-kind", kinds) },
        Filter { name: "due_to", label: t!("payment-due-to"), kind: Narrow::Day },
        Filter { name: "min", label: t!("payment-min"), kind: Narrow::Amount },
        Filter { name: "max", label: t!("payment-max"), kind: Narrow::Amount },
    ]
}

fn replace(query: Query) {
    router::replace_query(&query);
}

const ISSUE: &[Field] = &[Field::Choice("book_id", "cheque-book"), Field::Day("on", "cheque-day")];

/// The leaf that is next in each book of a currency.
fn next_leaves(books: &[ChequeBook], currency: &str) -> Vec<SelectOption> {
    let leaf = |book: &ChequeBook| {
        let next = book.next.filter(|_| book.currency == currency)?;
        let label = format!("{} · {}{next}", i18n::name(&book.account), book.series);
        Some(SelectOption::new(book.id.to_string(), label))
    };
    books.iter().filter_map(leaf).collect()
}

/// Issuing a cheque for a document, where a book of its currency has leaves.
fn issuing(of: &PayableDocument, books: &[ChequeBook]) -> Option<Step> {
    let choices = next_leaves(books, &of.currency);
    (!choices.is_empty()).then(|| Step {
        code: "issue",
        fields: ISSUE,
        choices,
        path: "/api/finance/cheques".to_owned(),
        given: given([("document_id", of.id.into())]),
        ..Step::default()
    })
}

/// Everything that waits to be paid in one way.
#[component]
pub(super) fn Payable() -> Html {
    let session = use_session();
    let query = use_place().query;
    let pays = session.may(Permission::FinancePay);
    let by = |method: PayMethod| pays && query.get("method") == Some(method.code());
    let (writes, hands) = (by(PayMethod::Cheque), by(PayMethod::Cash));
    let asked =
        || client::get("/api/finance/cheques/books").query("state", "open").query("limit", MAX_PAGE.to_string());
    let books = use_api::<Page<ChequeBook>>(writes.then(asked));
    let boxes = use_api::<Vec<CashBox>>(hands.then(|| client::get(cash::BOXES)));
    let writing = use_state_eq(|| None::<Step>);
    let answer = use_lines(Some(PAYABLE.to_owned()), query.clone(), |of: &PayableDocument| {
        let written = books.data.as_ref().filter(|_| writes).and_then(|books| issuing(of, &books.items));
        let handed = || boxes.data.as_ref().filter(|_| hands).and_then(|boxes| cash::hand_out(of, boxes));
        let Some(step) = written.or_else(handed) else { return line(of, Html::default()) };
        let (code, writing) = (step.code, writing.setter());
        let onclick = Callback::from(move |_: MouseEvent| writing.set(Some(step.clone())));
        line(
            of,
            html! { <Button variant={Variant::Link} label={i18n::code("payment-act", code)} action={code} {onclick} /> },
        )
    });
    let mut all = filters();
    let methods = [PayMethod::Transfer, PayMethod::Cheque, PayMethod::Cash].map(PayMethod::code);
    let methods = Narrow::Word(options("pay-method", methods));
    all.insert(0, Filter { name: "method", label: t!("voucher-method"), kind: methods });
    let bookless = writes && books.data.as_ref().is_some_and(|books| books.items.is_empty());
    let boxless = hands && boxes.data.as_ref().is_some_and(|boxes| boxes.is_empty());
    let register = if hands { "cash" } else { "cheques" };
    let written = Callback::from(move |paid: Value| router::go(&path(format!("{register}/{}", paid["id"]))));
    let close = writing.setter();
    let documents = crate::app::route::Route::Finance("documents".to_owned()).path();
    let setup = crate::app::route::Route::Finance("setup/bank-accounts".to_owned()).path();
    html! {
        <div class="dw-screen">
            <PageHead title={t!("nav-finance-payments")}>{ tabs("payable") }</PageHead>
            if boxless { <div class="dw-pad"><Alert title={t!("cash-boxes-none")}><Link to={setup}>{ t!("bank-accounts") }</Link></Alert></div> }
            if bookless { <div class="dw-pad"><Alert title={t!("cheque-books-none")}><Link to={path("books")}>{ t!("cheque-books") }</Link></Alert></div> }
            <Lines name="payable" label={t!("payable")} cols={COLS} {answer} {query} ask={Callback::from(replace)} filters={all}
                export={format!("{PAYABLE}/export")}
                empty={html! { <Empty text={t!("payable-empty")}><Link to={documents}>{ t!("nav-finance-documents") }</Link></Empty> }} />
            if let Some(step) = (*writing).clone() { <Ask {step} on_done={written} on_close={Callback::from(move |()| close.set(None))} /> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ProposalProps {
    pub(super) id: i64,
}

/// What a run could pay: in its currency, by transfer, and in no other run.
#[component]
pub(super) fn Proposal(props: &ProposalProps) -> Html {
    let id = props.id;
    let run = use_api::<PaymentRun>(Some(client::get(format!("{RUNS}/{id}"))));
    let currency = run.data.as_ref().map(|run| run.currency.clone());
    let path_of = currency.as_ref().map(|_| PAYABLE.to_owned());
    let query = use_place().query.with("currency", currency.unwrap_or_default());
    let query = query.with("method", PayMethod::Transfer.code());
    let answer = use_lines(path_of, query.clone(), |of: &PayableDocument| line(of, Html::default()));
    let ticked = use_state_eq(|| Rc::new(BTreeSet::<i64>::new()));
    let refused = use_state_eq(|| Rc::new(Vec::<PaymentRefusal>::new()));
    let sending = use_sending();
    let toasts = use_toasts();
    let of = match loaded(&run) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let reload = answer.reload.clone();
    let add = |input: Map<String, Value>| {
        let (sending, reload, toasts) = (sending.clone(), reload.clone(), toasts.clone());
        let (refused, ticked) = (refused.setter(), ticked.setter());
        Callback::from(move |_: MouseEvent| {
            let (reload, refused, ticked, toasts) = (reload.clone(), refused.clone(), ticked.clone(), toasts.clone());
            let call = client::post(format!("{RUNS}/{id}/items")).json(&input);
            sending.answer(call, move |said: AddedPayments| {
                toasts.done(t!("payment-added", n = said.added));
                ticked.set(Rc::new(BTreeSet::new()));
                if said.refused.is_empty() {
                    return router::go(&path(id));
                }
                refused.set(Rc::new(said.refused));
                reload.emit(());
            });
        })
    };
    let chosen = given([("documents", ticked.iter().copied().collect())]);
    let found = given([("all", Value::Object(body(&query)))]);
    let actions = html! {
        if !answer.is_empty() { <Button icon={Icon::Plus} label={t!("payment-add-all")} busy={sending.busy} testid="add-all" onclick={add(found)} /> }
    };
    let name = of.number.clone().unwrap_or_else(|| of.subject.clone());
    let mut crumbs = crumbs("", t!("payment-act-add"));
    crumbs.insert(1, crate::ui::Crumb::link(name, path(id)));
    let set_ticked = ticked.setter();
    html! {
        <div class="dw-screen">
            <PageHead title={t!("payment-proposal")} {crumbs} {actions} />
            { sending.alert() }
            if let Some(error) = sending.error("documents") { <Alert tone={Tone::Danger} title={error} /> }
            { refusals(&refused, id) }
            <Lines name="payment-proposal" label={t!("payment-proposal")} cols={COLS} {answer} {query} ask={Callback::from(replace)} filters={filters()}
                export={format!("{PAYABLE}/export")} selected={(*ticked).clone()} on_select={Callback::from(move |all| set_ticked.set(Rc::new(all)))}
                empty={html! { <Empty text={t!("payable-empty")}><Link to={path(id)}>{ t!("payment-back") }</Link></Empty> }}>
                <Button variant={Variant::Primary} label={t!("payment-add-ticked")} busy={sending.busy} testid="add-ticked" onclick={add(chosen)} />
            </Lines>
        </div>
    }
}

/// A filter as the body says it: amounts are numbers.
fn body(query: &Query) -> Map<String, Value> {
    let value = |name: &str, value: &str| match (name, value.parse::<i64>()) {
        ("min" | "max", Ok(minor)) => minor.into(),
        _ => Value::from(value),
    };
    query.pairs().map(|(name, text)| (name.to_owned(), value(name, text))).collect()
}

/// What was left out, and why.
fn refusals(all: &[PaymentRefusal], run: i64) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let row = |one: &PaymentRefusal| {
        html! {
            <tr>
                <td>{ document(one.document_id, &one.number) }</td>
                <td>{ one.party.as_ref().map(i18n::name) }</td>
                <td>{ why(&one.code, &one.args) }</td>
            </tr>
        }
    };
    let titles = vec![t!("document-number"), t!("voucher-party"), t!("payment-why")];
    let count = format::number(i64::try_from(all.len()).unwrap_or(i64::MAX));
    html! {
        <div class="dw-pad">
            <Alert tone={Tone::Warning} title={t!("payment-refused", n = count)}><Link to={path(run)}>{ t!("payment-back") }</Link></Alert>
            { table(t!("payment-why"), "payment-refused", titles, all.iter().map(row).collect()) }
        </div>
    }
}

/// What a document was left out for has words of its own, or those of the same refusal elsewhere.
fn why(code: &str, args: &Args) -> String {
    let key = i18n::code_key("payment-refusal", code);
    i18n::find(&key, None).or_else(|| i18n::error_text(code, args)).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{AddPayments, ChequeInput};

    use super::super::ask::tests::read;
    use super::*;

    #[test]
    fn the_filter_of_the_address_is_what_the_server_reads() {
        let query =
            Query::parse("?q=x&kind=advance&method=transfer&currency=JOD&due_to=2026-11-30&min=1500&max=9000&sort=due");
        let input = given([("all", Value::Object(body(&query)))]);
        let input: AddPayments = serde_json::from_value(Value::Object(input)).unwrap();
        let asked = input.all.unwrap();
        assert_eq!((asked.kind, asked.min, asked.max), (Some(DocumentKind::Advance), Some(1500), Some(9000)));
        let ticked: BTreeSet<i64> = [4, 5].into();
        let input = given([("documents", ticked.into_iter().collect())]);
        let input: AddPayments = serde_json::from_value(Value::Object(input)).unwrap();
        assert_eq!((input.documents, input.all), (vec![4, 5], None));
    }

    #[test]
    fn everything_that_is_left_out_of_a_run_says_why() {
        let codes = "iban_missing iban_check not_payable paid_otherwise other_currency payer_had_duty run_full
            trust_apart payer_is_paid before_day party_inactive";
        let args = Args::from([("day".to_owned(), "2026-11-30".to_owned())]);
        for code in codes.split_whitespace() {
            let said = why(code, &args);
            assert!(!said.contains("payment-refusal"), "{code}: {said}");
        }
        assert!(why("before_day", &args).contains("2026-11-30"));
    }

    #[test]
    fn a_cheque_takes_the_next_leaf_of_a_book_of_its_currency() {
        let book: ChequeBook = serde_json::from_value(serde_json::json!({
            "id": 3, "bank_account_id": 1, "account": { "ar": "حساب", "en": "Account" }, "currency": "JOD", "series": "A",
            "first": 100, "last": 149, "next": 104, "left": 46, "closed": null,
            "added_at": "2026-11-01T08:00:00",
        }))
        .unwrap();
        let leaves = next_leaves(std::slice::from_ref(&book), "JOD");
        assert!(leaves[0].label.ends_with("A104"));
        assert!(next_leaves(&[book], "USD").is_empty());
        let step =
            Step { fields: ISSUE, choices: leaves, given: given([("document_id", 9.into())]), ..Step::default() };
        let input: ChequeInput = read(&step);
        assert_eq!((input.book_id, input.document_id, input.on), (3, 9, format::today()));
    }
}
