//! The routes of payments: what is to be paid, runs, deductions; cheques and cash have files of their own.

use actix_web::{HttpResponse, web};
use diwan_db::{ReadTx, WriteTx};
use diwan_finance_api::{
    AddPayments, AddedPayments, DeductionBalance, DeductionQuery, DocumentStep, ExecutePayments, PayableDocument,
    PayableQuery, PaymentItem, PaymentItemQuery, PaymentItems, PaymentReason, PaymentRun, PaymentRunInput,
    PaymentRunItem, PaymentRunQuery, RemittanceInput, ReturnPayments, TransferFileQuery, TransferFormat,
};
use diwan_http::{
    ApiResult, IdempotencyKey, IfMatch, InLang, Input, Require, Routes, Versioned, created, download, read, rights,
    show_pdf, write,
};
use diwan_kernel::{Page, Permission};
use diwan_platform::{
    Actor, Outcome, Platform, Refusal,
    audit::export_noted,
    records::state,
    sheet::{self, Export},
    work::once::once,
};
use diwan_print::Press;
use serde_json::json;

use super::{cheques, deductions, in_cash, payable, print, run};

type Id = web::Path<i64>;
type App = web::Data<Platform>;
type Shown = ApiResult<Versioned<PaymentRun>>;

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    group
        .get("/finance/payments/payable", list_payable, "What is to be paid: filters, sort, page")
        .answers::<Page<PayableDocument>>();
    group.get("/finance/payments/payable/export", export_payable, "What is to be paid as XLSX; ?lang=ar or en");
    group
        .get("/finance/payments/runs", list_runs, "Payment runs: filters, sort, page")
        .answers::<Page<PaymentRunItem>>();
    group.get("/finance/payments/runs/export", export_runs, "Payment runs as XLSX; ?lang=ar or en");
    group
        .post("/finance/payments/runs", begin, "Begins a run of a bank account")
        .takes::<PaymentRunInput>()
        .answers::<PaymentRun>();
    group.get("/finance/payments/runs/{id}", show, "A payment run").answers::<PaymentRun>();
    group
        .put("/finance/payments/runs/{id}", update, "Changes words and day of a draft")
        .takes::<PaymentRunInput>()
        .answers::<PaymentRun>();
    group
        .get("/finance/payments/runs/{id}/items", list_items, "The transfers of a run: filters, sort, page")
        .answers::<Page<PaymentItem>>();
    group.get("/finance/payments/runs/{id}/items/export", export_items, "The transfers as XLSX; ?lang=ar or en");
    group
        .post("/finance/payments/runs/{id}/items", add, "Adds documents to a draft, each as a whole")
        .takes::<AddPayments>()
        .answers::<AddedPayments>();
    group
        .post("/finance/payments/runs/{id}/items/remove", remove, "Gives items of a draft back")
        .takes::<PaymentItems>()
        .answers::<PaymentRun>();
    group
        .post("/finance/payments/runs/{id}/approve", approve, "Approves and seals a run that others made")
        .answers::<PaymentRun>();
    group
        .post("/finance/payments/runs/{id}/void", void, "Voids a run before it is sent")
        .takes::<PaymentReason>()
        .answers::<PaymentRun>();
    group
        .post("/finance/payments/runs/{id}/send", send, "Makes the files of an approved run and keeps them")
        .answers::<PaymentRun>();
    group.get("/finance/payments/runs/{id}/file", file, "A file of a run that was sent; ?format=pain or csv");
    group
        .post("/finance/payments/runs/{id}/execute", execute, "Posts what the bank executed")
        .takes::<ExecutePayments>()
        .answers::<PaymentRun>();
    group
        .post("/finance/payments/runs/{id}/reject", reject, "Takes down what the bank refused")
        .takes::<ReturnPayments>()
        .answers::<PaymentRun>();
    group
        .post("/finance/payments/runs/{id}/return", give_back, "Posts transfers that came back")
        .takes::<ReturnPayments>()
        .answers::<PaymentRun>();
    group.get("/finance/payments/runs/{id}/print", printed, "A payment run as PDF; ?lang=ar or en");
    group
        .get("/finance/payments/deductions", list_deductions, "Deductions by account and month")
        .answers::<Vec<DeductionBalance>>();
    group.get("/finance/payments/deductions/export", export_deductions, "Deductions as XLSX; ?lang=ar or en");
    group
        .post("/finance/payments/deductions/remit", remit, "Drafts the voucher that remits deductions")
        .takes::<RemittanceInput>()
        .answers::<DocumentStep>();
    cheques::routes(routes);
    in_cash::routes(routes);
}

/// Gives a list out as a file, and notes that it was taken away.
pub(crate) async fn exported(
    app: &Platform,
    actor: Require<rights::Export>,
    (op, list, name): (&'static str, &'static str, &'static str),
    make: impl FnOnce(&mut ReadTx<'_>, &Actor) -> Outcome<Export> + Send + 'static,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let (file, rows) = read(app, actor.0.clone(), make).await?;
    let detail = json!({ "list": list, "rows": rows });
    write(app, actor.0, op, move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, name))
}

/// Runs a step of a run and answers the run.
async fn stepped(
    app: &Platform,
    actor: Actor,
    (op, id): (&'static str, i64),
    step: impl FnOnce(&mut WriteTx<'_>, &Actor) -> Outcome<()> + Send + 'static,
) -> Shown {
    let of = write(app, actor, op, move |tx, actor| {
        step(tx, actor)?;
        run::view(tx, actor, id)
    });
    let of = of.await?;
    Ok(Versioned(of.version, of))
}

async fn list_payable(
    actor: Require<rights::FinanceRead>,
    query: web::Query<PayableQuery>,
    app: App,
) -> ApiResult<web::Json<Page<PayableDocument>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| payable::list(tx, actor, &query)).await?))
}

async fn export_payable(
    actor: Require<rights::Export>,
    query: web::Query<PayableQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), lang.lang());
    let of = ("finance.payment.export", "payable", "payable.xlsx");
    exported(&app, actor, of, move |tx, actor| payable::export(tx, actor, &query, lang)).await
}

async fn list_runs(
    actor: Require<rights::FinanceRead>,
    query: web::Query<PaymentRunQuery>,
    app: App,
) -> ApiResult<web::Json<Page<PaymentRunItem>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| run::list::list(tx, actor, &query)).await?))
}

async fn export_runs(
    actor: Require<rights::Export>,
    query: web::Query<PaymentRunQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), lang.lang());
    let of = ("finance.payment.export", "payment_runs", "payment-runs.xlsx");
    exported(&app, actor, of, move |tx, actor| run::list::export(tx, actor, &query, lang)).await
}

async fn begin(
    actor: Require<rights::FinancePay>,
    key: IdempotencyKey,
    app: App,
    input: Input<PaymentRunInput>,
) -> ApiResult<HttpResponse> {
    let input = input.into_inner();
    let made = write(&app, actor.0, "finance.payment.begin", move |tx, actor| {
        let id = once(tx, key.0.as_deref(), "finance.payment.begin", &input, |tx| run::begin(tx, actor, &input))?;
        run::view(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn show(actor: Require<rights::FinanceRead>, id: Id, app: App) -> Shown {
    let id = *id;
    let of = read(&app, actor.0, move |tx, actor| run::view(tx, actor, id)).await?;
    Ok(Versioned(of.version, of))
}

async fn update(
    actor: Require<rights::FinancePay>,
    id: Id,
    version: IfMatch,
    app: App,
    input: Input<PaymentRunInput>,
) -> Shown {
    let id = *id;
    stepped(&app, actor.0, ("finance.payment.update", id), move |tx, actor| {
        run::update(tx, actor, id, version.0, &input)
    })
    .await
}

async fn list_items(
    actor: Require<rights::FinanceRead>,
    id: Id,
    query: web::Query<PaymentItemQuery>,
    app: App,
) -> ApiResult<web::Json<Page<PaymentItem>>> {
    let (id, query) = (*id, query.into_inner());
    Ok(web::Json(read(&app, actor.0, move |tx, actor| run::items::list(tx, actor, id, &query)).await?))
}

async fn export_items(
    actor: Require<rights::Export>,
    id: Id,
    query: web::Query<PaymentItemQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (id, query, lang) = (*id, query.into_inner(), lang.lang());
    let of = ("finance.payment.export", "payment_items", "transfers.xlsx");
    exported(&app, actor, of, move |tx, actor| run::items::export(tx, actor, (id, &query), lang)).await
}

async fn add(
    actor: Require<rights::FinancePay>,
    id: Id,
    app: App,
    input: Input<AddPayments>,
) -> ApiResult<web::Json<AddedPayments>> {
    let id = *id;
    let added = write(&app, actor.0, "finance.payment.add", move |tx, actor| run::add(tx, actor, id, &input));
    Ok(web::Json(added.await?))
}

async fn remove(actor: Require<rights::FinancePay>, id: Id, app: App, input: Input<PaymentItems>) -> Shown {
    let id = *id;
    stepped(&app, actor.0, ("finance.payment.remove", id), move |tx, actor| run::remove(tx, actor, id, &input.items))
        .await
}

async fn approve(actor: Require<rights::FinanceAuthorise>, id: Id, version: IfMatch, app: App) -> Shown {
    let (id, secrets) = (*id, app.secrets.clone());
    stepped(&app, actor.0, ("finance.payment.approve", id), move |tx, actor| {
        run::approve(tx, &secrets, actor, id, version.0)
    })
    .await
}

async fn void(
    actor: Require<rights::FinancePay>,
    id: Id,
    version: IfMatch,
    app: App,
    input: Input<PaymentReason>,
) -> Shown {
    let id = *id;
    stepped(&app, actor.0, ("finance.payment.void", id), move |tx, actor| run::void(tx, actor, id, version.0, &input))
        .await
}

async fn send(actor: Require<rights::FinancePay>, id: Id, version: IfMatch, app: App) -> Shown {
    let (id, version) = (*id, version.0);
    let made = read(&app, actor.0.clone(), move |tx, actor| run::files(tx, actor, id, version)).await?;
    let pain = app.blobs.save(made.pain.into(), &format!("{}.xml", made.name)).await.map_err(Refusal::from)?;
    let csv = app.blobs.save(made.csv.into(), &format!("{}.csv", made.name)).await.map_err(Refusal::from)?;
    stepped(&app, actor.0, ("finance.payment.send", id), move |tx, actor| {
        run::send(tx, actor, (id, version), (&pain, &csv))
    })
    .await
}

async fn file(
    actor: Require<rights::FinancePay>,
    id: Id,
    query: web::Query<TransferFileQuery>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (id, format) = (*id, query.format.unwrap_or(TransferFormat::Pain));
    let kept = read(&app, actor.0, move |tx, actor| run::file(tx, actor, id, format));
    let (hash, media_type, name) = kept.await?;
    let bytes = app.blobs.bytes(&hash).await.map_err(Refusal::from)?;
    Ok(download(bytes.to_vec(), media_type, &name))
}

async fn execute(actor: Require<rights::FinancePay>, id: Id, app: App, input: Input<ExecutePayments>) -> Shown {
    let id = *id;
    stepped(&app, actor.0, ("finance.payment.execute", id), move |tx, actor| run::execute(tx, actor, id, &input)).await
}

async fn reject(actor: Require<rights::FinancePay>, id: Id, app: App, input: Input<ReturnPayments>) -> Shown {
    let id = *id;
    stepped(&app, actor.0, ("finance.payment.reject", id), move |tx, actor| run::reject(tx, actor, id, &input)).await
}

async fn give_back(actor: Require<rights::FinancePay>, id: Id, app: App, input: Input<ReturnPayments>) -> Shown {
    let id = *id;
    stepped(&app, actor.0, ("finance.payment.return", id), move |tx, actor| run::give_back(tx, actor, id, &input)).await
}

async fn printed(
    actor: Require<rights::FinanceRead>,
    id: Id,
    lang: web::Query<InLang>,
    app: App,
    press: web::Data<Press>,
) -> ApiResult<HttpResponse> {
    let (id, lang, setting) = (*id, lang.lang(), press.clone());
    let document = read(&app, actor.0, move |tx, actor| {
        let of = run::view(tx, actor, id)?;
        let items = run::items::all(tx, id)?;
        print::run(&setting, tx, (actor, lang), (&of, &items))
    });
    let document = document.await?;
    show_pdf(&app, &format!("payment-run-{id}.pdf"), move || press.pdf(&document)).await
}

async fn list_deductions(
    actor: Require<rights::FinanceRead>,
    query: web::Query<DeductionQuery>,
    app: App,
) -> ApiResult<web::Json<Vec<DeductionBalance>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| deductions::balances(tx, actor, &query)).await?))
}

async fn export_deductions(
    actor: Require<rights::Export>,
    query: web::Query<DeductionQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), lang.lang());
    let of = ("finance.deduction.export", "deductions", "deductions.xlsx");
    exported(&app, actor, of, move |tx, actor| {
        let rows = deductions::balances(tx, actor, &query)?;
        Ok((deductions::sheet(&rows, lang)?, rows.len()))
    })
    .await
}

async fn remit(
    actor: Require<rights::FinancePrepare>,
    key: IdempotencyKey,
    app: App,
    input: Input<RemittanceInput>,
) -> ApiResult<HttpResponse> {
    let input = input.into_inner();
    let made = write(&app, actor.0, "finance.deduction.remit", move |tx, actor| {
        let id =
            once(tx, key.0.as_deref(), "finance.deduction.remit", &input, |tx| deductions::remit(tx, actor, &input))?;
        state::step(tx, id)
    });
    Ok(created(made.await?))
}
