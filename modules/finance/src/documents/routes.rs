//! The routes of documents.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{DocumentInput, DocumentItem, DocumentNote, DocumentQuery, DocumentStep, FinanceDocument};
use diwan_http::{
    ApiResult, IdempotencyKey, IfMatch, InLang, Input, Require, Routes, SignedIn, Versioned, created, download, read,
    rights, show_pdf, stepped, write,
};
use diwan_kernel::{Page, Permission};
use diwan_platform::{
    Platform,
    audit::export_noted,
    records::{
        state,
        views::{self, Seen},
    },
    sheet,
    work::once::once,
};
use diwan_platform_api::access::ViewWay;
use diwan_print::Press;

use super::{approvals, close, list, print, reverse, save, slices, store, submit, view};

type App = web::Data<Platform>;
type Id = web::Path<i64>;
type Stepped = ApiResult<Versioned<DocumentStep>>;

/// Adds the routes.
pub(crate) fn routes(routes: &mut Routes) {
    let r = routes.group("finance");
    r.get("/finance/documents", documents, "A list of documents: kind, view, filters, sort, page")
        .answers::<Page<DocumentItem>>();
    r.get("/finance/documents/export", export, "The list as XLSX: its filters and order, and ?lang=ar or en");
    r.post("/finance/documents", create, "Writes a draft").takes::<DocumentInput>().answers::<DocumentStep>();
    r.get("/finance/documents/{id}", get, "A document with everything its page shows").answers::<FinanceDocument>();
    r.put("/finance/documents/{id}", update, "Changes a draft").takes::<DocumentInput>().answers::<DocumentStep>();
    r.get("/finance/documents/{id}/pdf", pdf, "The document as PDF; ?lang=ar or en");
    r.post("/finance/documents/{id}/submit", send, "Sends a draft to be approved").answers::<DocumentStep>();
    r.post("/finance/documents/{id}/withdraw", withdraw, "Takes it back from approval").answers::<DocumentStep>();
    r.post("/finance/documents/{id}/certify", certify, "Certifies it")
        .takes::<DocumentNote>()
        .answers::<DocumentStep>();
    r.post("/finance/documents/{id}/authorise", authorise, "Authorises it: budget, books, number, seal")
        .takes::<DocumentNote>()
        .answers::<DocumentStep>();
    r.post("/finance/documents/{id}/return", send_back, "Returns it for correction")
        .takes::<DocumentNote>()
        .answers::<DocumentStep>();
    r.post("/finance/documents/{id}/void", void, "Voids a draft").takes::<DocumentNote>().answers::<DocumentStep>();
    r.post("/finance/documents/{id}/reverse", reversal, "Drafts the document that takes it back")
        .takes::<DocumentNote>()
        .answers::<DocumentStep>();
    r.post("/finance/documents/{id}/slice", slice, "Drafts the commitment of what has fallen due of the slices")
        .takes::<DocumentNote>()
        .answers::<DocumentStep>();
    r.post("/finance/documents/{id}/close", finish, "Closes a commitment: what is left is available again")
        .takes::<DocumentNote>()
        .answers::<DocumentStep>();
}

async fn documents(
    actor: Require<rights::FinanceRead>,
    query: web::Query<DocumentQuery>,
    app: App,
) -> ApiResult<web::Json<Page<DocumentItem>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::run(tx, actor, &query)).await?))
}

async fn export(
    actor: Require<rights::Export>,
    query: web::Query<DocumentQuery>,
    in_lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let (query, lang) = (query.into_inner(), in_lang.lang());
    let kind = query.kind;
    let file = read(&app, actor.0.clone(), move |tx, actor| list::export(tx, actor, &query, lang));
    let (file, rows) = file.await?;
    let detail = serde_json::json!({ "list": "finance_documents", "kind": kind, "rows": rows });
    write(&app, actor.0, "finance.document.export", move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, "documents.xlsx"))
}

async fn create(
    actor: SignedIn,
    key: IdempotencyKey,
    input: Input<DocumentInput>,
    app: App,
) -> ApiResult<HttpResponse> {
    let input = input.into_inner();
    let step = write(&app, actor.0, "finance.document.create", move |tx, actor| {
        let id = once(tx, key.0.as_deref(), "finance.document.create", &input, |tx| save::create(tx, actor, &input))?;
        state::step(tx, id)
    });
    Ok(created(step.await?))
}

async fn get(actor: SignedIn, id: Id, app: App) -> ApiResult<Versioned<FinanceDocument>> {
    let id = *id;
    let document = read(&app, actor.0.clone(), move |tx, actor| view::run(tx, actor, id)).await?;
    views::note(&app, &actor, (&document.head).into(), ViewWay::Open, "").await?;
    Ok(Versioned(document.head.version, document))
}

async fn update(actor: SignedIn, id: Id, version: IfMatch, input: Input<DocumentInput>, app: App) -> Stepped {
    let (id, input) = (*id, input.into_inner());
    stepped(&app, actor.0, "finance.document.update", id, move |tx, actor| {
        save::update(tx, actor, id, version.0, &input)
    })
    .await
}

async fn pdf(
    actor: SignedIn,
    id: Id,
    in_lang: web::Query<InLang>,
    app: App,
    press: web::Data<Press>,
) -> ApiResult<HttpResponse> {
    let (id, lang) = (*id, in_lang.lang());
    let setting = press.clone();
    let loading = read(&app, actor.0.clone(), move |tx, actor| {
        let (record, _) = store::load_visible(tx, actor, id)?;
        let document = view::run(tx, actor, id)?;
        Ok((record, print::document(tx, &setting, &document, lang)?))
    });
    let (record, document) = loading.await?;
    let shown = show_pdf(&app, &format!("document-{id}.pdf"), move || press.pdf(&document)).await?;
    views::note(&app, &actor, Seen::try_from(&record)?, ViewWay::Print, "").await?;
    Ok(shown)
}

async fn send(actor: SignedIn, id: Id, version: IfMatch, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "finance.document.submit", id, move |tx, actor| submit::run(tx, actor, id, version.0)).await
}

async fn withdraw(actor: SignedIn, id: Id, version: IfMatch, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "finance.document.withdraw", id, move |tx, actor| submit::withdraw(tx, actor, id, version.0))
        .await
}

async fn certify(actor: SignedIn, id: Id, version: IfMatch, input: Input<DocumentNote>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "finance.document.certify", id, move |tx, actor| {
        approvals::certify(tx, actor, id, version.0, &input)
    })
    .await
}

async fn authorise(actor: SignedIn, id: Id, version: IfMatch, input: Input<DocumentNote>, app: App) -> Stepped {
    let (id, secrets) = (*id, app.secrets.clone());
    stepped(&app, actor.0, "finance.document.authorise", id, move |tx, actor| {
        approvals::authorise(tx, actor, &secrets, (id, version.0), &input)
    })
    .await
}

async fn send_back(actor: SignedIn, id: Id, version: IfMatch, input: Input<DocumentNote>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "finance.document.return", id, move |tx, actor| {
        approvals::send_back(tx, actor, id, version.0, &input)
    })
    .await
}

async fn void(actor: SignedIn, id: Id, version: IfMatch, input: Input<DocumentNote>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "finance.document.void", id, move |tx, actor| {
        approvals::void(tx, actor, id, version.0, &input)
    })
    .await
}

async fn reversal(
    actor: SignedIn,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    input: Input<DocumentNote>,
    app: App,
) -> ApiResult<HttpResponse> {
    let asked = (*id, version.0, input.into_inner());
    let made = write(&app, actor.0, "finance.document.reverse", move |tx, actor| {
        let (id, version, note) = &asked;
        let reversal = once(tx, key.0.as_deref(), "finance.document.reverse", &asked, |tx| {
            reverse::start(tx, actor, *id, *version, note)
        })?;
        state::step(tx, reversal)
    });
    Ok(created(made.await?))
}

async fn slice(
    actor: SignedIn,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    input: Input<DocumentNote>,
    app: App,
) -> ApiResult<HttpResponse> {
    let asked = (*id, version.0, input.into_inner());
    let made = write(&app, actor.0, "finance.document.slice", move |tx, actor| {
        let (id, version, note) = &asked;
        let slice = once(tx, key.0.as_deref(), "finance.document.slice", &asked, |tx| {
            slices::start(tx, actor, *id, *version, note)
        })?;
        state::step(tx, slice)
    });
    Ok(created(made.await?))
}

async fn finish(actor: SignedIn, id: Id, version: IfMatch, input: Input<DocumentNote>, app: App) -> Stepped {
    let id = *id;
    stepped(&app, actor.0, "finance.document.close", id, move |tx, actor| close::run(tx, actor, id, version.0, &input))
        .await
}
