//! The routes of the cheque register.

use actix_web::{HttpResponse, web};
use diwan_db::WriteTx;
use diwan_finance_api::{
    Cheque, ChequeBook, ChequeBookInput, ChequeBookQuery, ChequeInput, ChequeQuery, ChequeStep, PaymentReason,
};
use diwan_http::{ApiResult, IdempotencyKey, InLang, Input, Require, Routes, created, read, rights, write};
use diwan_kernel::Page;
use diwan_platform::{Actor, Outcome, Platform, work::once::once};

use super::{books, issue, list, steps};
use crate::payments::routes::exported;

type Id = web::Path<i64>;
type App = web::Data<Platform>;

pub(in crate::payments) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    group.get("/finance/cheques/books", list_books, "Cheque books: filters, sort, page").answers::<Page<ChequeBook>>();
    group.get("/finance/cheques/books/export", export_books, "Cheque books as XLSX; ?lang=ar or en");
    group
        .post("/finance/cheques/books", open_book, "Takes a cheque book into the register")
        .takes::<ChequeBookInput>()
        .answers::<ChequeBook>();
    group
        .post("/finance/cheques/books/{id}/close", close_book, "Closes a book before it is used up")
        .takes::<PaymentReason>()
        .answers::<ChequeBook>();
    group
        .post("/finance/cheques/books/{id}/spoil", spoil, "Takes the next number for a spoilt leaf")
        .takes::<PaymentReason>()
        .answers::<Cheque>();
    group.get("/finance/cheques", list_cheques, "Cheques: filters, sort, page").answers::<Page<Cheque>>();
    group.get("/finance/cheques/export", export, "Cheques as XLSX; ?lang=ar or en");
    group
        .post("/finance/cheques", make, "Issues the next cheque of a book for a document")
        .takes::<ChequeInput>()
        .answers::<Cheque>();
    group.get("/finance/cheques/{id}", show, "A cheque").answers::<Cheque>();
    group
        .post("/finance/cheques/{id}/hand-over", hand_over, "Hands a cheque over")
        .takes::<ChequeStep>()
        .answers::<Cheque>();
    group
        .post("/finance/cheques/{id}/clear", clear, "Takes down that the bank paid a cheque")
        .takes::<ChequeStep>()
        .answers::<Cheque>();
    group
        .post("/finance/cheques/{id}/unclear", unclear, "Takes back that a cheque was cleared, with the reason")
        .takes::<ChequeStep>()
        .answers::<Cheque>();
    group
        .post("/finance/cheques/{id}/cancel", cancel, "Cancels a cheque: what it paid is open again")
        .takes::<ChequeStep>()
        .answers::<Cheque>();
    group
        .post("/finance/cheques/{id}/stale", stale, "Marks a cheque as stale that was not presented in its time")
        .takes::<ChequeStep>()
        .answers::<Cheque>();
}

async fn list_books(
    actor: Require<rights::FinanceRead>,
    query: web::Query<ChequeBookQuery>,
    app: App,
) -> ApiResult<web::Json<Page<ChequeBook>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| books::list(tx, actor, &query)).await?))
}

async fn export_books(
    actor: Require<rights::Export>,
    query: web::Query<ChequeBookQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), lang.lang());
    let of = ("finance.cheque_book.export", "cheque_books", "cheque-books.xlsx");
    exported(&app, actor, of, move |tx, actor| books::export(tx, actor, &query, lang)).await
}

async fn open_book(
    actor: Require<rights::FinancePay>,
    app: App,
    input: Input<ChequeBookInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&app, actor.0, "finance.cheque.open_book", move |tx, actor| {
        let id = books::open(tx, actor, &input)?;
        books::view(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn close_book(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<PaymentReason>,
) -> ApiResult<web::Json<ChequeBook>> {
    let id = *id;
    let closed = write(&app, actor.0, "finance.cheque.close_book", move |tx, actor| {
        books::close(tx, actor, id, &input.reason)?;
        books::view(tx, actor, id)
    });
    Ok(web::Json(closed.await?))
}

async fn spoil(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<PaymentReason>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    let spoilt = write(&app, actor.0, "finance.cheque.spoil", move |tx, actor| {
        let cheque = books::spoil(tx, actor, id, &input.reason)?;
        list::view(tx, actor, cheque)
    });
    Ok(created(spoilt.await?))
}

async fn list_cheques(
    actor: Require<rights::FinanceRead>,
    query: web::Query<ChequeQuery>,
    app: App,
) -> ApiResult<web::Json<Page<Cheque>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::list(tx, actor, &query)).await?))
}

async fn export(
    actor: Require<rights::Export>,
    query: web::Query<ChequeQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), lang.lang());
    let of = ("finance.cheque.export", "cheques", "cheques.xlsx");
    exported(&app, actor, of, move |tx, actor| list::export(tx, actor, &query, lang)).await
}

async fn make(
    actor: Require<rights::FinancePay>,
    key: IdempotencyKey,
    app: App,
    input: Input<ChequeInput>,
) -> ApiResult<HttpResponse> {
    let input = input.into_inner();
    let made = write(&app, actor.0, "finance.cheque.issue", move |tx, actor| {
        let id = once(tx, key.0.as_deref(), "finance.cheque.issue", &input, |tx| issue::issue(tx, actor, &input))?;
        list::view(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn show(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<web::Json<Cheque>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::view(tx, actor, id)).await?))
}

/// Runs a step of a cheque and answers the cheque.
async fn stepped(
    app: &Platform,
    actor: Actor,
    (op, id): (&'static str, i64),
    step: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<()> + Send + 'static,
) -> ApiResult<web::Json<Cheque>> {
    let of = write(app, actor, op, move |tx, actor| {
        step(tx, actor)?;
        list::view(tx, actor, id)
    });
    Ok(web::Json(of.await?))
}

async fn hand_over(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<ChequeStep>,
) -> ApiResult<web::Json<Cheque>> {
    let id = *id;
    stepped(&app, actor.0, ("finance.cheque.hand_over", id), move |tx, actor| steps::hand_over(tx, actor, id, &input))
        .await
}

async fn clear(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<ChequeStep>,
) -> ApiResult<web::Json<Cheque>> {
    let id = *id;
    stepped(&app, actor.0, ("finance.cheque.clear", id), move |tx, actor| steps::clear(tx, actor, id, &input)).await
}

async fn unclear(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<ChequeStep>,
) -> ApiResult<web::Json<Cheque>> {
    let id = *id;
    stepped(&app, actor.0, ("finance.cheque.unclear", id), move |tx, actor| steps::unclear(tx, actor, id, &input)).await
}

async fn cancel(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<ChequeStep>,
) -> ApiResult<web::Json<Cheque>> {
    let id = *id;
    stepped(&app, actor.0, ("finance.cheque.cancel", id), move |tx, actor| steps::cancel(tx, actor, id, &input)).await
}

async fn stale(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<ChequeStep>,
) -> ApiResult<web::Json<Cheque>> {
    let id = *id;
    stepped(&app, actor.0, ("finance.cheque.stale", id), move |tx, actor| steps::stale(tx, actor, id, &input)).await
}
