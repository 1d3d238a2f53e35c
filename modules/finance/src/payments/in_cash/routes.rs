//! The routes of payments in cash.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{CashBox, CashPayment, CashPaymentCancel, CashPaymentInput, CashPaymentQuery};
use diwan_http::{ApiResult, IdempotencyKey, InLang, Input, Require, Routes, created, read, rights, show_pdf, write};
use diwan_kernel::Page;
use diwan_platform::{Platform, work::once::once};
use diwan_print::Press;

use super::{list, pay, print};
use crate::payments::{account, routes::exported};

type Id = web::Path<i64>;
type App = web::Data<Platform>;

pub(in crate::payments) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    group.get("/finance/cash/boxes", boxes, "The boxes that cash is paid from").answers::<Vec<CashBox>>();
    group.get("/finance/cash", list_payments, "Payments in cash: filters, sort, page").answers::<Page<CashPayment>>();
    group.get("/finance/cash/export", export, "Payments in cash as XLSX; ?lang=ar or en");
    group.post("/finance/cash", make, "Pays a document in cash").takes::<CashPaymentInput>().answers::<CashPayment>();
    group.get("/finance/cash/{id}", show, "A payment in cash").answers::<CashPayment>();
    group
        .post("/finance/cash/{id}/cancel", cancel, "Takes the money back: what it paid is open again")
        .takes::<CashPaymentCancel>()
        .answers::<CashPayment>();
    group.get("/finance/cash/{id}/print", printed, "The receipt of a payment in cash as PDF; ?lang=ar or en");
}

async fn boxes(actor: Require<rights::FinanceRead>, app: App) -> ApiResult<web::Json<Vec<CashBox>>> {
    Ok(web::Json(read(&app, actor.0, |tx, actor| account::boxes(tx, actor.agency_id)).await?))
}

async fn list_payments(
    actor: Require<rights::FinanceRead>,
    query: web::Query<CashPaymentQuery>,
    app: App,
) -> ApiResult<web::Json<Page<CashPayment>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::list(tx, actor, &query)).await?))
}

async fn export(
    actor: Require<rights::Export>,
    query: web::Query<CashPaymentQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), lang.lang());
    let of = ("finance.cash.export", "cash_payments", "cash-payments.xlsx");
    exported(&app, actor, of, move |tx, actor| list::export(tx, actor, &query, lang)).await
}

async fn make(
    actor: Require<rights::FinancePay>,
    key: IdempotencyKey,
    app: App,
    input: Input<CashPaymentInput>,
) -> ApiResult<HttpResponse> {
    let input = input.into_inner();
    let made = write(&app, actor.0, "finance.cash.pay", move |tx, actor| {
        let id = once(tx, key.0.as_deref(), "finance.cash.pay", &input, |tx| pay::pay(tx, actor, &input))?;
        list::view(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn show(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<web::Json<CashPayment>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::view(tx, actor, id)).await?))
}

async fn cancel(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<CashPaymentCancel>,
) -> ApiResult<web::Json<CashPayment>> {
    let id = *id;
    let of = write(&app, actor.0, "finance.cash.cancel", move |tx, actor| {
        pay::cancel(tx, actor, id, &input)?;
        list::view(tx, actor, id)
    });
    Ok(web::Json(of.await?))
}

async fn printed(
    actor: Require<rights::FinanceRead>,
    id: Id,
    lang: web::Query<InLang>,
    app: App,
    press: web::Data<Press>,
) -> ApiResult<HttpResponse> {
    let (id, lang) = (*id, lang.lang());
    let document = read(&app, actor.0, move |tx, actor| {
        let of = list::view(tx, actor, id)?;
        print::receipt(tx, actor, &of, lang)
    });
    let document = document.await?;
    show_pdf(&app, &format!("cash-payment-{id}.pdf"), move || press.pdf(&document)).await
}
