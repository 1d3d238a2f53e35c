//! The routes of the record spine: my work, notes, links, timeline, approval routes, holidays, verification.

mod access;

use actix_web::{HttpResponse, web};
use diwan_kernel::Page;
use diwan_platform::{
    Platform,
    records::{deadlines, finish, links, load_visible, notes, route_data, seals, timeline, work},
};
use diwan_platform_api::records::{
    ApprovalRoute, FinishTask, Holiday, Link, NewLink, NewNote, Note, SealView, TimelineEntry, WorkCounts, WorkItem,
    WorkQuery,
};

use crate::{ApiResult, Input, Public, Require, Routes, SignedIn, no_content, read, rights, write};

type Json<T> = web::Json<T>;
type Id = web::Path<i64>;
type App = web::Data<Platform>;

/// Adds the routes.
pub fn routes(routes: &mut Routes) {
    let r = routes.group("records");
    r.get("/work", my_work, "My work: open tasks over all modules; view, kind, q, sort, page")
        .answers::<Page<WorkItem>>();
    r.get("/work/counts", counts, "What the navigation and the dashboard count").answers::<WorkCounts>();
    r.post("/tasks/{id}/finish", finish_task, "Ends a referral").takes::<FinishTask>();
    r.get("/records/{id}/notes", list_notes, "Directions and comments").answers::<Vec<Note>>();
    r.post("/records/{id}/notes", add_note, "Writes a direction or comment").takes::<NewNote>();
    r.get("/records/{id}/links", list_links, "Links to other records").answers::<Vec<Link>>();
    r.post("/records/{id}/links", add_link, "Links two records").takes::<NewLink>();
    r.delete("/records/{id}/links/{link}", remove_link, "Takes a link away that goes out from a record");
    r.get("/records/{id}/timeline", list_timeline, "What happened, newest first").answers::<Vec<TimelineEntry>>();
    r.get("/approval-routes", list_routes, "Approval routes of one's agency").answers::<Vec<ApprovalRoute>>();
    r.put("/approval-routes", put_route, "Adds or changes an approval route").takes::<ApprovalRoute>();
    r.get("/holidays", list_holidays, "Public holidays and those of one's agency").answers::<Vec<Holiday>>();
    r.post("/holidays", add_holiday, "Adds a holiday of one's agency").takes::<Holiday>();
    r.delete("/holidays/{id}", remove_holiday, "Takes a holiday of one's agency away");
    r.get("/verify/{code}", verify, "What a seal's code proves").answers::<SealView>();
    access::routes(routes);
}

async fn my_work(actor: SignedIn, query: web::Query<WorkQuery>, app: App) -> ApiResult<Json<Page<WorkItem>>> {
    let query = query.into_inner();
    Ok(web::Json(read(&app, actor.0, move |tx, actor| work::list(tx, actor, &query)).await?))
}

async fn counts(actor: SignedIn, app: App) -> ApiResult<Json<WorkCounts>> {
    Ok(web::Json(read(&app, actor.0, work::counts).await?))
}

async fn finish_task(actor: SignedIn, id: Id, input: Input<FinishTask>, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "platform.task.finish", move |tx, actor| finish::run(tx, actor, id, &input)).await?;
    Ok(no_content())
}

async fn list_notes(actor: SignedIn, id: Id, app: App) -> ApiResult<Json<Vec<Note>>> {
    let id = *id;
    let notes = read(&app, actor.0, move |tx, actor| {
        load_visible(tx, actor, id)?;
        notes::list(tx, id)
    });
    Ok(web::Json(notes.await?))
}

async fn add_note(actor: SignedIn, id: Id, input: Input<NewNote>, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "platform.note.add", move |tx, actor| notes::add(tx, actor, id, &input)).await?;
    Ok(no_content())
}

async fn list_links(actor: SignedIn, id: Id, app: App) -> ApiResult<Json<Vec<Link>>> {
    let id = *id;
    let links = read(&app, actor.0, move |tx, actor| {
        load_visible(tx, actor, id)?;
        links::list(tx, actor, id)
    });
    Ok(web::Json(links.await?))
}

async fn add_link(actor: SignedIn, id: Id, input: Input<NewLink>, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "platform.link.add", move |tx, actor| links::add(tx, actor, id, &input)).await?;
    Ok(no_content())
}

async fn remove_link(actor: SignedIn, ids: web::Path<(i64, i64)>, app: App) -> ApiResult<HttpResponse> {
    let (id, link) = *ids;
    write(&app, actor.0, "platform.link.remove", move |tx, actor| links::remove(tx, actor, id, link)).await?;
    Ok(no_content())
}

async fn list_timeline(actor: SignedIn, id: Id, app: App) -> ApiResult<Json<Vec<TimelineEntry>>> {
    let id = *id;
    Ok(web::Json(read(&app, actor.0, move |tx, actor| timeline::list(tx, actor, id)).await?))
}

async fn list_routes(actor: SignedIn, app: App) -> ApiResult<Json<Vec<ApprovalRoute>>> {
    Ok(web::Json(read(&app, actor.0, route_data::list).await?))
}

async fn put_route(
    actor: Require<rights::RoutesManage>,
    input: Input<ApprovalRoute>,
    app: App,
) -> ApiResult<HttpResponse> {
    write(&app, actor.0, "platform.approval_route.put", move |tx, actor| route_data::put(tx, actor, &input)).await?;
    Ok(no_content())
}

async fn list_holidays(actor: SignedIn, app: App) -> ApiResult<Json<Vec<Holiday>>> {
    Ok(web::Json(read(&app, actor.0, deadlines::list).await?))
}

async fn add_holiday(
    actor: Require<rights::SettingsManage>,
    input: Input<Holiday>,
    app: App,
) -> ApiResult<HttpResponse> {
    write(&app, actor.0, "platform.holiday.add", move |tx, actor| deadlines::add(tx, actor, &input)).await?;
    Ok(no_content())
}

async fn remove_holiday(actor: Require<rights::SettingsManage>, id: Id, app: App) -> ApiResult<HttpResponse> {
    let id = *id;
    write(&app, actor.0, "platform.holiday.remove", move |tx, actor| deadlines::remove(tx, actor, id)).await?;
    Ok(no_content())
}

async fn verify(_: Public, code: web::Path<String>, app: App) -> ApiResult<Json<SealView>> {
    let code = code.into_inner();
    Ok(web::Json(app.db.read(move |tx| seals::verify(tx, &code)).await?))
}
