//! The routes of search. Anybody signed in may search: what they find is decided record by record.

use actix_web::{HttpResponse, web};
use diwan_archive_api::{
    FindAnswer, FindQuery, IndexStatus, NewSavedSearch, SavedSearch, SearchAnswer, SearchQuery, SuggestQuery,
    Suggestions,
};
use diwan_db::{DbError, WriteTx};
use diwan_http::{ApiResult, InLang, Input, Require, Routes, SignedIn, download, no_content, rights, write};
use diwan_platform::{Outcome, Platform, audit::export_noted, sheet};

use super::{SearchService, export, find, follow::count, saved, within};

pub(crate) fn routes(routes: &mut Routes) {
    let group = routes.group("search");
    group.get("/search", search, "Searches everything in one's scope").answers::<SearchAnswer>();
    group.get("/search/suggest", suggest, "Completes what is typed (Ctrl+K)").answers::<Suggestions>();
    group.get("/search/export", export, "What a search finds as XLSX, up to 5,000 rows; ?lang=ar or en");
    group.get("/records/{id}/find", find_within, "All passages of one record").answers::<FindAnswer>();
    group.get("/saved-searches", saved_list, "The searches one keeps").answers::<Vec<SavedSearch>>();
    group.post("/saved-searches", save, "Keeps a search").takes::<NewSavedSearch>().answers::<SavedSearch>();
    group
        .put("/saved-searches/{id}", save_again, "Changes a search one keeps")
        .takes::<NewSavedSearch>()
        .answers::<SavedSearch>();
    group.delete("/saved-searches/{id}", forget, "Forgets a search one keeps");
    group.get("/index/status", status, "The state of this node's index").answers::<IndexStatus>();
    group.post("/index/rebuild", rebuild, "Builds this node's index anew while the old one serves");
    group.post(
        "/index/sweep",
        sweep,
        "Compares every record with its entry in this node's index, and mends what differs",
    );
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
    let status = blocking(move || {
        let records = count(&platform.db)?;
        Ok(service.status(records, service.behind(&platform.db)?))
    });
    Ok(web::Json(status.await?))
}

async fn sweep(_: Require<rights::JobsManage>, service: web::Data<SearchService>) -> ApiResult<HttpResponse> {
    service.want_sweep();
    Ok(no_content())
}

async fn export(
    actor: Require<rights::Export>,
    query: web::Query<SearchQuery>,
    in_lang: web::Query<InLang>,
    platform: web::Data<Platform>,
    service: web::Data<SearchService>,
) -> ApiResult<HttpResponse> {
    let (asker, asked, db) = (actor.0.clone(), query.into_inner(), platform.db.clone());
    let (lang, said) = (in_lang.lang(), asked.clone());
    let (file, rows) = blocking(move || export::run(&service, &db, &asker, &asked, lang)).await?;
    let detail = serde_json::json!({ "list": "search", "q": said.q, "rows": rows });
    write(&platform, actor.0, "archive.search.export", move |tx, actor| export_noted(tx, actor, detail)).await?;
    Ok(download(file, sheet::MEDIA_TYPE, "search.xlsx"))
}

async fn find_within(
    actor: SignedIn,
    id: web::Path<i64>,
    query: web::Query<FindQuery>,
    platform: web::Data<Platform>,
    service: web::Data<SearchService>,
) -> ApiResult<web::Json<FindAnswer>> {
    let id = id.into_inner();
    Ok(web::Json(blocking(move || within::run(&service, &platform.db, &actor, id, &query.q)).await?))
}

async fn saved_list(actor: SignedIn, platform: web::Data<Platform>) -> ApiResult<web::Json<Vec<SavedSearch>>> {
    Ok(web::Json(platform.db.read(move |tx| saved::list(tx, &actor)).await?))
}

async fn save(
    actor: SignedIn,
    input: Input<NewSavedSearch>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<SavedSearch>> {
    let saved = own(&platform, "archive.search.save", move |tx| saved::create(tx, &actor, &input.into_inner()));
    Ok(web::Json(saved.await?))
}

async fn save_again(
    actor: SignedIn,
    id: web::Path<i64>,
    input: Input<NewSavedSearch>,
    platform: web::Data<Platform>,
) -> ApiResult<web::Json<SavedSearch>> {
    let id = id.into_inner();
    let saved = own(&platform, "archive.search.save", move |tx| saved::update(tx, &actor, id, &input.into_inner()));
    Ok(web::Json(saved.await?))
}

async fn forget(actor: SignedIn, id: web::Path<i64>, platform: web::Data<Platform>) -> ApiResult<HttpResponse> {
    let id = id.into_inner();
    own(&platform, "archive.search.forget", move |tx| saved::delete(tx, &actor, id)).await?;
    Ok(no_content())
}

/// Writes what is one's own and no official act.
async fn own<T: Send + 'static>(
    platform: &Platform,
    op: &'static str,
    work: impl FnOnce(&mut WriteTx<'_>) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let db = platform.db.clone();
    blocking(move || db.upkeep(op, work)).await
}

async fn rebuild(_: Require<rights::JobsManage>, service: web::Data<SearchService>) -> ApiResult<HttpResponse> {
    service.want_rebuild();
    Ok(no_content())
}

/// Searching takes the processor: it is not done on a thread that serves requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_lost| Err(DbError::Thread.into()))
}
