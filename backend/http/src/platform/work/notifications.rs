//! One's notifications.

use actix_web::{HttpResponse, Responder, web};
use diwan_kernel::{Page, PageRequest};
use diwan_platform::{
    Platform,
    work::{Live, live::LiveEvent, notifications},
};
use diwan_platform_api::work::{LiveKind, MarkRead, NotificationView, UnreadCount};
use serde::Deserialize;

use crate::{ApiResult, Input, Routes, SignedIn, no_content};

pub(super) fn routes(routes: &mut Routes) {
    let routes = routes.group("notifications");
    routes.get("/notifications", list, "One's notifications, the newest first").answers::<Page<NotificationView>>();
    routes.get("/notifications/count", count, "How many notifications are unread").answers::<UnreadCount>();
    routes.post("/notifications/read", read, "Mark notifications as read").takes::<MarkRead>();
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    unread: bool,
    #[serde(flatten)]
    page: PageRequest,
}

async fn list(actor: SignedIn, platform: web::Data<Platform>, wanted: web::Query<Wanted>) -> ApiResult<impl Responder> {
    let Wanted { unread, page } = wanted.into_inner();
    Ok(web::Json(platform.db.read(move |tx| notifications::list(tx, &actor, unread, &page)).await?))
}

async fn count(actor: SignedIn, platform: web::Data<Platform>) -> ApiResult<impl Responder> {
    Ok(web::Json(platform.db.read(move |tx| notifications::unread(tx, &actor)).await?))
}

async fn read(
    actor: SignedIn,
    platform: web::Data<Platform>,
    live: web::Data<Live>,
    which: Input<MarkRead>,
) -> ApiResult<HttpResponse> {
    notifications::mark_read(&platform, &actor, which.into_inner()).await?;
    // The other tabs' bells.
    live.tell(actor.user_id, &LiveEvent::bare(LiveKind::Work));
    Ok(no_content())
}
