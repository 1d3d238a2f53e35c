//! Agencies.

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform, people,
    people::agencies::{create, get, list, update},
    sheet,
};
use diwan_platform_api::people::{Agency, AgencyInput, ListRequest};

use super::noted::export_noted;
use crate::{
    ApiResult, IfMatch, InLang, Input, Require, Routes, Versioned, created, download, read, rights::AgenciesManage,
    write,
};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("Organisation");
    routes.get("/agencies", list_agencies, "The list of agencies").answers::<Page<Agency>>();
    routes.get("/agencies/export", export, "The agencies as XLSX: the list's filters and sort, and ?lang=ar or en");
    routes.post("/agencies", create_agency, "Make an agency").takes::<AgencyInput>().answers::<Agency>();
    routes.get("/agencies/{id}", get_agency, "One agency").answers::<Agency>();
    routes
        .put("/agencies/{id}", update_agency, "Change an agency, or make it inactive")
        .takes::<AgencyInput>()
        .answers::<Agency>();
}

async fn list_agencies(
    actor: Require<AgenciesManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
) -> ApiResult<web::Json<Page<Agency>>> {
    Ok(web::Json(read(&platform, actor.0, move |tx, actor| list::run(tx, actor, &request)).await?))
}

async fn export(
    actor: Require<AgenciesManage>,
    platform: web::Data<Platform>,
    request: web::Query<ListRequest>,
    query: web::Query<InLang>,
) -> ApiResult<HttpResponse> {
    let lang = query.lang();
    let file = read(&platform, actor.0.clone(), move |tx, actor| people::export::agencies(tx, actor, &request, lang));
    let (file, rows) = file.await?;
    export_noted(&platform, actor.0, "platform.agency.export", rows).await?;
    Ok(download(file, sheet::MEDIA_TYPE, "agencies.xlsx"))
}

async fn create_agency(
    actor: Require<AgenciesManage>,
    platform: web::Data<Platform>,
    input: Input<AgencyInput>,
) -> ApiResult<HttpResponse> {
    let made = write(&platform, actor.0, "platform.agency.create", move |tx, actor| create::run(tx, actor, &input));
    Ok(created(made.await?))
}

async fn get_agency(
    actor: Require<AgenciesManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
) -> ApiResult<Versioned<Agency>> {
    let found = read(&platform, actor.0, move |tx, actor| get::run(tx, actor, *id)).await?;
    Ok(Versioned(found.version, found))
}

async fn update_agency(
    actor: Require<AgenciesManage>,
    platform: web::Data<Platform>,
    id: web::Path<i64>,
    version: IfMatch,
    input: Input<AgencyInput>,
) -> ApiResult<Versioned<Agency>> {
    let run = move |tx: &mut diwan_db::WriteTx<'_>, actor: &diwan_platform::Actor| {
        update::run(tx, actor, *id, version.0, &input)
    };
    let changed = write(&platform, actor.0, "platform.agency.update", run).await?;
    Ok(Versioned(changed.version, changed))
}
