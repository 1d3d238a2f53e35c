//! The routes of imports.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use diwan_archive_api::{Import, ImportFile, ImportFileQuery, ImportTable, NewImport};
use diwan_db::Audit;
use diwan_http::{ApiResult, InLang, Input, Require, Routes, created, download, platform::receive, rights};
use diwan_kernel::{FieldError, Page, PageRequest};
use diwan_platform::{Actor, Outcome, Platform, Refusal, audit, sheet};
use futures_util::StreamExt;

use super::{
    change, files, report,
    store::{self, tidy_path},
    table,
};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("archive");
    group.get("/archive/imports", list, "The imports that one may see, page by page").answers::<Page<Import>>();
    group
        .post("/archive/imports", create, "Makes an import, which then takes files")
        .takes::<NewImport>()
        .answers::<Import>();
    group.get("/archive/imports/{id}", show, "How far an import is").answers::<Import>();
    group
        .post("/archive/imports/{id}/files", upload, "Brings files (multipart, fields `files`, named by their paths)")
        .answers::<Import>();
    group
        .put(
            "/archive/imports/{id}/table",
            tell,
            "Brings the table of what is said of the files (CSV or XLSX, the body)",
        )
        .answers::<ImportTable>();
    group
        .post("/archive/imports/{id}/start", start, "Lets the import run, or go on; what failed is tried again")
        .answers::<Import>();
    group.post("/archive/imports/{id}/pause", pause, "Stops the import; what is filed stays").answers::<Import>();
    group
        .get("/archive/imports/{id}/files", found, "What became of each file, page by page")
        .answers::<Page<ImportFile>>();
    group.get("/archive/imports/{id}/report", take, "What became of each file, as XLSX (`lang`)");
}

async fn list(
    actor: Require<rights::ArchiveFile>,
    asked: web::Query<PageRequest>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Page<Import>>> {
    Ok(web::Json(platform.db.read(move |tx| store::list(tx, &actor, &asked)).await?))
}

async fn create(
    actor: Require<rights::ArchiveFile>,
    platform: web::Data<Platform>,
    new: Input<NewImport>,
) -> ApiResult<HttpResponse> {
    let made = platform.db.write(actor.who(), "archive.import.create", move |tx| {
        let row = change::create(tx, &actor, &new)?;
        store::view(tx, row)
    });
    Ok(created(made.await?))
}

async fn show(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Import>> {
    Ok(web::Json(view(&platform, actor.0, *id).await?))
}

async fn view(platform: &Platform, actor: Actor, id: i64) -> Outcome<Import> {
    let read = platform.db.read(move |tx| {
        let row = store::load(tx, &actor, id)?;
        store::view(tx, row)
    });
    read.await
}

async fn upload(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    body: Multipart,
) -> ApiResult<web::Json<Import>> {
    let (asking, id) = (actor.0.clone(), *id);
    // Nobody fills the disk with files for an import that takes none.
    platform.db.read(move |tx| change::takes_files(&store::load(tx, &asking, id)?)).await?;
    let uploads = receive(&platform, body).await?.some_files()?;
    let by = actor.0.clone();
    platform
        .db
        .write(actor.who(), "archive.import.add", move |tx| {
            let row = store::load(tx, &by, id)?;
            change::takes_files(&row)?;
            for (place, file) in uploads.iter().enumerate() {
                let path = tidy_path(&file.name);
                if path.is_empty() {
                    return Err(FieldError::new(format!("files.{place}"), "required").into());
                }
                files::uploaded(tx, id, &path, &file.stored)?;
            }
            let detail = serde_json::json!({ "files": uploads.len() });
            Ok::<_, Refusal>(tx.audit(Audit::of("import", id).agency(row.agency_id).detail(detail))?)
        })
        .await?;
    Ok(web::Json(view(&platform, actor.0, id).await?))
}

async fn tell(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
    mut body: web::Payload,
) -> ApiResult<web::Json<ImportTable>> {
    let (asking, id) = (actor.0.clone(), *id);
    platform.db.read(move |tx| change::takes_files(&store::load(tx, &asking, id)?)).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_cut_off| Refusal::field("file", "broken"))?;
        if bytes.len() + chunk.len() > sheet::MAX_BYTES {
            return Err(Refusal::rule("too_large", [("limit", sheet::MAX_BYTES.to_string())]).into());
        }
        bytes.extend_from_slice(&chunk);
    }
    let rows = match table::read(&bytes)? {
        Ok(rows) => rows,
        Err(wrong) => return Ok(web::Json(wrong)),
    };
    let told = ImportTable { rows: u32::try_from(rows.len()).unwrap_or(u32::MAX), faults: Vec::new() };
    platform
        .db
        .write(actor.who(), "archive.import.tell", move |tx| {
            let row = store::load(tx, &actor, id)?;
            change::takes_files(&row)?;
            files::told(tx, id, &rows)?;
            let detail = serde_json::json!({ "rows": rows.len() });
            Ok::<_, Refusal>(tx.audit(Audit::of("import", id).agency(row.agency_id).detail(detail))?)
        })
        .await?;
    Ok(web::Json(told))
}

async fn start(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Import>> {
    let started = platform.db.write(actor.who(), "archive.import.start", move |tx| {
        let row = change::start(tx, &actor, *id)?;
        store::view(tx, row)
    });
    Ok(web::Json(started.await?))
}

async fn pause(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Import>> {
    let paused = platform.db.write(actor.who(), "archive.import.pause", move |tx| {
        let row = change::pause(tx, &actor, *id)?;
        store::view(tx, row)
    });
    Ok(web::Json(paused.await?))
}

async fn found(
    actor: Require<rights::ArchiveFile>,
    id: web::Path<i64>,
    asked: web::Query<ImportFileQuery>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<Page<ImportFile>>> {
    let page = platform.db.read(move |tx| {
        let import = store::load(tx, &actor, *id)?;
        store::files(tx, &actor, import.id, &asked)
    });
    Ok(web::Json(page.await?))
}

async fn take(
    actor: Require<rights::Export>,
    id: web::Path<i64>,
    asked: web::Query<ImportFileQuery>,
    lang: web::Query<InLang>,
    platform: web::Data<Platform>,
) -> ApiResult<HttpResponse> {
    let (by, id, lang) = (actor.0.clone(), *id, lang.lang());
    by.require(diwan_kernel::Permission::ArchiveFile)?;
    let (file, rows) = platform.db.read(move |tx| report::sheet(tx, &by, id, &asked, lang)).await?;
    let noted = platform.db.write(actor.who(), "archive.import.export", move |tx| {
        audit::export_noted(tx, &actor, serde_json::json!({ "rows": rows, "import": id }))
    });
    noted.await?;
    Ok(download(file, sheet::MEDIA_TYPE, "import.xlsx"))
}
