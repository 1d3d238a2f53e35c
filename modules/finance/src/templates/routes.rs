//! The routes of templates.

use actix_web::{HttpResponse, web};
use diwan_finance_api::{
    DocumentStep, VoucherTemplate, VoucherTemplateDay, VoucherTemplateDraft, VoucherTemplateInput, VoucherTemplateQuery,
};
use diwan_http::{
    ApiResult, IdempotencyKey, IfMatch, InLang, Input, Require, Routes, SignedIn, Versioned, created, download, read,
    rights, write,
};
use diwan_kernel::{Page, PageRequest, Permission};
use diwan_platform::{Platform, audit::export_noted, records::state, sheet, work::once::once};

use super::{list, make, save};

type App = web::Data<Platform>;
type Id = web::Path<i64>;

/// Adds the routes.
pub(crate) fn routes(routes: &mut Routes) {
    let r = routes.group("finance");
    r.get("/finance/templates", templates, "The templates of documents: name, kind, which, page")
        .answers::<Page<VoucherTemplate>>();
    r.get("/finance/templates/export", export, "The templates as XLSX: the filters of the list, and ?lang=ar or en");
    r.post("/finance/templates", create, "Saves a document as a template")
        .takes::<VoucherTemplateInput>()
        .answers::<VoucherTemplate>();
    r.get("/finance/templates/{id}", get, "A template").answers::<VoucherTemplate>();
    r.put("/finance/templates/{id}", update, "Changes name, schedule or content of a template")
        .takes::<VoucherTemplateInput>()
        .answers::<VoucherTemplate>();
    r.post("/finance/templates/{id}/end", end, "Ends a template").answers::<VoucherTemplate>();
    r.post("/finance/templates/{id}/draft", draft, "Writes a draft from a template")
        .takes::<VoucherTemplateDay>()
        .answers::<DocumentStep>();
    r.post("/finance/templates/{id}/make", make_now, "Makes the drafts that are due, without waiting for the job")
        .answers::<VoucherTemplate>();
    r.get("/finance/templates/{id}/drafts", drafts, "The drafts that a template made by itself")
        .answers::<Page<VoucherTemplateDraft>>();
    r.get("/finance/templates/{id}/drafts/export", export_drafts, "The drafts of a template as XLSX; ?lang=ar or en");
}

async fn templates(
    actor: Require<rights::FinanceRead>,
    query: web::Query<VoucherTemplateQuery>,
    app: App,
) -> ApiResult<web::Json<Page<VoucherTemplate>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::run(tx, actor, &query)).await?))
}

async fn export(
    actor: Require<rights::Export>,
    query: web::Query<VoucherTemplateQuery>,
    in_lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let (query, lang) = (query.into_inner(), in_lang.lang());
    let file = read(&app, actor.0.clone(), move |tx, actor| list::export(tx, actor, &query, lang));
    let (file, rows) = file.await?;
    let detail = serde_json::json!({ "list": "voucher_templates", "rows": rows });
    write(&app, actor.0, "finance.template.export", move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, "templates.xlsx"))
}

async fn create(actor: SignedIn, input: Input<VoucherTemplateInput>, app: App) -> ApiResult<HttpResponse> {
    let made = write(&app, actor.0, "finance.template.create", move |tx, actor| save::create(tx, actor, &input));
    Ok(created(made.await?))
}

async fn get(actor: Require<rights::FinanceRead>, id: Id, app: App) -> ApiResult<Versioned<VoucherTemplate>> {
    let id = *id;
    let template = read(&app, actor.0, move |tx, actor| save::view(tx, actor, id)).await?;
    Ok(Versioned(template.version, template))
}

async fn update(
    actor: SignedIn,
    id: Id,
    version: IfMatch,
    input: Input<VoucherTemplateInput>,
    app: App,
) -> ApiResult<Versioned<VoucherTemplate>> {
    let at = (*id, version.0);
    let changed = write(&app, actor.0, "finance.template.update", move |tx, actor| save::change(tx, actor, at, &input));
    let template = changed.await?;
    Ok(Versioned(template.version, template))
}

async fn end(actor: SignedIn, id: Id, version: IfMatch, app: App) -> ApiResult<Versioned<VoucherTemplate>> {
    let at = (*id, version.0);
    let ended = write(&app, actor.0, "finance.template.end", move |tx, actor| save::end(tx, actor, at));
    let template = ended.await?;
    Ok(Versioned(template.version, template))
}

async fn draft(
    actor: SignedIn,
    id: Id,
    key: IdempotencyKey,
    input: Input<VoucherTemplateDay>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (id, on) = (*id, input.on);
    let made = write(&app, actor.0, "finance.template.draft", move |tx, actor| {
        let record =
            once(tx, key.0.as_deref(), "finance.template.draft", &(id, on), |tx| make::draft(tx, actor, id, on))?;
        state::step(tx, record)
    });
    Ok(created(made.await?))
}

async fn make_now(actor: SignedIn, id: Id, app: App) -> ApiResult<Versioned<VoucherTemplate>> {
    let id = *id;
    read(&app, actor.0.clone(), move |tx, actor| make::may_make(tx, actor, id)).await?;
    app.db.blocking(move |db| make::make_of(db, id)).await?;
    let template = read(&app, actor.0, move |tx, actor| save::view(tx, actor, id)).await?;
    Ok(Versioned(template.version, template))
}

async fn drafts(
    actor: Require<rights::FinanceRead>,
    id: Id,
    query: web::Query<PageRequest>,
    app: App,
) -> ApiResult<web::Json<Page<VoucherTemplateDraft>>> {
    let (id, query) = (*id, query.into_inner());
    Ok(web::Json(read(&app, actor.0, move |tx, actor| list::drafts(tx, actor, id, &query)).await?))
}

async fn export_drafts(
    actor: Require<rights::Export>,
    id: Id,
    in_lang: web::Query<InLang>,
    app: App,
) -> ApiResult<HttpResponse> {
    actor.require(Permission::FinanceRead)?;
    let (id, said) = (*id, (in_lang.lang(), app.db.config().utc_offset_minutes));
    let file = read(&app, actor.0.clone(), move |tx, actor| list::export_drafts(tx, actor, id, said));
    let (file, rows) = file.await?;
    let detail = serde_json::json!({ "list": "template_drafts", "template": id, "rows": rows });
    write(&app, actor.0, "finance.template.export", move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, &format!("template-{id}-drafts.xlsx")))
}
