//! The cheque books (دفاتر الشيكات): entered with their leaves, a spoilt leaf noted, closed before they are used up.

use diwan_finance_api::ChequeBook;
use diwan_kernel::Permission;
use serde_json::Value;
use yew::prelude::*;

use super::ask::{Ask, Field, Step};
use super::tabs;
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::finance::bank::table;
use crate::ui::{Button, Empty, FailureAlert, Icon, Num, PageHead, Screen, Variant};

const BOOKS: &str = "/api/finance/cheques/books";

const NEW: &[Field] = &[
    Field::Pick("bank_account_id", "bank-account", "/api/finance/bank/accounts"),
    Field::Code("series", "cheque-series"),
    Field::Number("first", "cheque-first"),
    Field::Number("last", "cheque-last"),
];
const WHY: &[Field] = &[Field::Words("reason", "reason")];

/// The books.
#[component]
pub(super) fn Books() -> Html {
    let session = use_session();
    let books = use_api::<Vec<ChequeBook>>(Some(client::get(BOOKS)));
    let doing = use_state_eq(|| None::<Step>);
    let pays = session.may(Permission::FinancePay);
    let start = |code: &'static str, fields: &'static [Field], tail: String| {
        let doing = doing.setter();
        let step = Step { code, fields, danger: code == "close", path: format!("{BOOKS}{tail}"), ..Step::default() };
        Callback::from(move |_: MouseEvent| doing.set(Some(step.clone())))
    };
    let close = {
        let doing = doing.setter();
        Callback::from(move |()| doing.set(None))
    };
    let done = {
        let (close, reload) = (close.clone(), books.reload.clone());
        Callback::from(move |_: Value| {
            close.emit(());
            reload.emit(());
        })
    };
    let enter = html! {
        if pays { <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("payment-act-book")} testid="new-book" onclick={start("book", NEW, String::new())} /> }
    };
    let row = |book: &ChequeBook| {
        let leaf = |number: i64| html! { <Num value={format!("{}{number}", book.series)} /> };
        let id = book.id;
        html! {
            <tr key={id} data-row-id={id.to_string()}>
                <td>{ i18n::name(&book.account) }{ " " }<span class="dw-muted">{ &book.currency }</span></td>
                <td>{ leaf(book.first) }{ " – " }{ leaf(book.last) }</td>
                <td>{ book.next.map(leaf) }<div class="dw-sm" dir="auto">{ book.closed.clone() }</div></td>
                <td><Num value={format::number(book.left)} /></td>
                <td>if pays && book.next.is_some() {
                    <Button variant={Variant::Link} label={t!("payment-act-spoil")} action="spoil" onclick={start("spoil", WHY, format!("/{id}/spoil"))} />
                    <Button variant={Variant::Link} label={t!("payment-act-close")} action="close" onclick={start("close", WHY, format!("/{id}/close"))} />
                }</td>
            </tr>
        }
    };
    let titles =
        vec![t!("bank-account"), t!("cheque-leaves"), t!("cheque-next"), t!("cheque-left"), t!("payment-acts")];
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance-payments")} actions={enter}>{ tabs("books") }</PageHead> }}>
            <FailureAlert failure={books.failure.clone()} retry={Some(books.reload.clone())} />
            if let Some(all) = &books.data {
                if all.is_empty() { <Empty text={t!("cheque-books-empty")} /> } else {
                    { table(t!("cheque-books"), "cheque-books", titles, all.iter().map(row).collect()) }
                }
            }
            if let Some(step) = (*doing).clone() { <Ask {step} on_done={done} on_close={close} /> }
        </Screen>
    }
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{ChequeBookInput, PaymentReason};

    use super::super::ask::tests::read;
    use super::*;

    #[test]
    fn a_book_is_entered_and_closed_as_the_server_asks() {
        let input: ChequeBookInput = read(&Step { fields: NEW, ..Step::default() });
        assert_eq!((input.bank_account_id, input.first, input.last), (7, 7, 7));
        let input: PaymentReason = read(&Step { fields: WHY, ..Step::default() });
        assert_eq!(input.reason, "x");
    }
}
