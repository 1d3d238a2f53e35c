//! The cheque books (دفاتر الشيكات): entered with their leaves, a spoilt leaf noted, closed before they are used up.

use diwan_finance_api::{ChequeBook, ChequeBookState};
use diwan_kernel::Permission;
use serde_json::Value;
use yew::prelude::*;

use super::ask::{Ask, Field, Step};
use super::lines::{Col, Filter, Line, Lines, any, use_lines};
use super::tabs;
use crate::app::router::{self, use_place};
use crate::app::session::use_session;
use crate::i18n::{self, format};
use crate::ui::{Button, Empty, Icon, Num, PageHead, StateDot, StateTone, Variant};

const BOOKS: &str = "/api/finance/cheques/books";

pub(super) const COLS: &[Col] = &[
    ("cheque-leaves", "c-no", None),
    ("bank-account", "c-subj", None),
    ("cheque-next", "c-agency", None),
    ("cheque-left", "c-to", None),
    ("cheque-book-added", "c-due", Some("date")),
    ("state", "c-state", None),
    ("payment-acts", "c-sec", None),
];

const NEW: &[Field] = &[
    Field::Pick("bank_account_id", "bank-account", "/api/finance/bank/accounts"),
    Field::Code("series", "cheque-series"),
    Field::Number("first", "cheque-first"),
    Field::Number("last", "cheque-last"),
];
const WHY: &[Field] = &[Field::Words("reason", "reason")];

fn state(book: &ChequeBook) -> Html {
    let tone = if book.state() == ChequeBookState::Open { StateTone::New } else { StateTone::Done };
    html! { <StateDot {tone} label={i18n::code("cheque-book-state", book.state().code())} /> }
}

/// A book as a row; `acts` is what can be done with it.
fn line(book: &ChequeBook, acts: Html) -> Line {
    let leaf = |number: i64| html! { <Num value={format!("{}{number}", book.series)} /> };
    let cells = vec![
        html! { <>{ leaf(book.first) }{ " – " }{ leaf(book.last) }</> },
        html! { <>{ i18n::name(&book.account) }{ " " }<span class="dw-muted">{ &book.currency }</span></> },
        html! { <>{ book.next.map(leaf) }<div class="dw-sm" dir="auto">{ book.closed.clone() }</div></> },
        html! { <Num value={format::number(book.left)} /> },
        html! { <Num value={format::date_time(book.added_at)} /> },
        state(book),
        acts,
    ];
    Line(book.id, cells)
}

/// The books.
#[component]
pub(super) fn Books() -> Html {
    let session = use_session();
    let query = use_place().query;
    let pays = session.may(Permission::FinancePay);
    let doing = use_state_eq(|| None::<Step>);
    let start = |code: &'static str, fields: &'static [Field], tail: String| {
        let step = Step { code, fields, danger: code == "close", path: format!("{BOOKS}{tail}"), ..Step::default() };
        let doing = doing.setter();
        Callback::from(move |_: MouseEvent| doing.set(Some(step.clone())))
    };
    let answer = use_lines(Some(BOOKS.to_owned()), query.clone(), |book: &ChequeBook| {
        let id = book.id;
        let acts = html! {
            if pays && book.next.is_some() {
                <Button variant={Variant::Link} label={t!("payment-act-spoil")} action="spoil" onclick={start("spoil", WHY, format!("/{id}/spoil"))} />
                <Button variant={Variant::Link} label={t!("payment-act-close")} action="close" onclick={start("close", WHY, format!("/{id}/close"))} />
            }
        };
        line(book, acts)
    });
    let enter = html! {
        if pays { <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("payment-act-book")} testid="new-book" onclick={start("book", NEW, String::new())} /> }
    };
    let close = {
        let (doing, reload) = (doing.setter(), answer.reload.clone());
        Callback::from(move |()| {
            doing.set(None);
            reload.emit(());
        })
    };
    let states = any("cheque-book-state", ChequeBookState::ALL.iter().map(|state| state.code()));
    let filters = vec![Filter { name: "state", label: t!("state"), kind: states }];
    html! {
        <div class="dw-screen">
            <PageHead title={t!("nav-finance-payments")} actions={enter}>{ tabs("books") }</PageHead>
            <Lines name="cheque-books" label={t!("cheque-books")} cols={COLS} {answer} {query} ask={Callback::from(|query| router::replace_query(&query))}
                {filters} export={format!("{BOOKS}/export")} empty={html! { <Empty text={t!("cheque-books-empty")} /> }} />
            if let Some(step) = (*doing).clone() { <Ask {step} on_done={close.reform(|_: Value| ())} on_close={close.clone()} /> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{ChequeBookInput, PaymentReason};

    use super::super::ask::tests::read;
    use super::*;

    #[test]
    fn every_state_of_a_book_has_its_words() {
        let key = |state: &ChequeBookState| i18n::code_key("cheque-book-state", state.code());
        assert!(ChequeBookState::ALL.iter().all(|state| i18n::find(&key(state), None).is_some()));
    }

    #[test]
    fn a_book_is_entered_and_closed_as_the_server_asks() {
        let input: ChequeBookInput = read(&Step { fields: NEW, ..Step::default() });
        assert_eq!((input.bank_account_id, input.first, input.last), (7, 7, 7));
        let input: PaymentReason = read(&Step { fields: WHY, ..Step::default() });
        assert_eq!(input.reason, "x");
    }
}
