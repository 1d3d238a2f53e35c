//! Import of agencies, units and users. The body of a request is the file itself.

use actix_web::{HttpResponse, http::header, web};
use diwan_platform::{
    Platform, Refusal,
    people::import::{self, Import},
    sheet,
};
use diwan_platform_api::people::{ImportKind, ImportQuery, ImportReport};
use futures_util::StreamExt;

use crate::{ApiResult, InLang, Routes, SignedIn, download};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Import");
    routes.get("/import/{kind}/template", template, "An empty XLSX file with the headings; ?lang=ar or en");
    routes
        .post("/import/{kind}/preview", preview, "What a file (XLSX or CSV) would bring, row by row; nothing stays")
        .answers::<ImportReport>();
    routes
        .post("/import/{kind}/commit", commit, "Import the file that was looked at (?hash=), whole or not at all")
        .answers::<ImportReport>();
}

async fn template(actor: SignedIn, kind: web::Path<ImportKind>, query: web::Query<InLang>) -> ApiResult<HttpResponse> {
    let kind = kind.into_inner();
    actor.require(import::right(kind))?;
    let file = import::template(kind, query.lang())?;
    Ok(download(file, sheet::MEDIA_TYPE, &format!("{}.xlsx", kind.code())))
}

async fn preview(
    actor: SignedIn,
    kind: web::Path<ImportKind>,
    query: web::Query<ImportQuery>,
    platform: web::Data<Platform>,
    body: web::Payload,
) -> ApiResult<web::Json<ImportReport>> {
    let import = receive(&actor, kind.into_inner(), &query, body).await?;
    Ok(web::Json(import::preview(&platform, actor.0, import).await?))
}

async fn commit(
    actor: SignedIn,
    kind: web::Path<ImportKind>,
    query: web::Query<ImportQuery>,
    platform: web::Data<Platform>,
    body: web::Payload,
) -> ApiResult<HttpResponse> {
    let hash = query.hash.clone().ok_or_else(|| Refusal::field("hash", "required"))?;
    let import = receive(&actor, kind.into_inner(), &query, body).await?;
    let report = import::commit(&platform, actor.0, import, hash).await?;
    // The answer holds first passwords: it is not kept anywhere.
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(report))
}

/// Takes the file in, within its bound, for those who may import.
async fn receive(actor: &SignedIn, kind: ImportKind, query: &ImportQuery, mut body: web::Payload) -> ApiResult<Import> {
    actor.require(import::right(kind))?;
    let mut file = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_cut_off| Refusal::field("file", "broken"))?;
        if file.len() + chunk.len() > sheet::MAX_BYTES {
            return Err(Refusal::rule("too_large", [("limit", sheet::MAX_BYTES.to_string())]).into());
        }
        file.extend_from_slice(&chunk);
    }
    Ok(Import { kind, agency_id: query.agency_id, file })
}
