//! The routes of the bank.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{
    AcceptMatches, BankAccountStanding, BankLine, BankLineQuery, BankStatement, BankStatementQuery, DeskQuery,
    ManualMatch, MatchDesk, Matched, NewReconciliation, Reconciliation, ReconciliationQuery, ReconciliationRow,
    StatementImport, StatementQuery,
};
use diwan_http::{
    ApiResult, IfMatch, InLang, Input, Require, Routes, Versioned, created, download, no_content, read, rights,
    show_pdf, write,
};
use diwan_kernel::{Page, Permission};
use diwan_platform::{Outcome, Platform, Refusal, audit, sheet};
use diwan_print::Press;
use futures_util::StreamExt;
use serde_json::json;

use super::{account, desk, import, matching, print, reconcile, statements};
use crate::payments::exported;

type Id = web::Path<i64>;
type App = web::Data<Platform>;

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("finance");
    group
        .get("/finance/bank/accounts", list_accounts, "The bank accounts with balances and how far they are matched")
        .answers::<Vec<BankAccountStanding>>();
    group
        .get(
            "/finance/bank/accounts/{id}/statements",
            list_statements,
            "The statements of an account: filters, sort, page",
        )
        .answers::<Page<BankStatement>>();
    group.get(
        "/finance/bank/accounts/{id}/statements/export",
        export_statements,
        "The statements of an account as XLSX; ?lang=ar or en",
    );
    group
        .post(
            "/finance/bank/accounts/{id}/statements/preview",
            preview,
            "What a file of statements (the body) would bring",
        )
        .answers::<StatementImport>();
    group
        .post("/finance/bank/accounts/{id}/statements", bring, "Imports the statements of a file (the body)")
        .answers::<StatementImport>();
    group
        .get("/finance/bank/accounts/{id}/desk", show_desk, "What is open, and what is proposed")
        .answers::<MatchDesk>();
    group
        .post("/finance/bank/accounts/{id}/accept", accept, "Accepts proposals; all certain ones where none is named")
        .takes::<AcceptMatches>()
        .answers::<Matched>();
    group
        .post("/finance/bank/accounts/{id}/match", match_lines, "Matches lines that a person chose")
        .takes::<ManualMatch>()
        .answers::<Matched>();
    group
        .post("/finance/bank/accounts/{id}/reconciliations", begin, "Begins a reconciliation up to a statement")
        .takes::<NewReconciliation>()
        .answers::<Reconciliation>();
    group.get("/finance/bank/statements/{id}", show_statement, "A statement").answers::<BankStatement>();
    group.delete("/finance/bank/statements/{id}", take_back, "Takes back the last statement of an account");
    group
        .get("/finance/bank/statements/{id}/lines", list_lines, "The lines of a statement with their matches")
        .answers::<Page<BankLine>>();
    group.get("/finance/bank/statements/{id}/export", export_lines, "The lines of a statement as XLSX; ?lang=ar or en");
    group.get("/finance/bank/statements/{id}/file", raw, "The file as the bank sent it");
    group.post("/finance/bank/lines/{id}/undo", undo, "Undoes what a line is matched with").answers::<Matched>();
    group
        .get("/finance/bank/reconciliations", list_reconciliations, "Reconciliations: filters, sort, page")
        .answers::<Page<ReconciliationRow>>();
    group.get(
        "/finance/bank/reconciliations/export",
        export_reconciliations,
        "Reconciliations as XLSX; ?lang=ar or en",
    );
    group.get("/finance/bank/reconciliations/{id}", show, "A reconciliation").answers::<Reconciliation>();
    group
        .post("/finance/bank/reconciliations/{id}/submit", submit, "Submits a reconciliation for approval")
        .answers::<Reconciliation>();
    group
        .post("/finance/bank/reconciliations/{id}/return", give_back, "Gives a submitted reconciliation back")
        .answers::<Reconciliation>();
    group
        .post("/finance/bank/reconciliations/{id}/approve", approve, "Approves and seals a reconciliation")
        .answers::<Reconciliation>();
    group.post("/finance/bank/reconciliations/{id}/void", void, "Gives the draft of a reconciliation up");
    group.get("/finance/bank/reconciliations/{id}/print", print, "A reconciliation as PDF; ?lang=ar or en");
    group.get("/finance/bank/reconciliations/{id}/export", export, "A reconciliation as XLSX; ?lang=ar or en");
}

async fn list_accounts(
    actor: Require<rights::FinanceRead>,
    app: App,
) -> ApiResult<web::Json<Vec<BankAccountStanding>>> {
    let all = read(&app, actor.0, |tx, actor| account::standings(tx, actor.agency_id, None));
    Ok(web::Json(all.await?))
}

async fn list_statements(
    actor: Require<rights::FinanceRead>,
    id: Id,
    query: web::Query<BankStatementQuery>,
    app: App,
) -> ApiResult<web::Json<Page<BankStatement>>> {
    let (id, query) = (*id, query.into_inner());
    Ok(web::Json(read(&app, actor.0, move |tx, actor| statements::list(tx, actor, id, &query)).await?))
}

async fn export_statements(
    actor: Require<rights::Export>,
    id: Id,
    query: web::Query<BankStatementQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (id, query, lang) = (*id, query.into_inner(), lang.lang());
    let of = ("finance.statements.export", "bank_statements", "statements.xlsx");
    exported(&app, actor, of, move |tx, actor| statements::sheet(tx, actor, id, &query, lang)).await
}

/// The body, up to the largest file that is read.
async fn body(mut payload: web::Payload) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_cut_off| Refusal::field("file", "broken"))?;
        if bytes.len() + chunk.len() > diwan_bank::limits::FILE_MAX {
            return Err(Refusal::rule("too_large", [("limit", diwan_bank::limits::FILE_MAX.to_string())]));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The account of the actor's agency and what the file says of it, read beside the transactions.
async fn source(
    app: &Platform,
    actor: &diwan_platform::Actor,
    id: i64,
    query: StatementQuery,
    payload: web::Payload,
) -> Outcome<(account::BankAccountRow, import::Source, bytes::Bytes)> {
    let agency_id = actor.agency_id;
    let account = app.db.read(move |tx| account::load(tx, agency_id, id)).await?;
    let bytes = bytes::Bytes::from(body(payload).await?);
    let (of, file) = (account.clone(), bytes.clone());
    let source = app.db.blocking(move |_db| import::read_file(&file, &of, &query)).await?;
    Ok((account, source, bytes))
}

async fn preview(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    query: web::Query<StatementQuery>,
    app: App,
    payload: web::Payload,
) -> ApiResult<web::Json<StatementImport>> {
    let (account, source, _) = source(&app, &actor, *id, query.into_inner(), payload).await?;
    Ok(web::Json(app.db.read(move |tx| import::preview(tx, &account, &source)).await?))
}

async fn bring(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    query: web::Query<StatementQuery>,
    app: App,
    payload: web::Payload,
) -> ApiResult<HttpResponse> {
    let query = query.into_inner();
    let name = import::file_name(query.name.as_deref())?;
    let (account, source, bytes) = source(&app, &actor, *id, query, payload).await?;
    // What may not be imported leaves no file behind.
    let (source, account) =
        app.db.read(move |tx| import::preview(tx, &account, &source).map(|_| (source, account))).await?;
    let stored = app.blobs.save(bytes, &name).await.map_err(Refusal::from)?;
    let brought = write(&app, actor.0, "finance.statement.import", move |tx, actor| {
        import::import(tx, actor, account.id, &source, (&stored, &name))
    });
    Ok(created(brought.await?))
}

async fn show_desk(
    actor: Require<rights::FinanceRead>,
    id: Id,
    query: web::Query<DeskQuery>,
    app: App,
) -> ApiResult<web::Json<MatchDesk>> {
    let (id, query) = (*id, query.into_inner());
    Ok(web::Json(read(&app, actor.0, move |tx, actor| desk::desk(tx, actor, id, &query)).await?))
}

async fn accept(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    app: App,
    input: Input<AcceptMatches>,
) -> ApiResult<web::Json<Matched>> {
    let id = *id;
    let made = write(&app, actor.0, "finance.bank.accept", move |tx, actor| matching::accept(tx, actor, id, &input));
    Ok(web::Json(made.await?))
}

async fn match_lines(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    app: App,
    input: Input<ManualMatch>,
) -> ApiResult<web::Json<Matched>> {
    let id = *id;
    let made =
        write(&app, actor.0, "finance.bank.match", move |tx, actor| matching::match_by_hand(tx, actor, id, &input));
    Ok(web::Json(made.await?))
}

async fn undo(actor: Require<rights::FinanceReconcile>, id: Id, app: App) -> ApiResult<web::Json<Matched>> {
    let id = *id;
    let undone = write(&app, actor.0, "finance.bank.undo", move |tx, actor| matching::undo(tx, actor, id));
    Ok(web::Json(undone.await?))
}

async fn begin(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    app: App,
    input: Input<NewReconciliation>,
) -> ApiResult<HttpResponse> {
    let id = *id;
    let made = write(&app, actor.0, "finance.reconciliation.begin", move |tx, actor| {
        let id = reconcile::begin(tx, actor, id, &input)?;
        reconcile::view(tx, actor, id)
    });
    Ok(created(made.await?))
}

async fn show_statement(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<web::Json<BankStatement>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| statements::one(tx, actor, id)).await?))
}

async fn take_back(actor: Require<rights::FinanceReconcile>, id: Id, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "finance.statement.delete", move |tx, actor| statements::take_back(tx, actor, id)).await?;
    Ok(no_content())
}

async fn list_lines(
    actor: Require<rights::FinanceRead>,
    id: Id,
    query: web::Query<BankLineQuery>,
    app: App,
) -> ApiResult<web::Json<Page<BankLine>>> {
    let (id, query) = (*id, query.into_inner());
    Ok(web::Json(read(&app, actor.0, move |tx, actor| statements::lines_of(tx, actor, id, &query)).await?))
}

async fn export_lines(
    actor: Require<rights::Export>,
    id: Id,
    query: web::Query<BankLineQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let (id, query, lang) = (*id, query.into_inner(), lang.lang());
    let file = write(&app, actor.0, "finance.statement.export", move |tx, actor| {
        statements::export(tx, actor, id, &query, lang)
    });
    Ok(download(file.await?, sheet::MEDIA_TYPE, "statement.xlsx"))
}

async fn raw(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    let statement = read(&app, actor.0, move |tx, actor| statements::one(tx, actor, id)).await?;
    let bytes = app.blobs.bytes(&statement.hash).await.map_err(Refusal::from)?;
    Ok(download(bytes.to_vec(), "application/octet-stream", "statement"))
}

async fn list_reconciliations(
    actor: Require<rights::FinanceRead>,
    query: web::Query<ReconciliationQuery>,
    app: App,
) -> ApiResult<web::Json<Page<ReconciliationRow>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| reconcile::list(tx, actor, &query)).await?))
}

async fn export_reconciliations(
    actor: Require<rights::Export>,
    query: web::Query<ReconciliationQuery>,
    lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (query, lang) = (query.into_inner(), lang.lang());
    let of = ("finance.reconciliations.export", "reconciliations", "reconciliations.xlsx");
    exported(&app, actor, of, move |tx, actor| reconcile::export(tx, actor, &query, lang)).await
}

async fn show(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<Versioned<Reconciliation>> {
    let id = *id;
    let of = read(&app, actor.0, move |tx, actor| reconcile::view(tx, actor, id)).await?;
    Ok(Versioned(of.version, of))
}

async fn submit(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<Reconciliation>> {
    let id = *id;
    let of = write(&app, actor.0, "finance.reconciliation.submit", move |tx, actor| {
        reconcile::submit(tx, actor, id, version.0)?;
        reconcile::view(tx, actor, id)
    });
    Ok(web::Json(of.await?))
}

async fn give_back(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<Reconciliation>> {
    let id = *id;
    let of = write(&app, actor.0, "finance.reconciliation.return", move |tx, actor| {
        reconcile::give_back(tx, actor, id, version.0)?;
        reconcile::view(tx, actor, id)
    });
    Ok(web::Json(of.await?))
}

async fn approve(
    actor: Require<rights::FinanceReconcile>,
    id: Id,
    version: IfMatch,
    app: App,
) -> ApiResult<web::Json<Reconciliation>> {
    let (id, secrets) = (*id, app.secrets.clone());
    let of = write(&app, actor.0, "finance.reconciliation.approve", move |tx, actor| {
        reconcile::approve(tx, &secrets, actor, id, version.0)?;
        reconcile::view(tx, actor, id)
    });
    Ok(web::Json(of.await?))
}

async fn void(actor: Require<rights::FinanceReconcile>, id: Id, version: IfMatch, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    let given_up =
        write(&app, actor.0, "finance.reconciliation.void", move |tx, actor| reconcile::void(tx, actor, id, version.0));
    given_up.await?;
    Ok(no_content())
}

async fn print(
    actor: Require<rights::FinanceRead>,
    id: Id,
    lang: web::Query<InLang>,
    app: App,
    press: web::Data<Press>,
) -> ApiResult<HttpResponse> {
    let (id, lang, setting) = (*id, lang.lang(), press.clone());
    let document = read(&app, actor.0, move |tx, actor| {
        let of = reconcile::view(tx, actor, id)?;
        print::reconciliation(&setting, tx, (actor, lang), &of)
    });
    let document = document.await?;
    show_pdf(&app, &format!("reconciliation-{id}.pdf"), move || press.pdf(&document)).await
}

async fn export(actor: Require<rights::Export>, id: Id, lang: web::Query<InLang>, app: App) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let (id, lang) = (*id, lang.lang());
    let file = write(&app, actor.0, "finance.reconciliation.export", move |tx, actor| {
        let of = reconcile::view(tx, actor, id)?;
        audit::export_noted(tx, actor, json!({ "reconciliation": id }))?;
        reconcile::sheet(&of, lang)
    });
    Ok(download(file.await?, sheet::MEDIA_TYPE, "reconciliation.xlsx"))
}
