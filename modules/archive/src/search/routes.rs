//! The routes of search. Anybody signed in may search: what they find is decided record by record.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{IndexStatus, SearchAnswer, SearchQuery, SuggestQuery, Suggestions};
use diwan_db::DbError;
use diwan_http::{ApiResult, Require, Routes, SignedIn, no_content, rights};
use diwan_platform::{Outcome, Platform};

use super::{SearchService, find, follow::count};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("search");
    group.get("/search", search, "Searches everything in one's scope").answers::<SearchAnswer>();
    group.get("/search/suggest", suggest, "Completes what is typed (Ctrl+K)").answers::<Suggestions>();
    group.get("/index/status", status, "The state of this node's index").answers::<IndexStatus>();
    group.post("/index/rebuild", rebuild, "Builds this node's index anew while the old one serves");
}

async fn search(
    actor: SignedIn,
    query: web::Query<SearchQuery>,
    platform: web::Data<Platform>,
    service: web::Data<SearchService>,
) -> ApiResult<web::Json<SearchAnswer>> {
    Ok(web::Json(blocking(move || find::run(&service, &platform.db, &actor, &query)).await?))
}

async fn suggest(
    actor: SignedIn,
    query: web::Query<SuggestQuery>,
    platform: web::Data<Platform>,
    service: web::Data<SearchService>,
) -> ApiResult<web::Json<Suggestions>> {
    Ok(web::Json(blocking(move || find::suggest(&service, &platform.db, &actor, &query.q)).await?))
}

async fn status(
    _: Require<rights::JobsManage>,
    platform: web::Data<Platform>,
    service: web::Data<SearchService>,
) -> ApiResult<web::Json<IndexStatus>> {
    let records = blocking(move || Ok(count(&platform.db)?)).await?;
    Ok(web::Json(service.status(records)))
}

async fn rebuild(_: Require<rights::JobsManage>, service: web::Data<SearchService>) -> ApiResult<HttpResponse> {
    service.want_rebuild();
    Ok(no_content())
}

/// Searching takes the processor: it is not done on a thread that serves requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_lost| Err(DbError::Thread.into()))
}
